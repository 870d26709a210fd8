"""Finding a stretch of sound in a recording, by normalised correlation (1.0: the same but for its level)."""

import numpy as np
from numpy.typing import NDArray

Sound = NDArray[np.float32]


def locate(needle: Sound, recording: Sound, first: int, last: int) -> tuple[int, float]:
    """Where in `recording` (between samples `first` and `last`) `needle` begins, and how alike the two are there."""
    first = max(first, 0)
    stretch = recording[first : max(last, first) + needle.size]
    if stretch.size < needle.size or not needle.any():
        return first, 0.0
    size = 1 << (stretch.size + needle.size - 1).bit_length()
    spectrum = np.fft.rfft(stretch, size) * np.conj(np.fft.rfft(needle, size))
    products = np.fft.irfft(spectrum, size)[: stretch.size - needle.size + 1]
    energy = np.concatenate(([0.0], np.cumsum(stretch.astype(np.float64) ** 2)))
    window = np.sqrt(np.maximum(energy[needle.size :] - energy[: -needle.size], 1.0))
    alike = products / (window * float(np.linalg.norm(needle)))
    place = int(np.argmax(alike))
    return first + place, float(alike[place])


def level(sound: Sound) -> float:
    """RMS in dBFS of samples in the 16-bit range; -96 for silence."""
    rms = float(np.sqrt(np.mean(np.square(sound, dtype=np.float64)))) if sound.size else 0.0
    return 20 * float(np.log10(rms / 32768)) if rms > 0.5 else -96.0
