"""Reports and questions of a carrier in every order and more than once: the record of the call is the same.

What causes what stays in order: a leg asks its second step after the first, its stream begins after that, and it is
reported over after its stream began. All the other reports come whenever they like.
"""

import asyncio
from collections.abc import Iterator
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from telephony.calls.house import House
from telephony.calls.observer import Observers
from telephony.calls.profile import Profiles, house_profile
from telephony.calls.roster import Roster
from telephony.calls.snapshot import CallSnapshot
from telephony.calls.switchboard import Switchboard
from telephony.carriers.base import (
    Answer,
    IncomingCall,
    LegStatus,
    UnknownCall,
)
from telephony.carriers.verbs import Hangup, Redirect, Script
from telephony.replay.memory_stream import now
from tests.calls.silent_line import OpenStream, SilentControl, ticket_in
from tests.fakes import EchoEngine
from tests.scenarios.register import MemoryRegister
from tests.virtual_time import in_virtual_time

CALLER = "CAcaller"
CAUSES = (("answered", "accept"), ("accept", "joins"), ("joins", "leaves"), ("joins", "completed"))
EVENTS = ("answered", "accept", "joins", "leaves", "completed", "is ringing", "was answered")


def orders() -> Iterator[tuple[str, ...]]:
    for order in permutations(EVENTS):
        if all(order.index(cause) < order.index(effect) for cause, effect in CAUSES):
            yield order


class OneCall:
    """A caller in a call, an agent whose phone rings, and everything that a carrier may say about the agent's leg."""

    def __init__(self) -> None:
        self.register = MemoryRegister()
        profiles, roster = Profiles(house_profile(("es",), "en")), Roster.of_addresses(("+12025550122",), "en")
        house = House(profiles, roster, SilentControl(), EchoEngine(), Observers(), now, self.register)
        self.switchboard = Switchboard(house)
        self._joined: list[asyncio.Task[None]] = []

    async def begins(self) -> None:
        self.call, _, script = await self.switchboard.incoming(IncomingCall(CALLER, "+12025550111", "+12025550100"))
        self.caller = OpenStream(CALLER, ticket_in(script))
        self._join("caller", self.caller)
        await asyncio.sleep(0.5)
        self.agents_call = f"{self.call}-agent-1"

    async def happens(self, event: str) -> None:
        match event:
            case "answered":
                await self._asks("answered", Answer())
            case "accept":
                self.way_in = await self._asks("accept", Answer("1"))
            case "joins":
                self.agent = OpenStream(self.agents_call, ticket_in(self.way_in))
                self._join("agent-1", self.agent)
            case "leaves":
                self.agent.stops(leg_ended=True)
            case "is ringing":
                await self._reported(LegStatus.RINGING)
            case "was answered":
                await self._reported(LegStatus.ANSWERED)
            case "completed":
                await self._reported(LegStatus.COMPLETED)
        await asyncio.sleep(0.01)

    async def ends(self) -> CallSnapshot:
        """The caller is told why, and hangs up."""
        await asyncio.sleep(1)
        script = await self.switchboard.step(self.call, "caller", "after-x", CALLER, Answer())
        assert script[-1] == Hangup()
        for _ in range(2):
            await self.switchboard.line_status(CALLER, LegStatus.COMPLETED)
        async with asyncio.timeout(60):
            while self.switchboard.live:
                await asyncio.sleep(0.1)
        await asyncio.gather(*self._joined)
        await self.switchboard.close()
        (record,) = self.register.calls.values()
        return record

    def _join(self, leg: str, stream: OpenStream) -> None:
        serving = self.switchboard.stream(self.call, leg, stream)
        self._joined.append(asyncio.create_task(serving, name=f"stream of {leg}"))

    async def _asks(self, step: str, answer: Answer) -> Script:
        first = await self.switchboard.step(self.call, "agent-1", step, self.agents_call, answer)
        assert await self.switchboard.step(self.call, "agent-1", step, self.agents_call, Answer("9")) is first
        return first

    async def _reported(self, status: LegStatus) -> None:
        for _ in range(2):
            await self.switchboard.status(self.call, "agent-1", self.agents_call, status)


def record(order: tuple[str, ...]) -> tuple[object, ...]:
    """What is kept of a call in which everything happens in this order."""

    async def life() -> CallSnapshot:
        call = OneCall()
        await call.begins()
        for event in order:
            await call.happens(event)
        return await call.ends()

    kept = in_virtual_time(life)
    legs = tuple((leg.name, leg.role, leg.language, leg.state, leg.party) for leg in kept.legs)
    return kept.direction, kept.line, kept.state, kept.outcome, kept.ended is not None, legs


def test_every_order_of_reports_and_questions_ends_in_the_same_record() -> None:
    records = {record(order) for order in orders()}
    assert len(records) == 1


def test_there_are_as_many_orders_as_expected() -> None:
    assert len(list(orders())) == 84


@settings(max_examples=30, deadline=None)
@given(st.lists(st.sampled_from(list(LegStatus)), max_size=12))
def test_whatever_is_reported_of_a_phone_that_rings_the_call_ends_in_order(reports: list[LegStatus]) -> None:
    async def life() -> None:
        call = OneCall()
        await call.begins()
        for status in reports:
            await call.switchboard.status(call.call, "agent-1", call.agents_call, status)
            await asyncio.sleep(0.01)
        call.caller.stops(leg_ended=True)
        await asyncio.sleep(60)
        call.register.check_all_over()
        await call.switchboard.close()
        await asyncio.gather(*call._joined)

    in_virtual_time(life)


@pytest.mark.parametrize("step", ["arrival", "answered", "accept", "choice-1", "silence-3", "after-1", "then-1", "say"])
@pytest.mark.parametrize("leg", ["caller", "agent-1", "human-2", ""])
def test_a_question_about_a_call_that_never_was_is_refused_and_nothing_else(leg: str, step: str) -> None:
    async def life() -> None:
        call = OneCall()
        with pytest.raises(UnknownCall):
            await call.switchboard.step("0" * 32, leg, step, "CA1", Answer("1"))
        with pytest.raises(UnknownCall):
            await call.switchboard.status("0" * 32, leg, "CA1", LegStatus.COMPLETED)
        with pytest.raises(UnknownCall):
            await call.switchboard.line_status("CA1", LegStatus.COMPLETED)
        assert not call.switchboard.expects_stream("0" * 32, leg)
        assert call.register.calls == {}

    in_virtual_time(life)


@pytest.mark.parametrize("step", ["choice-1", "silence-1", "after-1", "then-1", "answered", "accept"])
def test_a_question_after_the_end_of_a_call_is_answered_with_a_farewell(step: str) -> None:
    async def life() -> None:
        call = OneCall()
        await call.begins()
        for event in ("answered", "accept", "joins", "leaves", "completed"):
            await call.happens(event)
        await call.ends()
        for leg, carrier_call in (("caller", CALLER), ("agent-1", call.agents_call)):
            try:
                script = await call.switchboard.step(call.call, leg, step, carrier_call, Answer("1"))
            except UnknownCall:
                continue
            assert script[-1] == Hangup() or (leg, step) in (("agent-1", "accept"), ("agent-1", "answered"))
            assert not any(isinstance(verb, Redirect) for verb in script)
            assert not call.switchboard.expects_stream(call.call, leg)

    in_virtual_time(life)
