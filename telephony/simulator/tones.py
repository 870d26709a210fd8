"""The tones of a telephone: keys, the beep of a conference, the sound of waiting. PURE, mu-law at 8 kHz.

Source of the keys' frequencies: ITU-T Q.23, a low and a high one for the key's row and column. A key sounds for 100 ms
at -13 dBFS a frequency, as long and about as loud as telephones send it (ITU-T Q.24 asks for 40 ms at least).
"""

from functools import cache

import numpy as np

from telephony.simulator import mulaw

_RATE = 8000
_ROWS = (697, 770, 852, 941)
_COLUMNS = (1209, 1336, 1477)
_KEYS = ("123", "456", "789", "*0#")

KEY_SECONDS = 0.1
_HOLD_EVERY = 2.0
_HOLD_SECONDS = 0.4


@cache
def of_key(key: str) -> bytes:
    """The sound of one key, 0-9 * #. Raises ValueError for any other."""
    for row, keys in zip(_ROWS, _KEYS, strict=True):
        if len(key) == 1 and key in keys:
            return _sounding((row, _COLUMNS[keys.index(key)]), KEY_SECONDS, -13)
    raise ValueError("not a key of a telephone")


@cache
def beep() -> bytes:
    """What a conference hears when somebody comes or goes: 0.2 s of 850 Hz."""
    return _sounding((850,), 0.2, -20)


def hold(offset: float) -> bytes:
    """The 20 ms heard `offset` seconds into waiting alone: 0.4 s of 500 Hz every two seconds, else silence."""
    place = round(offset % _HOLD_EVERY * _RATE)
    return _hold()[place : place + 160].ljust(160, b"\xff")


@cache
def _hold() -> bytes:
    return _sounding((500,), _HOLD_SECONDS, -26)


def _sounding(hertz: tuple[int, ...], seconds: float, dbfs: float) -> bytes:
    """`dbfs` is the level of each frequency's peak against full scale."""
    times = np.arange(round(_RATE * seconds)) / _RATE
    level = 32767 * 10 ** (dbfs / 20)
    samples = sum((level * np.sin(2 * np.pi * one * times) for one in hertz), np.zeros(times.size))
    return mulaw.encode(samples.astype(np.int16))
