"""The way from a phone's ear to its mouth: learned, so that what comes back can be foretold from what was sent.

A Kalman filter in the frequency domain (Enzner and Vary, "Frequency-domain adaptive Kalman filter for acoustic echo
control in hands-free telephones", Signal Processing 86, 2006). It weighs how much it does not know yet against how much
else is on the line, bin by bin, so that it learns fast from an echo alone and hardly from two people at once.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from telephony.audio.echo_line import Samples

Spectrum = npt.NDArray[np.complexfloating[Any, Any]]
Power = npt.NDArray[np.floating[Any]]

TAPS = 800
"""Samples that an echo's first sound and its room are looked for in: 100 ms."""

BLOCK = 2048
"""Samples of the far side that one lesson takes in ..."""

LESSON = BLOCK - TAPS
"""... and of the near side, its last 156 ms."""

LARGEST = 0.3
"""The most power that is supposed to come back at first, as a share of what was sent."""

STEADY = 0.997
"""How much of the path is thought to be the same at the next lesson."""

YOUNG = 22
"""Lessons in which the path is taken to know little, whatever the filter thinks of itself ..."""

IGNORANCE = 0.3
"""... namely as much of what was supposed at first."""

NOISE = 1000.0
"""Power in a bin that is nobody's voice."""

SMOOTHING = np.ones(9, np.float32) / 9
"""Over so many bins the power of what is left is averaged."""


class EchoPath:
    """One path, silent at first; `supposed` is the share of power that comes back, as far as it is known."""

    def __init__(self, supposed: float) -> None:
        self._taps = np.zeros(TAPS, np.float32)
        self._reversed = self._taps
        self._response = np.zeros(BLOCK // 2 + 1, np.complex64)
        self._supposed = np.float32(min(supposed, LARGEST))
        self._unknown = np.full(BLOCK // 2 + 1, self._supposed, np.float32)
        self._rest: Power | None = None
        self.lessons = 0

    @property
    def young(self) -> bool:
        """Whether much of the path is still unknown."""
        return self.lessons < YOUNG

    @property
    def gain(self) -> float:
        """The share of a flat sound's power that comes back."""
        return float(self._taps @ self._taps)

    def estimate(self, heard: Samples) -> Samples:
        """What comes back for all but the first TAPS - 1 samples of `heard`."""
        echo: Samples = np.correlate(heard, self._reversed, "valid")
        return echo

    def learn(self, heard: Samples, said: Samples) -> None:
        """One lesson: BLOCK samples of what was sent and LESSON of what came while their last were on the line."""
        far = np.fft.rfft(heard)
        left = np.zeros(BLOCK, np.float32)
        left[TAPS:] = said - np.fft.irfft(far * self._response, BLOCK)[TAPS:]
        near = np.fft.rfft(left)
        weight = self._weigh(far, near)
        taps = np.fft.irfft(self._response + weight * np.conj(far) * near, BLOCK)[:TAPS]
        self._taps = taps.astype(np.float32)
        self._reversed = self._taps[::-1].copy()
        self._response = np.fft.rfft(self._taps, BLOCK).astype(np.complex64)
        changed = 1 - STEADY**2
        self._unknown = STEADY**2 * self._unknown + np.float32(changed) * _power(self._response)
        self.lessons += 1

    def _weigh(self, far: Spectrum, near: Spectrum) -> Power:
        """How much of each bin's error is put down to the path; what is unknown shrinks by as much."""
        rest = np.convolve(_power(near), SMOOTHING, "same")
        self._rest = rest if self._rest is None else (self._rest + rest) / 2
        if self.young:
            np.maximum(self._unknown, IGNORANCE * self._supposed, out=self._unknown)
        strength = _power(far) * np.float32(LESSON / BLOCK)
        weight = self._unknown / (self._unknown * strength + self._rest + np.float32(NOISE))
        self._unknown *= 1 - weight * strength
        return weight


def _power(spectrum: Spectrum) -> Power:
    power: Power = np.square(spectrum.real) + np.square(spectrum.imag)
    return power
