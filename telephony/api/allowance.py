"""Sessions that are counted before they run, because nobody here will see them run."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Protocol

from telephony.calls.guards.limits import Limits
from telephony.calls.guards.reason import Reason


class Allowance(Protocol):
    """What is left of a day. Each `hold` that is granted is followed by one `spend` or one `give_back` of as much."""

    def hold(self, session_s: float) -> Reason | None:
        """Sets seconds of sessions aside. The reason where there is no room for them; nothing is set aside then."""
        ...

    def spend(self, session_s: float) -> None:
        """They count for today."""
        ...

    def give_back(self, session_s: float) -> None:
        """They were not needed."""
        ...


class DayAllowance:
    """An `Allowance` out of the limits of a house. `keep` writes what was spent: day, seconds, millionths of price.

    Unlike a call, which goes on past a limit that it meets, what is asked for here has to fit in whole.
    """

    def __init__(self, limits: Limits, keep: Callable[[date, float, int], None], wall: Callable[[], datetime]) -> None:
        self._limits = limits
        self._keep = keep
        self._wall = wall
        self._held = 0.0
        """Seconds set aside and neither spent nor given back."""

    def hold(self, session_s: float) -> Reason | None:
        if reason := self._shut() or self._too_much(session_s):
            return reason
        self._held += session_s
        return None

    def spend(self, session_s: float) -> None:
        self.give_back(session_s)
        day = self._limits.meter(session_s, self._wall()).day
        self._keep(day, session_s, round(self._price(session_s) * 1_000_000))

    def give_back(self, session_s: float) -> None:
        self._held = max(0.0, self._held - session_s)

    def _shut(self) -> Reason | None:
        if self._limits.draining:
            return Reason.DRAINING
        if self._limits.held:
            return Reason.HELD
        return self._limits.day_is_over(self._wall())

    def _too_much(self, session_s: float) -> Reason | None:
        bounds, used = self._limits.bounds, self._limits.used(self._wall())
        wanted = self._held + session_s
        if bounds.minutes_a_day is not None and used.session_s + wanted > bounds.minutes_a_day * 60:
            return Reason.DAY_MINUTES
        if bounds.spend_a_day is not None and used.spend + self._price(wanted) > bounds.spend_a_day:
            return Reason.DAY_SPEND
        return None

    def _price(self, session_s: float) -> float:
        return session_s / 60 * self._limits.bounds.minute_price
