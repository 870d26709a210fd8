"""Speech made longer or shorter at its own pitch, for an interpreter that speaks slowly. PURE

WSOLA (Verhelst and Roelands, "An overlap-add technique based on waveform similarity (WSOLA)", ICASSP 1993): frames are
laid at a new distance, each taken from where it best goes on with the one before.
"""

import numpy as np
from numpy.typing import NDArray

_HOP = 160
_FRAME = 2 * _HOP
"""40 ms at 8 kHz, half of it shared with the next frame."""

_REACH = 100
"""Samples around the meant place in which a frame may begin: a period of the lowest voice."""

Samples = NDArray[np.int16]


def stretched(sound: Samples, factor: float) -> Samples:
    """8 kHz speech that takes `factor` times as long."""
    if factor == 1.0 or not sound.size:
        return sound
    margin = np.zeros(_FRAME + _REACH)
    padded = np.concatenate([margin, sound.astype(np.float64), margin, np.zeros(_FRAME)])
    size = round(sound.size * factor)
    out = np.zeros(size + 2 * _FRAME)
    window = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(_FRAME) / _FRAME)
    place = margin.size - _HOP
    for at in range(0, size + _HOP, _HOP):
        meant = margin.size - _HOP + round(at / factor)
        place = _best(padded, min(meant, padded.size - _FRAME - _REACH), place + _HOP) if at else place
        out[at : at + _FRAME] += window * padded[place : place + _FRAME]
    return np.clip(np.rint(out[_HOP : _HOP + size]), -32768, 32767).astype(np.int16)


def _best(padded: NDArray[np.float64], meant: int, goes_on: int) -> int:
    """Where near `meant` the sound is most like what would follow, at `goes_on`."""
    follows = padded[goes_on : goes_on + _FRAME]
    near = padded[meant - _REACH : meant + _REACH + _FRAME]
    if follows.size < _FRAME or not follows.any():
        return meant
    energy = np.concatenate([[0.0], np.cumsum(near**2)])
    alike = np.correlate(near, follows, "valid") / np.sqrt(np.maximum(energy[_FRAME:] - energy[:-_FRAME], 1.0))
    return meant - _REACH + int(np.argmax(alike))
