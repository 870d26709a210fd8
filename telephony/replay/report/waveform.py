"""Sound as a picture: the lowest and highest sample of every 20 ms as the outline of a filled shape. PURE"""

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from telephony.audio import g711

COLUMN = 160
"""Samples that one column of the picture stands for: 20 ms at 8 kHz."""

COLUMN_S = COLUMN / 8000

HEIGHT = 100
MIDDLE = HEIGHT // 2
LARGEST = 46
"""How far from the middle the loudest sound of a call reaches."""

QUIETEST_FULL = 3000
"""A call whose loudest sound stays under this sample value is drawn as quiet as it is."""

Extremes = NDArray[np.int32]


def extremes(pcmu: bytes) -> Extremes:
    """One (lowest, highest) sample for each column; what is left of the last one is filled with silence."""
    samples = np.frombuffer(g711.decode(pcmu), dtype="<i2").astype(np.int32)
    columns = np.pad(samples, (0, -samples.size % COLUMN)).reshape(-1, COLUMN)
    return np.stack([columns.min(axis=1, initial=0), columns.max(axis=1, initial=0)], axis=1)


def within(lane: Extremes, stretches: Iterable[tuple[float, float]]) -> Extremes:
    """The lane with silence outside of the stretches (from, until; seconds)."""
    kept = np.zeros_like(lane)
    for began, ended in stretches:
        first, last = max(0, int(began / COLUMN_S)), max(0, int(ended / COLUMN_S) + 1)
        kept[first:last] = lane[first:last]
    return kept


def scale(lanes: Iterable[Extremes]) -> float:
    """Units of height for a step of a sample, the same for all lanes so that they can be compared."""
    peaks = [np.abs(lane).max(axis=1) for lane in lanes if lane.size]
    loudest = float(np.quantile(np.concatenate(peaks), 0.999)) if peaks else 0.0
    return LARGEST / max(loudest, QUIETEST_FULL)


def outline(lane: Extremes, units: float) -> str:
    """SVG path data, one unit of width a column: along the highest samples, and back along the lowest."""
    heights = np.clip(np.rint(lane * units), -LARGEST - 2, LARGEST + 2).astype(int)
    upper = [MIDDLE - int(high) for high in heights[:, 1]]
    lower = [MIDDLE - int(low) for low in heights[::-1, 0]]
    if not upper:
        return ""
    return f"M0 {upper[0]}{_edge(upper, 1)}V{lower[0]}{_edge(lower, -1)}Z"


def _edge(levels: Sequence[int], step: int) -> str:
    """From level to level in relative moves; what stays level is one move however long it is."""
    moves: list[str] = []
    level, flat = levels[0], 0
    for following in levels[1:]:
        if following == level:
            flat += step
            continue
        moves += [f"h{flat}"] * bool(flat) + [f"l{step} {following - level}".replace(" -", "-")]
        level, flat = following, 0
    return "".join([*moves, f"h{flat + step}"])
