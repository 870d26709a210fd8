"""Tones to send through the audio path, and what came of them."""

import numpy as np
import numpy.typing as npt

Samples = npt.NDArray[np.float64]


def tone(frequency: float, rate: int, seconds: float = 1.0, amplitude: float = 16000.0) -> bytes:
    """A sine as PCM16."""
    time = np.arange(round(rate * seconds)) / rate
    return to_pcm(amplitude * np.sin(2 * np.pi * frequency * time))


def to_pcm(samples: Samples) -> bytes:
    return np.rint(samples).astype("<i2").tobytes()


def from_pcm(pcm: bytes) -> Samples:
    return np.frombuffer(pcm, "<i2").astype(np.float64)


def fit(pcm: bytes, frequency: float, rate: int) -> tuple[float, float, float]:
    """Amplitude, phase (radians) and what is left over (RMS) of the sine of `frequency` that suits `pcm` best.

    The first and last 50 ms are not looked at, so that a filter has settled.
    """
    samples = from_pcm(pcm)
    edge = rate // 20
    angle = 2 * np.pi * frequency * np.arange(len(samples)) / rate
    basis = np.stack((np.sin(angle), np.cos(angle)), axis=1)[edge:-edge]
    parts, *_ = np.linalg.lstsq(basis, samples[edge:-edge], rcond=None)
    rest = samples[edge:-edge] - basis @ parts
    return float(np.hypot(*parts)), float(np.arctan2(parts[1], parts[0])), float(np.sqrt(np.mean(rest**2)))


def decibels(ratio: float) -> float:
    """A ratio of amplitudes in decibels; -160 for none."""
    return float(20 * np.log10(max(ratio, 1e-8)))
