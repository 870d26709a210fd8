"""How fast speech is to leave so that the listener catches up: 1.0 as a rule, up to 1.25 while too much is waiting.

A translation runs longer than what it translates. Up to 1.25 times its speed, speech is understood without effort and
hardly noticed as fast; the change from one speed to the other is smooth.
"""

FASTEST = 1.25
HURRY_FROM = 1.0
"""Seconds that wait to be heard, the cushion not counted, from which speech is sped up ..."""

UNTIL = 0.4
"""... until no more than these wait in our own queue."""

RAMP = 0.01
"""Change of speed from one frame of 20 ms to the next: from 1.0 to FASTEST in half a second."""


class Pace:
    """Asked once for every frame of speech."""

    def __init__(self, fastest: float = FASTEST) -> None:
        self._fastest = fastest
        self.speed = 1.0
        self._hurrying = False

    def step(self, held: float, elsewhere: float = 0.0) -> float:
        """The speed of the next frame. Seconds of sound: `held` can be sped up, `elsewhere` waits at the carrier."""
        if held < UNTIL:
            self._hurrying = False
        elif held + elsewhere > HURRY_FROM:
            self._hurrying = True
        change = RAMP if self._hurrying else -RAMP
        self.speed = min(max(self.speed + change, 1.0), self._fastest) if held > 0 else 1.0
        return self.speed

    def reset(self) -> None:
        """Nothing waits any more."""
        self.speed = 1.0
        self._hurrying = False
