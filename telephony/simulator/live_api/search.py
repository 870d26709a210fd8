"""Finds which line, and where in it, a half-second of arriving sound comes from: normalised cross-correlation by FFT.

The search works on a narrow band at a low rate, where a delay of a fraction of a sample costs next to nothing; what it
finds is a guess, which the full band at 16 kHz has to confirm.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from telephony.simulator.live_api.lines import HEARD_RATE, KnownLine, Sound

STEP = 4
"""Samples at 16 kHz that one sample of the searched band stands for."""

RATE = HEARD_RATE // STEP
WINDOW = RATE // 2
"""How much arriving sound is looked for at once: half a second."""

_BLOCK = 8192
_HOP = _BLOCK - WINDOW
"""Places that one block of the correlation answers for."""

_TAPS = 64
_CUTOFF = 1200 / HEARD_RATE
_ENOUGH = 0.6
"""Likeness from which a place is worth a closer look."""

_LEAST_SHARE = 0.02
"""A place of a line that holds less than this share of the line's mean power is a pause, and like everything."""


class Narrowing:
    """The searched band of a 16 kHz stream: low-pass (Hann-windowed sinc), every fourth sample."""

    def __init__(self) -> None:
        self._kept = np.zeros(_TAPS - 1, dtype=np.float32)

    def of(self, block: Sound) -> Sound:
        """The next samples; `block` is a multiple of four samples long."""
        joined = np.concatenate([self._kept, block])
        self._kept = joined[-(_TAPS - 1) :]
        narrow: Sound = sliding_window_view(joined, _TAPS)[::STEP] @ _FILTER
        return narrow


@dataclass(frozen=True, slots=True)
class Guess:
    """The first sample of the window may be sample `offset` (at 16 kHz) of this line; negative: before its start."""

    line: int
    offset: int
    likeness: float


class LineSearch:
    """Looks half-second windows up in all lines at once.

    The lines lie behind one another on one tape, a window of silence before each, and the tape is correlated in
    overlapping blocks (overlap-save), which keeps the transforms small whatever the lines' lengths.
    """

    def __init__(self, lines: Sequence[KnownLine]) -> None:
        silence = np.zeros(WINDOW, dtype=np.float32)
        parts = [np.concatenate([silence, Narrowing().of(_padded(line.sound))]) for line in lines]
        self._starts = np.cumsum([0] + [part.size for part in parts])[:-1].astype(np.intp)
        places = sum(part.size for part in parts)
        self._scale = np.concatenate([_scale(part) for part in parts] or [silence[:0]])
        blocks = max(1, math.ceil(places / _HOP))
        tape = np.zeros(blocks * _HOP + WINDOW, dtype=np.float32)
        tape[:places] = np.concatenate(parts or [silence[:0]])
        self._spectra = np.fft.rfft(sliding_window_view(tape, _BLOCK)[::_HOP])

    def guesses(self, window: Sound) -> list[Guess]:
        """The best place in each line that is like this window of the searched band, the likeliest first."""
        power = float(window @ window)
        if power <= 0 or not self._starts.size:
            return []
        spectrum = np.conj(np.fft.rfft(window, _BLOCK))
        products = np.fft.irfft(self._spectra * spectrum, _BLOCK)[:, :_HOP].ravel()[: self._scale.size]
        likeness = products * self._scale / np.float32(math.sqrt(power))
        promising = np.nonzero(np.maximum.reduceat(likeness, self._starts) >= _ENOUGH)[0]
        guesses = [self._guess(int(line), likeness) for line in promising]
        return sorted(guesses, key=lambda guess: -guess.likeness)

    def _guess(self, line: int, likeness: Sound) -> Guess:
        start = int(self._starts[line])
        end = int(self._starts[line + 1]) if line + 1 < self._starts.size else likeness.size
        place = int(np.argmax(likeness[start:end]))
        return Guess(line, (place - WINDOW) * STEP, float(likeness[start + place]))


def _scale(part: Sound) -> Sound:
    """One over the root of the energy under the window at each place; 0 where there is next to none."""
    sums = np.cumsum(np.square(np.concatenate([np.zeros(1), part, np.zeros(WINDOW)]), dtype=np.float64))
    energies = np.maximum(sums[WINDOW : WINDOW + part.size] - sums[: part.size], 0)
    least = _LEAST_SHARE * sums[-1] / part.size * WINDOW
    scale: Sound = np.where(energies > least, 1 / np.sqrt(np.maximum(energies, 1e-12)), 0).astype(np.float32)
    return scale


def _padded(sound: Sound) -> Sound:
    return np.concatenate([sound, np.zeros(_TAPS - sound.size % STEP, dtype=np.float32)])


def _low_pass() -> Sound:
    times = np.arange(_TAPS) - (_TAPS - 1) / 2
    taps = 2 * _CUTOFF * np.sinc(2 * _CUTOFF * times) * np.hanning(_TAPS)
    low_pass: Sound = (taps / taps.sum()).astype(np.float32)
    return low_pass


_FILTER = _low_pass()
