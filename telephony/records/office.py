"""Everything that is kept, put together: the store, who writes behind the calls, and what the calls ask."""

import asyncio
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import structlog

from telephony.calls.agent import Agent, AgentState
from telephony.calls.clock import Clock
from telephony.calls.guards.limits import Limits
from telephony.calls.guards.usage import Usage
from telephony.calls.roster import Roster
from telephony.records.metering import Metering
from telephony.records.recording import KeptSound, TalkRecorder
from telephony.records.register import StoreRegister
from telephony.records.retention import Retention
from telephony.records.store.agents import AgentStanding
from telephony.records.store.caller_key import CallerKey
from telephony.records.store.holds import HOLD_CALLS
from telephony.records.store.keeper import Keeper
from telephony.records.store.recordings import Recording
from telephony.records.store.store import Store
from telephony.records.store.trouble import StoreUnavailable

log = structlog.get_logger(__name__)

CLOSE_WITHIN = 10.0
OPEN_WITHIN = 60.0
TRY_AGAIN_AFTER = 1.0
LOOK_EVERY = 2.0
"""Seconds after which a hold that another process placed is noticed."""


class KeptRoster(Roster):
    """A roster whose agents are what they said to be after a restart, too."""

    def __init__(self, agents: Iterable[Agent], keep: Callable[[str, AgentState], None]) -> None:
        super().__init__(agents)
        self._keep = keep

    def set_state(self, name: str, state: AgentState, now: float) -> bool:
        known = super().set_state(name, state, now)
        if known:
            self._keep(name, state)
        return known


class Office:
    """Made by `open` in a running event loop, ended by `close`."""

    def __init__(self, store: Store, data_dir: Path, clock: Clock, wall: Callable[[], datetime]) -> None:
        self.store = store
        self.keeper = Keeper(store.calls, clock)
        self.register = StoreRegister(store, self.keeper, CallerKey.of(data_dir), data_dir, wall)
        self.sounds = TalkRecorder(data_dir, clock, wall, self._recorded, self._being_recorded)
        self._loop = asyncio.get_running_loop()
        self._clock = clock
        self._wall = wall
        self._data_dir = data_dir
        self._tasks: list[asyncio.Task[None]] = []
        self._metering: Metering | None = None

    @classmethod
    async def open(
        cls, database_url: str | None, data_dir: Path, clock: Clock, wall: Callable[[], datetime]
    ) -> "Office":
        """Waits for a store that is locked or away, for a while: calls that outlived the last process wait, too.

        Raises DatabaseRefused for what only a person can mend, StoreUnavailable for what did not pass in time.
        """
        await asyncio.to_thread(data_dir.mkdir, parents=True, exist_ok=True)
        until = clock() + OPEN_WITHIN
        while True:
            try:
                return cls(await Store.open(database_url, data_dir), data_dir, clock, wall)
            except StoreUnavailable as away:
                if clock() > until:
                    raise
                log.warning("the store is not available yet", error=str(away))
                await asyncio.sleep(TRY_AGAIN_AFTER)

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.sounds.close()
        if self._metering is not None:
            self._metering.hand_over()
        await self.keeper.close(CLOSE_WITHIN)
        await self.store.close()

    async def used_today(self) -> Usage:
        """What the day has cost by now, whichever process it was."""
        kept = await self.store.usage.of(self._wall().date())
        return Usage(kept.day, kept.session_s, kept.spend_micro / 1_000_000)

    def metering(self, limits: Limits) -> Metering:
        """The observer that counts what calls cost."""
        self._metering = Metering(limits, self.store, self.keeper, self._clock, self._wall)
        return self._metering

    async def roster(self, agents: Iterable[Agent]) -> KeptRoster:
        """The agents, each doing what they said last."""
        roster = KeptRoster(agents, self._keep_state)
        for standing in await self.store.agents.all():
            if standing.state in tuple(AgentState):
                Roster.set_state(roster, standing.name, AgentState(standing.state), self._clock())
        return roster

    def watch_holds(self, limits: Limits) -> None:
        """From now on `limits` holds new calls while that is wanted, by whichever process."""
        self._tasks.append(asyncio.create_task(self._watch(limits), name="holds"))

    def forget_after(self, days: int) -> None:
        """From now on what is older than `days` is removed."""
        clearing = Retention(self.store, self._data_dir, days, self._wall).run()
        self._tasks.append(asyncio.create_task(clearing, name="retention"))

    async def _watch(self, limits: Limits) -> None:
        while True:
            try:
                limits.held = await self.store.holds.find(HOLD_CALLS) is not None
            except StoreUnavailable:
                log.debug("the store cannot say whether calls are held")
            await asyncio.sleep(LOOK_EVERY)

    def _being_recorded(self, call: str, began: datetime, sound: str) -> None:
        self.keeper.later("recording", lambda: self.store.recordings.begin(call, began, sound), call=call)

    def _recorded(self, kept: KeptSound) -> None:
        """Told in the thread that writes the sound."""
        made = Recording(kept.call, kept.began, kept.sound, kept.seconds, self._wall(), kept.incomplete)
        with suppress(RuntimeError):  # the loop is closed: the disk took longer than anybody waited
            self._loop.call_soon_threadsafe(self._keep_recording, made)

    def _keep_recording(self, made: Recording) -> None:
        self.keeper.later("recording", lambda: self.store.recordings.end(made), call=made.call)

    def _keep_state(self, name: str, state: AgentState) -> None:
        standing = AgentStanding(name, state.value, self._wall())
        self.keeper.later("agent's state", lambda: self.store.agents.put(standing))
