"""How much this house takes on: calls at once, calls of one caller in an hour, interpretation and spend of a day. PURE.

Limits refuse new calls; whoever talks goes on. So a day ends above its limit by what the calls that ran then still use.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from telephony.calls.guards.callers import HOUR, MOST_TIMES, RecentCallers
from telephony.calls.guards.reason import Reason
from telephony.calls.guards.usage import Meter, Usage

MINUTE_PRICE: Final = 0.03675
"""US dollars for a minute of one session (one direction), if somebody speaks all the time.

Pricing page of the Gemini Developer API for gemini-3.5-live-translate-preview: 3.50 dollars a million tokens of sound
heard, 21.00 a million spoken, 25 tokens a second each; 60 s of both are 0.00525 + 0.0315 dollars.
"""

QUOTA_REST: Final = 60.0
"""Seconds without new calls after the engine refused a session for want of quota."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """None is no limit. Minutes are of sessions (two a call), `spend_a_day` in the currency of `minute_price`.

    Callers who withhold their number count as one, with the limit `withheld_an_hour`.
    """

    calls_at_once: int | None = None
    calls_an_hour: int | None = None
    withheld_an_hour: int | None = None
    minutes_a_day: float | None = None
    spend_a_day: float | None = None
    minute_price: float = MINUTE_PRICE


class Limits:
    """What may begin, given what runs and what was used. `usage` is what the store has of today, after a new start."""

    def __init__(self, bounds: Bounds, usage: Usage | None = None) -> None:
        self.bounds = bounds
        self.held = False
        """New calls are held by hand."""
        self.draining = False
        self.strained = False
        """This process is too busy for more; set by whoever watches it."""
        self._running: set[str] = set()
        self._callers = RecentCallers()
        self._meter = Meter(bounds.minute_price, usage)
        self._no_quota_until: float | None = None

    @property
    def running(self) -> int:
        return len(self._running)

    def may_begin(self, caller: str, now: float, wall: datetime) -> Reason | None:
        """Why a call of `caller` (a digest; "" where the number is withheld) may not begin; None: it may."""
        if self.draining:
            return Reason.DRAINING
        if self.held:
            return Reason.HELD
        if self.strained:
            return Reason.STRAINED
        if self._no_quota_until is not None and now < self._no_quota_until:
            return Reason.QUOTA
        if self.bounds.calls_at_once is not None and self.running >= self.bounds.calls_at_once:
            return Reason.LINE_FULL
        return self.day_is_over(wall) or self._too_often(caller, now)

    def day_is_over(self, wall: datetime) -> Reason | None:
        """Which of the day's limits is used up."""
        used = self._meter.usage(wall)
        if self.bounds.minutes_a_day is not None and used.session_s >= self.bounds.minutes_a_day * 60:
            return Reason.DAY_MINUTES
        if self.bounds.spend_a_day is not None and used.spend >= self.bounds.spend_a_day:
            return Reason.DAY_SPEND
        return None

    def began(self, call: str, caller: str, now: float) -> None:
        """Counts a call; the same one twice counts once. A call found again after a new start has `found`."""
        if call not in self._running:
            self._running.add(call)
            self._callers.add(caller, now)

    def found(self, call: str) -> None:
        """A call that began before this process runs; its caller is not counted again."""
        self._running.add(call)

    def ended(self, call: str) -> None:
        """Never counted, or twice, is fine."""
        self._running.discard(call)

    def meter(self, session_s: float, wall: datetime) -> Usage:
        """Adds seconds of sessions, on the day (UTC) of `wall`; what the day has come to. ValueError below 0."""
        return self._meter.add(session_s, wall)

    def used(self, wall: datetime) -> Usage:
        return self._meter.usage(wall)

    def quota_refused(self, now: float) -> None:
        """The engine has no quota left: no new calls for QUOTA_REST seconds."""
        self._no_quota_until = now + QUOTA_REST

    def _too_often(self, caller: str, now: float) -> Reason | None:
        most = self.bounds.calls_an_hour if caller else self.bounds.withheld_an_hour
        often = most is not None and self._callers.within(HOUR, caller, now) >= min(most, MOST_TIMES)
        return Reason.CALLER_LIMIT if often else None
