"""What a loud phone makes of a call: what it plays comes back, softer and later, through its own microphone.

PURE: frames are 160 bytes of mu-law, times are seconds on the caller's clock. The room is the same for every phone: the
way straight from the loudspeaker, three reflections, and a tail that is 60 dB down after 0.2 s.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from telephony.simulator import mulaw

_RATE = 8000
_TAPS = 960
"""120 ms, after which the tail is 36 dB down."""

_REFLECTIONS = {29: 0.2, 71: -0.15, 133: 0.1}
"""Amplitude against the straight way, by samples of delay: the table, a wall, the ceiling."""

_TAIL = 0.02
_REVERBERATION = 0.2
_KEPT = 2 * _RATE
"""Samples of echo that may be on their way: more than the longest delay and the room."""

_SNAP = 160
"""A frame that begins this near to the end of the one before continues it; jitter of the clock tears no sound."""


@dataclass(frozen=True, slots=True)
class Speakerphone:
    """How loud it is and how late: the echo's energy against what is heard, and all of its way, the network's too."""

    level_db: float
    delay_ms: float


def room(level_db: float) -> NDArray[np.float64]:
    """The echo of one click, with `level_db` of its energy."""
    time = np.arange(_TAPS) / _RATE
    response = np.random.default_rng(20).normal(size=_TAPS) * _TAIL * 10 ** (-3 * time / _REVERBERATION)
    response[0] = 1.0
    for place, amplitude in _REFLECTIONS.items():
        response[place] += amplitude
    scaled: NDArray[np.float64] = response * 10 ** (level_db / 20) / np.sqrt(np.sum(response**2))
    return scaled


class Loudspeaker:
    """One phone's loudspeaker and microphone, and the room between."""

    def __init__(self, setting: Speakerphone) -> None:
        self._room = room(setting.level_db)
        self._delay = round(setting.delay_ms * _RATE / 1000)
        self._echo = np.zeros(_KEPT)
        """What will come back, from sample `_taken` on."""
        self._taken = 0
        self._played: int | None = None
        """The sample after the last one played."""

    def play(self, frame: bytes, now: float) -> None:
        """Sound that the party hears, beginning at `now`."""
        at = _snapped(round(now * _RATE), self._played)
        self._played = at + len(frame)
        sound = mulaw.decode(frame).astype(np.float64)
        first = at + self._delay - self._taken
        last = first + sound.size + _TAPS - 1
        if sound.any() and first >= 0 and last <= _KEPT:
            self._echo[first:last] += np.convolve(sound, self._room)

    def pick_up(self, frame: bytes, now: float) -> bytes:
        """What the party says from `now` on, with the echo that comes back meanwhile."""
        self._go_on(_snapped(round(now * _RATE), self._taken) - self._taken)
        echo = self._echo[: len(frame)].copy()
        self._go_on(len(frame))
        if not echo.any():
            return frame
        mixed = np.clip(np.rint(mulaw.decode(frame) + echo), -32768, 32767)
        return mulaw.encode(mixed.astype(np.int16))

    def _go_on(self, samples: int) -> None:
        """So much time has passed."""
        gone = min(max(samples, 0), _KEPT)
        self._echo = np.concatenate((self._echo[gone:], np.zeros(gone)))
        self._taken += max(samples, 0)


def _snapped(at: int, expected: int | None) -> int:
    return expected if expected is not None and abs(at - expected) < _SNAP else at
