"""A recording cut at quiet points into pieces of about half a second: what is understood or spoken at once."""

import math
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

PIECE_S = 0.5
"""How long a piece is meant to be."""

_REACH_S = 0.15
"""How far from the meant place a quieter point is looked for."""

_FRAME_S = 0.02
_QUIET_DB = 35.0
"""What lies so far below the loudest frame is not part of what is said."""

_SLIGHT_DB = 20.0
"""A piece so far below the loudest piece is a pause, and belongs to the piece before it."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Samples `start` to `end` (not included) of a recording; from `quiet_from` on it is only a pause."""

    start: int
    quiet_from: int
    end: int


def cut(sound: NDArray[np.float32], rate: int) -> tuple[Piece, ...]:
    """The pieces of a recording, without a gap from the first sample that is part of what is said to the last.

    `sound` is scaled to 1; the answer is empty where all of it is silent.
    """
    frame = round(rate * _FRAME_S)
    energies = _energies(sound, frame)
    if not energies.size or energies.max() == 0:
        return ()
    said = np.nonzero(energies > energies.max() * 10 ** (-_QUIET_DB / 10))[0]
    borders = _without_pauses(_borders(energies, int(said[0]), int(said[-1]) + 1), energies)
    return tuple(_piece(start, end, said, frame, sound.size) for start, end in pairwise(borders))


def _piece(start: int, end: int, said: NDArray[np.intp], frame: int, size: int) -> Piece:
    last = int(said[np.searchsorted(said, end) - 1])
    return Piece(start * frame, min(max(last, start) * frame + frame, size), min(end * frame, size))


def _energies(sound: NDArray[np.float32], frame: int) -> NDArray[np.float32]:
    frames = math.ceil(sound.size / frame)
    padded = np.zeros(frames * frame, dtype=np.float32)
    padded[: sound.size] = sound
    energies: NDArray[np.float32] = np.square(padded.reshape(frames, frame)).sum(axis=1)
    return energies


def _borders(energies: NDArray[np.float32], first: int, last: int) -> list[int]:
    meant, reach = round(PIECE_S / _FRAME_S), round(_REACH_S / _FRAME_S)
    borders = [first]
    while last - borders[-1] > meant + reach:
        near = borders[-1] + meant - reach
        borders.append(near + int(np.argmin(energies[near : near + 2 * reach + 1])))
    return [*borders, last]


def _without_pauses(borders: list[int], energies: NDArray[np.float32]) -> list[int]:
    powers = [float(energies[start:end].mean()) for start, end in pairwise(borders)]
    least = max(powers) * 10 ** (-_SLIGHT_DB / 10)
    inner = zip(borders[1:-1], powers[1:], strict=True)
    return [borders[0], *(border for border, power in inner if power >= least), borders[-1]]
