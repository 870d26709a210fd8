"""What calls cost, from what they say of their own sessions: added up for the day's limits and written to the store.

Where the engine refuses sessions for want of quota, no new calls are taken for a while; those that run go on.
"""

from collections.abc import Callable
from datetime import date, datetime

from telephony.calls.clock import Clock
from telephony.calls.guards.limits import Limits
from telephony.calls.observer import CallMoved, CallNews, Continuity, Reading
from telephony.calls.state import CallState
from telephony.engines.base import Degraded, Trouble
from telephony.records.store.keeper import Keeper
from telephony.records.store.store import Store

WRITE_EVERY = 10.0
"""Seconds of sessions that are written at a time; what is not written when a process dies is not counted."""


class Metering:
    """An observer of calls."""

    def __init__(
        self, limits: Limits, store: Store, keeper: Keeper, clock: Clock, wall: Callable[[], datetime]
    ) -> None:
        self._limits = limits
        self._clock = clock
        self._store = store
        self._keeper = keeper
        self._wall = wall
        self._unwritten = 0.0

    def tell(self, news: CallNews) -> None:
        match news:
            case Reading(session_s=seconds) if seconds > 0:
                self._limits.meter(seconds, self._wall())
                self._unwritten += seconds
                if self._unwritten >= WRITE_EVERY:
                    self.write()
            case CallMoved(state=CallState.ENDED):
                self.write(calls=1)
            case Continuity(event=Degraded(trouble=Trouble.QUOTA)):
                self._limits.quota_refused(self._clock())

    def write(self, calls: int = 0) -> None:
        """Hands over what has not been written yet."""
        seconds, self._unwritten = self._unwritten, 0.0
        if not seconds and not calls:
            return
        used = self._limits.used(self._wall())
        spend = round(seconds / 60 * self._limits.bounds.minute_price * 1_000_000)
        day: date = used.day
        self._keeper.later("usage", lambda: self._store.usage.add(day, seconds, calls, spend))
