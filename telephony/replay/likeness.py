"""Finding a stretch of sound in a recording, by normalised correlation (1.0: the same but for its level)."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

Sound = NDArray[np.float32]

_BLOCK = 1 << 14


def locate(needle: Sound, recording: Sound, first: int, last: int) -> tuple[int, float]:
    """Where in `recording` (between samples `first` and `last`) `needle` begins, and how alike the two are there."""
    first = max(first, 0)
    alike = _likenesses(needle, recording[first : max(last, first) + needle.size])
    if not alike.size:
        return first, 0.0
    place = int(np.argmax(alike))
    return first + place, float(alike[place])


class Searched:
    """A stretch of a recording, from sample `first` on, in which many needles of `size` samples are looked for.

    It is transformed once, in overlapping blocks (overlap-save).
    """

    def __init__(self, recording: Sound, first: int, last: int, size: int) -> None:
        self._first = max(first, 0)
        stretch = recording[self._first : max(last, self._first) + size]
        self._size = size
        self._places = max(0, stretch.size - size + 1)
        blocks = -(-self._places // (_BLOCK - size + 1))
        padded = np.zeros(max(blocks, 1) * (_BLOCK - size + 1) + size - 1, dtype=np.float32)
        padded[: stretch.size] = stretch
        self._spectra = np.fft.rfft(sliding_window_view(padded, _BLOCK)[:: _BLOCK - size + 1])
        self._norms = _norms(stretch, size)

    def places(self, needle: Sound, least: float, apart: int) -> list[int]:
        """Every sample of the recording at which `needle` begins with this likeness at `least`; the best of those
        nearer to each other than `apart` samples."""
        if not self._places or not needle.any():
            return []
        products = np.fft.irfft(self._spectra * np.conj(np.fft.rfft(needle, _BLOCK)), _BLOCK)
        alike = products[:, : _BLOCK - self._size + 1].ravel()[: self._places] / self._norms
        alike /= float(np.linalg.norm(needle))
        found: list[int] = []
        while alike[place := int(np.argmax(alike))] >= least:
            found.append(self._first + place)
            alike[max(0, place - apart + 1) : place + apart] = 0.0
        return found


def _likenesses(needle: Sound, stretch: Sound) -> NDArray[np.float64]:
    """For each place of `stretch` at which `needle` fits."""
    if stretch.size < needle.size or not needle.any():
        return np.zeros(0)
    size = 1 << (stretch.size + needle.size - 1).bit_length()
    spectrum = np.fft.rfft(stretch, size) * np.conj(np.fft.rfft(needle, size))
    products = np.fft.irfft(spectrum, size)[: stretch.size - needle.size + 1]
    alike: NDArray[np.float64] = products / (_norms(stretch, needle.size) * float(np.linalg.norm(needle)))
    return alike


def _norms(stretch: Sound, size: int) -> NDArray[np.float64]:
    """The root of the energy of each `size` samples."""
    energy = np.concatenate(([0.0], np.cumsum(stretch.astype(np.float64) ** 2)))
    norms: NDArray[np.float64] = np.sqrt(np.maximum(energy[size:] - energy[:-size], 1.0))
    return norms


def level(sound: Sound) -> float:
    """RMS in dBFS of samples in the 16-bit range; -96 for silence."""
    rms = float(np.sqrt(np.mean(np.square(sound, dtype=np.float64)))) if sound.size else 0.0
    return 20 * float(np.log10(rms / 32768)) if rms > 0.5 else -96.0
