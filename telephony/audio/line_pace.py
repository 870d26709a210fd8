"""How fast sound comes: against a clock, in bunches, and with stops. PURE

How late a piece is, is the clock less the length of all sound before it. The least late piece of each second is not
touched by jitter or bunches; where it gets ever later or earlier, the far end's rate is not what it says.
"""

from collections import deque
from itertools import pairwise
from statistics import median

TOGETHER = 0.004
"""Seconds from one message to the next within which they came together."""

BUNCH = 3
"""Messages that come together and make a bunch."""

STOP = 0.3
"""Seconds without a message that are a stop."""

SECONDS = 10
"""Seconds from which a rate is told."""

OFF = 0.01
"""A rate further from 1 than this is wrong; clocks of telephone networks differ by less than a ten-thousandth."""


class Rate:
    """Seconds of sound in a second of some clock: `rate`, once there have been SECONDS of it without a break."""

    def __init__(self) -> None:
        self.rate = 1.0
        """The latest."""
        self.worst = 1.0
        """The one furthest from 1."""
        self.off_ms = 0.0
        """For how long the rate was wrong."""
        self._least: deque[float] = deque(maxlen=SECONDS + 1)
        self._off = False
        self._second: int | None = None
        self._least_now = 0.0

    def push(self, sound: float, clock: float) -> None:
        """So many seconds of sound had come when the clock (seconds) stood there."""
        second, late = int(clock), clock - sound
        if self._second is not None and self._second - 1 <= second <= self._second:
            self._least_now = min(self._least_now, late)
            return
        if self._second is not None and second == self._second + 1:
            self._least.append(self._least_now)
            self._judge()
        else:
            self._least.clear()
        self._second, self._least_now = second, late

    def forget(self) -> None:
        """Sound is missing: what comes now has nothing to do with what came before."""
        self._least.clear()
        self._second = None

    def _judge(self) -> None:
        if len(self._least) <= SECONDS:
            return
        steps = [later - sooner for sooner, later in pairwise(self._least)]
        self.rate = 1.0 - median(steps)
        was_off, self._off = self._off, abs(self.rate - 1.0) > OFF
        if self._off:
            self.off_ms += 1000.0 * (1 if was_off else sum(abs(step) > OFF for step in steps))
        if abs(self.rate - 1.0) > abs(self.worst - 1.0):
            self.worst = self.rate


class Arrivals:
    """When messages come: bunches and stops, counted."""

    def __init__(self) -> None:
        self.bunches = 0
        self.largest_bunch = 0
        """Messages in the largest of them."""
        self.stops = 0
        self.stopped_ms = 0.0
        self._last: float | None = None
        self._together = 0

    def push(self, now: float) -> bool:
        """A message has come; True if that ends a stop."""
        since, self._last = 0.0 if self._last is None else now - self._last, now
        self._together = self._together + 1 if since < TOGETHER else 1
        if self._together >= BUNCH:
            self.bunches += self._together == BUNCH
            self.largest_bunch = max(self.largest_bunch, self._together)
        if since < STOP:
            return False
        self.stops += 1
        self.stopped_ms += since * 1000
        return True

    def stopping_ms(self, now: float) -> float:
        """For how long the stop has lasted that goes on now; 0 where none does."""
        since = 0.0 if self._last is None else now - self._last
        return since * 1000 if since >= STOP else 0.0
