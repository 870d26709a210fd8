"""What goes on until both parties are there: phones are rung, somebody hears ringback, or waits in line."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime

from telephony.audio.endless import Endless
from telephony.audio.hold import Hold
from telephony.audio.tones import Ringback
from telephony.calls.agent import AgentState
from telephony.calls.house import House
from telephony.calls.hunt import Hunt
from telephony.calls.leg import Leg
from telephony.calls.parties import Parties
from telephony.calls.profile import Profile
from telephony.calls.reception import Reception
from telephony.calls.ringing import Ringing
from telephony.calls.state import CallEvent
from telephony.carriers.verbs import Script
from telephony.ivr.prompts import load

AHEAD = 0.3
"""Seconds of ringback or hold sound that are kept queued, so that a busy moment of this process does not chop it."""

LOOK_EVERY = 0.5
RING_AGAIN_AFTER = 10.0
"""Seconds between two rounds of ringing for one who waits in line."""


@asynccontextmanager
async def hearing(leg: Leg, sound: Endless, house: House) -> AsyncIterator[None]:
    """Plays a sound of ours to `leg` at the pace of the clock, a little ahead of it, for as long as this lasts."""

    async def play() -> None:
        due = house.clock() - AHEAD
        while True:
            if leg.joined.is_set() and leg.hears:
                leg.play(b"".join(sound.frame() for _ in range(5)))
            due = max(due + 0.1, house.clock() - AHEAD)
            await asyncio.sleep(max(0.0, due - house.clock()))

    playing = asyncio.create_task(play(), name=f"sound for {leg.name}")
    try:
        yield
    finally:
        playing.cancel()
        await asyncio.wait((playing,))
        if leg.hears:
            leg.play(sound.end())


class Seeking:
    """For one call. What it finds it tells by `post`."""

    def __init__(
        self,
        house: House,
        profile: Profile,
        parties: Parties,
        post: Callable[[CallEvent], None],
        speaks: Callable[[str], None],
    ) -> None:
        self.hunt = Hunt(house, profile, parties, speaks)
        self._house = house
        self._profile = profile
        self._parties = parties
        self._post = post
        self._reception = Reception(profile)

    async def find_agent(self, language: str | None) -> None:
        """Rings agents for a caller in `language`; none left: the line, a message or an apology."""
        caller = self._parties.caller
        async with hearing(caller, Ringback(), self._house):
            agent = await self.hunt.run(language)
        if agent is None:
            self._post(self._nobody())
            return
        self._house.line.answered(self._parties.call, self._house.clock())
        self._join(agent)
        self._post(CallEvent.PUT_THROUGH)

    async def wait_in_line(self, language: str | None) -> None:
        """Until an agent may be had. Place and expected wait are told now and then; hold sound between."""
        house, call, caller = self._house, self._parties.call, self._parties.caller
        rested = house.clock() + (RING_AGAIN_AFTER if self.hunt.rang else 0.0)
        async with hearing(caller, Hold(), house):
            while house.line.waited_s(call, house.clock()) < self._profile.queue_s:
                if house.line.announce_due(call, house.clock()):
                    house.line.announced(call, house.clock())
                    await self._parties.send(caller, lambda _: self._place())
                if house.clock() >= rested and self._may_ring():
                    self._post(CallEvent.AGENT_FREE)
                    return
                await asyncio.sleep(LOOK_EVERY)
        house.line.leave(call)
        self._post(CallEvent.ANSWERING_MACHINE if self._profile.messages else CallEvent.NOBODY_ANSWERED)

    async def summon(self, address: str, name: str, language: str) -> None:
        """Rings the one who asked for a call: `address`, or, where that is empty, whichever agent accepts."""
        leg: Leg | None
        if address:
            leg = self._parties.add_agent(language, name)
            ringing = Ringing(self._house, self._parties, self._profile, leg)
            if not self.hunt.claim(name) or not await ringing.run(address):
                leg = None
        else:
            leg = await self.hunt.run(None)
        if leg is None:
            self._post(CallEvent.NOBODY_ANSWERED)
            return
        self._join(leg)
        self._post(CallEvent.AGENT_JOINED)

    async def reach_out(self, address: str) -> None:
        """Rings the one who is called, while the one who asked for it hears ringback. An empty address: another process
        has rung already."""
        agent, caller = self._parties.agent, self._parties.caller
        if agent is None:
            raise RuntimeError("somebody is to be called for nobody")
        async with hearing(agent, Ringback(), self._house):
            ringing = Ringing(self._house, self._parties, self._profile, caller)
            there = await (ringing.run(address) if address else ringing.come())
        self._post(CallEvent.PUT_THROUGH if there else CallEvent.NOT_REACHED)

    def join_line(self, since: datetime | None = None) -> int | None:
        """The caller's place in line; None: it is full. `since` is when a call began that waited with a process that
        is gone: it comes before those that began later."""
        house, profile = self._house, self._profile
        return house.line.join(
            self._parties.call,
            house.clock(),
            line=profile.name,
            limit=profile.queue_limit,
            circle=profile.circle,
            waited_s=(house.wall() - since).total_seconds() if since else 0.0,
        )

    def _join(self, agent: Leg) -> None:
        self._parties.agent = agent
        if agent.over.is_set():
            self._post(CallEvent.AGENT_LEFT)

    def _nobody(self) -> CallEvent:
        """What happens to a caller for whom nobody is free or accepts."""
        house, call, profile = self._house, self._parties.call, self._profile
        place = None
        if profile.queue_limit and (house.line.calls or self._somebody_is_busy()):
            place = self.join_line()
        if place is not None and house.line.waited_s(call, house.clock()) < profile.queue_s:
            return CallEvent.ALL_BUSY
        house.line.leave(call)
        return CallEvent.ANSWERING_MACHINE if profile.messages else CallEvent.NOBODY_ANSWERED

    def _somebody_is_busy(self) -> bool:
        """Whether an agent of this line talks or writes up a call, so that waiting makes sense."""
        house = self._house
        for status in house.agents.states(house.clock(), house.wall()):
            agent = house.agents.find(status.name)
            busy = status.busy or status.name in house.elsewhere
            at_work = status.on_duty and (busy or status.state is AgentState.WRAP_UP)
            if agent is not None and at_work and self._profile.circle.admits(agent):
                return True
        return False

    def _may_ring(self) -> bool:
        """Whether an agent is free who is not due to one who has waited longer."""
        house, call = self._house, self._parties.call
        for status in house.agents.states(house.clock(), house.wall()):
            agent = house.agents.find(status.name)
            busy = status.busy or status.name in house.elsewhere
            free = agent is not None and status.on_duty and not busy and status.state is AgentState.READY
            if agent is not None and free and house.line.next_for(agent, house.clock()) == call:
                return True
        return False

    def _place(self) -> Script:
        """Where the caller stands, and back to the hold sound."""
        caller, line, now = self._parties.caller, self._house.line, self._house.clock()
        words = load(caller.language)
        place = line.place(self._parties.call) or 1
        wait = line.expected_wait_s(place, now, self._profile.name)
        expected = () if wait is None else (words.wait(round(wait / 60)),)
        return self._reception.told(caller, words.place_in_line(place), *expected)
