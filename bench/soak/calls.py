"""The calls of a soak: each slot rings again and again, until the time is over."""

import asyncio
import time
from dataclasses import dataclass, field, replace
from itertools import pairwise
from random import Random

from bench.soak.plan import sockets_break_after
from bench.soak.slots import Slot
from bench.soak.world import World
from telephony.replay.long_talk import long_talk
from telephony.simulator.carrier.call import Call
from telephony.simulator.carrier.faults import Faults
from telephony.simulator.carrier.pacing import PTIME
from telephony.simulator.carrier.play import talk_of
from telephony.simulator.carrier.records import CallRecord
from telephony.simulator.carrier.standing import Direction
from telephony.simulator.scenario import Scenario, Who
from telephony.simulator.talk import Talk

BETWEEN = 4.0
"""Seconds before a slot's caller rings again."""

EARLY = 1.0
"""Seconds before its time at which a call that is over was lost."""

PATIENCE = 120.0
"""Seconds beyond the length of its talk after which a call is given up."""


@dataclass(frozen=True, slots=True)
class Played:
    """One call. `legs` are the caller's and the agent's; `lost`: it was over before anybody hung up."""

    slot: Slot
    scenario: Scenario
    talk: Talk = field(repr=False)
    legs: dict[Who, CallRecord] = field(repr=False)
    outcome: str

    @property
    def lost(self) -> bool:
        return self.outcome.startswith("lost")

    @property
    def origin(self) -> float:
        return self.legs[Who.CALLER].placed

    @property
    def until(self) -> float:
        return self.legs[Who.CALLER].ended

    def late(self) -> list[float]:
        """Seconds by which the carrier's frames left after their time: how busy the machine was."""
        streams = [stream.sent_at for leg in self.legs.values() for stream in leg.streams]
        kept = ([at - nth * PTIME for nth, at in enumerate(sent)] for sent in streams)
        return [at - min(times) for times in kept for at in times]

    def cuts(self) -> list[tuple[float, float]]:
        """From when until when either leg was out of its stream within the talk; of the last, until the end."""
        began = self.talk.began or float("inf")
        streams = [leg.streams for leg in self.legs.values()]
        pairs = (pair for leg in streams for pair in pairwise(leg))
        return [(one.ended, next_.began) for one, next_ in pairs if one.ended > began]


class Callers:
    """Rings in every slot until `until` (monotonic seconds); calls that are up then go on to their end."""

    def __init__(
        self,
        world: World,
        slots: list[Slot],
        seed: int,
        until: float,
        lengths: tuple[float, float],
        pause: float,
        *,
        breaking: bool = True,
    ) -> None:
        """Talks last between two `lengths`, with `pause` seconds between one's lines; `breaking`: sockets do."""
        self.played: list[Played] = []
        self._world = world
        self._slots = slots
        self._seed = seed
        self._until = until
        self._lengths = lengths
        self._pause = pause
        self._breaking = breaking
        self.talks: list[Talk] = []
        """All that were begun, in the order of ringing."""
        self._placed = 0

    async def run(self) -> None:
        async with asyncio.TaskGroup() as tasks:
            for nth, slot in enumerate(self._slots):
                tasks.create_task(self._ring(slot, nth), name=slot.name)

    async def _ring(self, slot: Slot, nth: int) -> None:
        lot = Random(f"{self._seed} {slot.name}")  # noqa: S311 -- nothing secret
        await asyncio.sleep(nth * 0.5)
        while time.monotonic() < self._until:
            seconds = min(lot.uniform(*self._lengths), max(20.0, self._until - time.monotonic()))
            self.played.append(await self._play(slot, long_talk(slot.scenario, seconds, self._pause)))
            await asyncio.sleep(BETWEEN)

    async def _play(self, slot: Slot, scenario: Scenario) -> Played:
        switch, talk = self._world.carrier.switch, talk_of(scenario)
        before = set(switch.calls)
        switch.exchange.phones.add_talk(talk)
        self.talks.append(talk)
        call = switch.incoming(talk.caller, slot.number)
        self._placed += 1
        breaks = sockets_break_after(self._seed, self._placed) if self._breaking else None
        call.exchange = replace(call.exchange, faults=Faults(drop_streams_after=breaks, swapped_statuses=True))
        try:
            async with asyncio.timeout((scenario.end.at or 0.0) + PATIENCE):
                await switch.ended(call)
                mine = self._of_agent(slot, before)
                for leg in mine:
                    await switch.ended(leg)
        except TimeoutError:
            call.end()
            await switch.ended(call)
        finally:
            switch.exchange.phones.remove_talk(talk)
        legs = {Who.CALLER: call.record()}
        if rung := self._of_agent(slot, before):
            legs[Who.AGENT] = rung[-1].record()
        return Played(slot, scenario, talk, legs, _outcome(talk, legs, scenario.end.at or 0.0))

    def _of_agent(self, slot: Slot, before: set[str]) -> list[Call]:
        number = slot.scenario.agents[0].number
        return [
            call
            for sid, call in self._world.carrier.switch.calls.items()
            if sid not in before and call.facts.direction is not Direction.INBOUND and call.facts.to == number
        ]


def _outcome(talk: Talk, legs: dict[Who, CallRecord], seconds: float) -> str:
    """As the caller lived it."""
    caller = legs[Who.CALLER]
    if talk.began is None:
        return "told that no call is taken" if caller.told and len(caller.told) <= 1 else "lost before the talk"
    if caller.ended < talk.began + seconds - EARLY:
        return "lost in the talk"
    return "lost its end" if caller.ended > talk.began + seconds + PATIENCE / 2 else "talked to the end"
