"""What calls cost, from what they say of their own sessions: added up for the day's limits and written to the store.

Where the engine refuses sessions for want of quota, no new calls are taken for a while; those that run go on.
"""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime

from telephony.calls.clock import Clock
from telephony.calls.guards.limits import Limits
from telephony.calls.observer import CallMoved, CallNews, Continuity, Reading
from telephony.calls.state import CallState
from telephony.engines.base import Degraded, Trouble
from telephony.records.store.keeper import Keeper
from telephony.records.store.store import Store
from telephony.records.store.usage import DayUsage

WRITE_WITHIN = 2.0
"""Seconds that are written at a time, of all calls together; when a process dies, so much is not counted."""


class Metering:
    """An observer of calls, told in a running event loop."""

    def __init__(
        self, limits: Limits, store: Store, keeper: Keeper, clock: Clock, wall: Callable[[], datetime]
    ) -> None:
        self._limits = limits
        self._clock = clock
        self._store = store
        self._keeper = keeper
        self._wall = wall
        self._unwritten: dict[date, DayUsage] = {}
        self._due: asyncio.TimerHandle | None = None

    def tell(self, news: CallNews) -> None:
        match news:
            case Reading(session_s=seconds) if seconds > 0:
                self._limits.meter(seconds, self._wall())
                self._add(seconds, 0)
            case CallMoved(state=CallState.ENDED):
                self._add(0.0, 1)
            case Continuity(event=Degraded(trouble=Trouble.QUOTA)):
                self._limits.quota_refused(self._clock())

    def hand_over(self) -> None:
        """Has what is not written yet written now."""
        if self._due is not None:
            self._due.cancel()
            self._due = None
            self._keeper.later("usage", self._write)

    def _add(self, session_s: float, calls: int) -> None:
        self._put(DayUsage(self._limits.used(self._wall()).day, session_s, calls))
        if self._due is None:
            self._due = asyncio.get_running_loop().call_later(WRITE_WITHIN, self.hand_over)

    def _put(self, more: DayUsage) -> None:
        used = self._unwritten.get(more.day, DayUsage(more.day))
        self._unwritten[more.day] = replace(
            used, session_s=used.session_s + more.session_s, calls=used.calls + more.calls
        )

    async def _write(self) -> None:
        """What a store does not take now waits with what comes after it."""
        for day in tuple(self._unwritten):
            used = self._unwritten.pop(day)
            spend = round(used.session_s / 60 * self._limits.bounds.minute_price * 1_000_000)
            try:
                await self._store.usage.add(day, used.session_s, used.calls, spend)
            except BaseException:
                self._put(used)
                raise
