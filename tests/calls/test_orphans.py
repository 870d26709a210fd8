"""Calls in the register that nobody carries: taken up, or closed where everybody has hung up."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace

from telephony.calls.house import House
from telephony.calls.observer import Observers
from telephony.calls.orphans import Orphans
from telephony.calls.profile import Profiles, house_profile
from telephony.calls.roster import Roster
from telephony.calls.snapshot import CallSnapshot
from telephony.calls.state import CallState, LegState, Outcome
from telephony.calls.switchboard import Switchboard
from telephony.carriers.base import IncomingCall, LegStatus
from telephony.replay.memory_stream import now
from tests.calls.control import KeptControl
from tests.calls.test_keeping import kept
from tests.fakes import EchoEngine
from tests.scenarios.register import MemoryRegister
from tests.virtual_time import in_virtual_time


class Found:
    """A register with one open call, and a process that does not carry it."""

    def __init__(self, call: CallSnapshot) -> None:
        self.call = call
        self.control, self.register = KeptControl(), MemoryRegister()
        self.register.keep(call)
        profiles, roster = Profiles(house_profile(("es", "fr"), "en")), Roster.of_addresses(("+12025550130",), "en")
        self.house = House(profiles, roster, self.control, EchoEngine(), Observers(), now, self.register)
        self.switchboard = Switchboard(self.house)
        self.orphans = Orphans(self.house, self.switchboard)

    @property
    def record(self) -> CallSnapshot:
        return self.register.calls[self.call.id]


def looked(test: Callable[[Found], Awaitable[None]], state: CallState = CallState.TALKING) -> None:
    async def life() -> None:
        found = Found(kept(state, LegState.JOINED))
        await test(found)
        await found.switchboard.close()

    in_virtual_time(life)


def test_a_call_that_stands_still_is_taken_up_and_its_legs_are_called_back() -> None:
    async def test(found: Found) -> None:
        await found.orphans.look()
        assert not found.switchboard.live
        await found.orphans.look()
        assert [taken_up.id for taken_up in found.switchboard.live] == [found.call.id]
        assert sorted(found.control.asked("after")) == ["agent-1", "caller"]

    looked(test)


def test_a_call_that_another_process_carries_is_left_alone() -> None:
    async def test(found: Found) -> None:
        for version in range(10, 15):
            found.register.keep(replace(found.call, version=version))
            await found.orphans.look()
        assert not found.switchboard.live
        assert found.control.orders == []

    looked(test)


def test_a_call_whose_legs_are_all_over_is_closed() -> None:
    async def test(found: Found) -> None:
        found.control.standings = {"CA-caller": LegStatus.COMPLETED, "CA-agent": LegStatus.COMPLETED}
        for _ in range(2):
            await found.orphans.look()
        assert not found.switchboard.live
        assert (found.record.state, found.record.outcome) == (CallState.ENDED, Outcome.TECHNICAL_PROBLEM)
        assert {leg.state for leg in found.record.legs} == {LegState.GONE}

    looked(test)


def test_where_one_has_hung_up_the_other_is_told_and_the_call_ends() -> None:
    async def test(found: Found) -> None:
        found.control.standings = {"CA-caller": LegStatus.COMPLETED}
        for _ in range(2):
            await found.orphans.look()
        await asyncio.sleep(60)
        assert not found.switchboard.live
        assert found.record.outcome is Outcome.CALLER_HUNG_UP
        assert found.control.asked("after") == ["agent-1"]

    looked(test)


def test_nobody_is_called_out_of_a_conference() -> None:
    async def test(found: Found) -> None:
        for _ in range(2):
            await found.orphans.look()
        assert [call.state for call in found.switchboard.live] == [CallState.CONFERENCE]
        assert found.control.asked("after") == []

    looked(test, CallState.CONFERENCE)


def test_a_caller_whom_the_carrier_has_announced_again_stays_in_his_new_call() -> None:
    async def test(found: Found) -> None:
        await found.switchboard.incoming(IncomingCall("CA-caller", "+12025550111", "+12025550100"))
        for _ in range(2):
            await found.orphans.look()
        assert found.record.state is CallState.ENDED
        assert found.control.asked("after") == []

    looked(test)


def test_a_call_is_adopted_once_however_many_find_it() -> None:
    async def test(found: Found) -> None:
        assert found.switchboard.adopt(found.call) is found.switchboard.adopt(found.call)
        assert len(found.switchboard.live) == 1

    looked(test)


def test_an_agent_in_a_call_that_nobody_here_carries_is_not_rung_until_it_is_taken_up() -> None:
    async def test(found: Found) -> None:
        await found.orphans.look()
        assert found.house.elsewhere == {"agent-1"}
        await found.orphans.look()
        assert found.house.elsewhere == set()
        assert found.house.agents.states(now(), found.house.wall())[0].busy

    looked(test)
