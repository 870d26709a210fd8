"""How fast speech is to leave: as the listener wishes, and up to 1.25 times faster while too much is waiting.

A translation runs longer than what it translates. Up to 1.25 times its speed, speech is understood without effort and
hardly noticed as fast; the change from one speed to the other is smooth.

The listener's wish (`tempo`) is a speed of its own, 1.0 unless told otherwise:

- Slower speech lets more wait. From YIELDS seconds on it yields, the less slow the more waits; where that is not enough
  it hurries, PATIENCE later than other speech.
- Faster speech needs something that waits: below EASES it yields. While it hurries both count, up to LIMIT.
"""

FASTEST = 1.25
HURRY_FROM = 1.0
"""Seconds that wait to be heard, the cushion not counted, from which speech is sped up ..."""

UNTIL = 0.4
"""... until no more than these wait in our own queue."""

RAMP = 0.01
"""Change of speed from one frame of 20 ms to the next: from 1.0 to FASTEST in half a second."""

SLOWEST, LIMIT = 0.8, 1.3
"""Bounds of the listener's wish; LIMIT is also the most that speech is sped up all told."""

YIELDS = (0.75, 1.75)
"""Seconds that wait from which a slower speech is less slow, and at which it has its own speed."""

PATIENCE = 1.0
"""Seconds more that may wait before a slower speech is sped up."""

EASES = (0.2, 0.3)
"""Seconds that wait above which a faster speech is faster, and at which it has its whole speed. A message has 0.25, so
what comes no faster than it is spoken is not used up."""

PAUSE = 0.06
"""Seconds of silence that a pause keeps while the stream lags ..."""

SHRINKS = (1.5, 3.0)
"""... until so many wait, from which it keeps less, and at which words follow each other without one. Speed alone
catches up with a translation of 1.3 times the length only where enough of it is pauses."""

HEAD = 2.0
"""Seconds of speech that are heard at a faster speed even where it comes no faster than it is spoken."""


class Pace:
    """Asked once for every frame of speech."""

    def __init__(self, fastest: float = FASTEST) -> None:
        self._fastest = fastest
        self._tempo = 1.0
        self.speed = 1.0
        self._hurrying = False

    @property
    def tempo(self) -> float:
        """The speed that the listener wishes, SLOWEST to LIMIT; what is beyond is taken as the bound."""
        return self._tempo

    @tempo.setter
    def tempo(self, wish: float) -> None:
        self._tempo = min(max(wish, SLOWEST), LIMIT)

    @property
    def head(self) -> float:
        """Seconds by which a run begins later so that its first HEAD seconds can be faster than they come."""
        return HEAD * (1.0 - 1.0 / max(self._tempo, 1.0))

    def step(self, held: float, elsewhere: float = 0.0) -> float:
        """The speed of the next frame. Seconds of sound: `held` can be sped up, `elsewhere` waits at the carrier."""
        patience = PATIENCE if self._tempo < 1.0 else 0.0
        if held < UNTIL + patience:
            self._hurrying = False
        elif held + elsewhere > HURRY_FROM + patience:
            self._hurrying = True
        aim = self._hurried() if self._hurrying else self._eased(held, held + elsewhere)
        nearer = min(self.speed + RAMP, aim) if self.speed < aim else max(self.speed - RAMP, aim)
        self.speed = nearer if held > 0 else min(nearer, 1.0)
        return self.speed

    def pause(self, waiting: float) -> float:
        """Seconds of silence that a pause is to keep while so many of sound wait to be heard."""
        return PAUSE * (1.0 - _share(waiting, *SHRINKS))

    def reset(self) -> None:
        """Nothing waits any more."""
        self.speed = self._tempo
        self._hurrying = False

    def _hurried(self) -> float:
        return min(self._fastest * max(self._tempo, 1.0), max(LIMIT, self._fastest))

    def _eased(self, held: float, waiting: float) -> float:
        """The listener's wish as far as what waits allows it."""
        if self._tempo >= 1.0:
            return 1.0 + (self._tempo - 1.0) * _share(held, *EASES)
        return self._tempo + (1.0 - self._tempo) * _share(waiting, *YIELDS)


def _share(value: float, low: float, high: float) -> float:
    """How far `value` is from `low` to `high`: 0 to 1."""
    return min(max((value - low) / (high - low), 0.0), 1.0)
