"""One process of the service: a switchboard of its own over the carrier and the register that all share. It can die.

What is dead says nothing any more, neither to the carrier nor to the register, as after SIGKILL.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from telephony.calls.house import House
from telephony.calls.observer import CallNews, Observers
from telephony.calls.orphans import Orphans
from telephony.calls.ports import Consent, MessageLeft
from telephony.calls.profile import Profiles
from telephony.calls.roster import Roster
from telephony.calls.snapshot import CallSnapshot
from telephony.calls.switchboard import Switchboard
from telephony.carriers.base import LONGEST_LEG, DialRefused, LegStatus
from telephony.replay.memory_stream import now

if TYPE_CHECKING:
    from tests.scenarios.town import Town


class Process:
    """A switchboard and its watch for orphans; and, for them, a carrier's control, a register and an observer, which
    all fall silent with it."""

    def __init__(self, town: "Town") -> None:
        self.alive = True
        self._town = town
        self.roster = Roster(town.agents)
        self.house = House(
            Profiles(town.profiles[0], town.profiles[1:]),
            self.roster,
            self,
            town.engine,
            Observers(self),
            now,
            register=self,
            limits=town.limits(),
            wall=town.wall,
            sounds=town.sounds,
            detects_machines=town.detects_machines,
        )
        self.switchboard = Switchboard(self.house)
        self._orphans = asyncio.create_task(Orphans(self.house, self.switchboard).run(), name="orphans")

    async def die(self) -> None:
        """SIGKILL. What is left of it here is only waited for."""
        self.alive = False
        await self._stop()

    async def close(self) -> None:
        """It ends as a service that is asked to."""
        await self.switchboard.close()
        await self._stop()

    async def _stop(self) -> None:
        self._orphans.cancel()
        tasks = [self._orphans, *self.switchboard._tasks]
        for task in tasks:
            task.cancel()
        self._town.ghosts += tasks

    # The carrier's control.

    async def dial(
        self,
        address: str,
        *,
        call: str,
        leg: str,
        ring_seconds: int,
        machine_detection: bool = False,
        time_limit: int = LONGEST_LEG,
        caller_id: str | None = None,
    ) -> str:
        if not self.alive:
            raise DialRefused("dead")
        return await self._town.carrier.dial(
            address,
            call=call,
            leg=leg,
            ring_seconds=ring_seconds,
            machine_detection=machine_detection,
            time_limit=time_limit,
            caller_id=caller_id,
        )

    async def redirect(self, carrier_call: str, *, call: str, leg: str, step: str) -> None:
        if self.alive:
            self._town.redirected.append((leg, step))
            await self._town.carrier.redirect(carrier_call, call=call, leg=leg, step=step)

    async def hang_up(self, carrier_call: str) -> None:
        if self.alive:
            await self._town.carrier.hang_up(carrier_call)

    async def standing(self, carrier_call: str) -> LegStatus:
        return await self._town.carrier.standing(carrier_call)

    # The register.

    def keep(self, call: CallSnapshot) -> None:
        if self.alive:
            self._town.register.keep(replace(call))

    async def find(self, call: str) -> CallSnapshot | None:
        return await self._town.register.find(call)

    async def open_calls(self) -> Sequence[CallSnapshot]:
        return await self._town.register.open_calls()

    def digest(self, number: str) -> str:
        return self._town.register.digest(number)

    async def language_of(self, caller: str) -> str | None:
        return await self._town.register.language_of(caller)

    def speaks(self, caller: str, language: str) -> None:
        if self.alive:
            self._town.register.speaks(caller, language)

    def message(self, message: MessageLeft) -> None:
        if self.alive:
            self._town.register.message(message)

    def consent(self, consent: Consent) -> None:
        if self.alive:
            self._town.register.consent(consent)

    # The observer.

    def tell(self, news: CallNews) -> None:
        if self.alive:
            self._town.news.append(news)
