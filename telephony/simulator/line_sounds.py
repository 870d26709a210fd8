"""The sounds of a bad line: noise, a tune, a clock that is wrong. PURE: int16 samples at 8 kHz as floats."""

import numpy as np
from numpy.typing import NDArray

from telephony.simulator import mulaw

Samples = NDArray[np.float64]

_RATE = 8000
_FRAME = 160
_FULL = 32768.0
_TUNE = (523, 659, 784, 659, 587, 740, 880, 740)
_CHORD = (262, 330, 392)
_NOTE = 0.4
"""Seconds of a note. Notes fall off by 12 dB, and the chord under them never rests."""


def amplitude(dbfs: float) -> float:
    """The RMS that sound of this level has, full scale being 32768."""
    return float(_FULL * 10 ** (dbfs / 20))


class Noise:
    """White noise, the same for the same seed."""

    def __init__(self, level: float, seed: int = 1) -> None:
        self._spread = amplitude(level)
        self._chance = np.random.default_rng(seed)

    def next(self, samples: int) -> Samples:
        return self._chance.normal(0.0, self._spread, samples)


class Tune:
    """Hold music, without end."""

    def __init__(self, level: float) -> None:
        time = np.arange(round(_NOTE * _RATE)) / _RATE
        chord = np.sum([np.sin(2 * np.pi * f * time) for f in _CHORD], axis=0) / 8
        notes = [np.exp(-time / 0.3) * np.sin(2 * np.pi * f * time) + chord for f in _TUNE]
        tune = np.concatenate(notes)
        self._tune: Samples = tune * amplitude(level) / np.sqrt(np.mean(tune**2))
        self._at = 0

    def next(self, samples: int) -> Samples:
        places = (self._at + np.arange(samples)) % self._tune.size
        self._at += samples
        return self._tune[places]


class Clock:
    """A phone whose clock gives `rate` seconds of sound a second: the same sound in more samples, or in fewer."""

    def __init__(self, rate: float) -> None:
        self._step = 1.0 / rate
        self._place = 0.0
        """Of the next sample, counted from the beginning of what is kept."""
        self._kept: Samples = np.zeros(0)
        self._out = bytearray()

    def take(self, frame: bytes) -> list[bytes]:
        """20 ms of the phone; the whole frames that its clock has made by now."""
        self._kept = np.concatenate((self._kept, mulaw.decode(frame).astype(np.float64)))
        count = max(0, int((self._kept.size - 1 - self._place) / self._step) + 1)
        places = self._place + self._step * np.arange(count)
        made = np.interp(places, np.arange(self._kept.size), self._kept)
        self._place += self._step * count
        used = min(int(self._place), self._kept.size)
        self._kept, self._place = self._kept[used:], self._place - used
        self._out += mulaw.encode(np.rint(made).astype(np.int16))
        whole = len(self._out) // _FRAME * _FRAME
        frames = [bytes(self._out[at : at + _FRAME]) for at in range(0, whole, _FRAME)]
        del self._out[:whole]
        return frames
