"""When an engine's silence is its answer: hold music and noise are loud, and nothing is to be translated in them. PURE

By level alone they are voice, and by its silence alone an engine that rests cannot be told from one that is broken. Two
connections, one after the other, that say nothing to the same sound are believed, if that sound is not like talk: it
goes on without the pauses of somebody who speaks. Belief is for such sound only, and ends when an engine says something
or has understood a word.
"""

from collections import deque
from collections.abc import Iterable

KEPT = 300
"""Frames of 20 ms (6 s) by which sound is judged."""

LEAST = 100
"""With fewer than that (2 s) it is taken for talk."""

RANGE = 18.0
"""dB from the softest to the loudest tenth of it. Recorded speech has 34 and more over 6 s, in the din of a car about
20; music is made even for the telephone, and noise has less than 5."""


STEADY = 2.5
"""dB from the softest to the loudest tenth of voice, below which it is a hiss, a hum or a tone that has set in."""

FEW = 25
"""Frames of voice (half a second) from which that can be told."""


class TalkLike:
    """Whether the last seconds of sound may be somebody who speaks."""

    def __init__(self) -> None:
        self._levels: deque[float] = deque(maxlen=KEPT)

    def push(self, levels: Iterable[float]) -> None:
        """The next frames' levels in dBFS."""
        self._levels.extend(levels)

    def __bool__(self) -> bool:
        if len(self._levels) < LEAST:
            return True
        return _spread(self._levels) > RANGE


class Voice:
    """The levels (dBFS) of the frames with voice that have had no answer."""

    def __init__(self) -> None:
        self._levels: deque[float] = deque(maxlen=KEPT)

    def push(self, levels: Iterable[float]) -> None:
        self._levels.extend(levels)

    def clear(self) -> None:
        self._levels.clear()

    @property
    def steady(self) -> bool:
        """It is always as loud: a level that jumps is taken for voice at first, and stays where it is."""
        return len(self._levels) >= FEW and _spread(self._levels) < STEADY


class Trust:
    """Shared by the connections of one session: whether silence is believed to be the answer to what is not talk."""

    def __init__(self) -> None:
        self.given = False


def _spread(levels: Iterable[float]) -> float:
    """dB between the softest and the loudest tenth."""
    ordered = sorted(levels)
    tenth = len(ordered) // 10
    return ordered[-1 - tenth] - ordered[tenth]
