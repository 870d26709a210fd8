"""A call as it is kept, and where it goes on in another process."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from telephony.calls.call import Call
from telephony.calls.house import House
from telephony.calls.keeping import snapshot_of, take_up
from telephony.calls.observer import Observers, Role
from telephony.calls.order import Order
from telephony.calls.profile import Profile, Profiles, house_profile
from telephony.calls.roster import Roster
from telephony.calls.snapshot import CallSnapshot, Direction
from telephony.calls.state import CallState, LegState, Outcome
from telephony.replay.memory_stream import now
from tests.calls.control import KeptControl
from tests.fakes import EchoEngine
from tests.virtual_time import in_virtual_time

S = CallState


def house(profile: Profile) -> House:
    roster = Roster.of_addresses(("+12025550130",), "en")
    return House(Profiles(profile), roster, KeptControl(), EchoEngine(), Observers(), now)


def kept(state: CallState, agent: LegState | None = None, *, out: bool = False, auto: bool = False) -> CallSnapshot:
    """A call in `state` as it is kept, its agent's leg in `agent`."""
    profile = house_profile(("es", "fr"), "en", auto=auto)
    order = Order("+12025550178", "es", "+12025550177", "en") if out else None
    call = Call(house(profile), profile, order=order, caller="digest")
    call.caller_speaks = "auto" if auto else "es"
    call.caller.language = "es"
    call.caller.restore(LegState.JOINED, "CA-caller")
    if agent is not None:
        call.parties.agent = call.parties.add_agent("en", "agent-1")
        call.parties.agent.restore(agent, "CA-agent")
    call.state = state
    return snapshot_of(call)


def taken_up(snapshot: CallSnapshot) -> Call:
    profile = house_profile(("es", "fr"), "en", auto=True)
    call = Call(house(profile), profile)
    take_up(call, snapshot)
    return call


@pytest.mark.parametrize(
    ("state", "there", "goes_on"),
    [
        (S.CHOOSING, False, S.CHOOSING),
        (S.CONNECTING, False, S.CONNECTING),
        (S.RINGING, False, S.CONNECTING),
        (S.RINGING, True, S.TALKING),
        (S.WAITING, False, S.CONNECTING),
        (S.MESSAGE, False, S.CONNECTING),
        (S.TALKING, True, S.TALKING),
        (S.TALKING, False, S.CONNECTING),
        (S.CONFERENCE, True, S.CONFERENCE),
        (S.CLOSING, True, S.CLOSING),
        (S.CLOSING, False, S.CLOSING),
    ],
)
def test_a_call_that_came_in_goes_on_where_it_can(state: CallState, there: bool, goes_on: CallState) -> None:
    async def life() -> None:
        assert taken_up(kept(state, LegState.JOINED if there else None)).state is goes_on

    in_virtual_time(life)


@pytest.mark.parametrize(
    ("state", "there", "goes_on"),
    [
        (S.SUMMONING, False, S.CLOSING),
        (S.RINGING, True, S.RINGING),
        (S.RINGING, False, S.CLOSING),
        (S.TALKING, True, S.TALKING),
        (S.TALKING, False, S.CLOSING),
    ],
)
def test_a_call_that_we_placed_needs_the_one_who_asked_for_it(
    state: CallState, there: bool, goes_on: CallState
) -> None:
    async def life() -> None:
        call = taken_up(kept(state, LegState.JOINED if there else None, out=True))
        assert (call.state, call.direction) == (goes_on, Direction.OUT)
        assert call.outcome is (Outcome.TECHNICAL_PROBLEM if goes_on is S.CLOSING else None)

    in_virtual_time(life)


def test_callers_who_waited_stand_in_line_as_before_whoever_is_found_first() -> None:
    async def life() -> None:
        profile = house_profile(("es", "fr"), "en")
        shared, first = house(profile), kept(S.WAITING)
        later = replace(first, id="later", began=first.began + timedelta(seconds=20))
        for snapshot in (later, first):
            take_up(Call(shared, profile), snapshot)
        assert shared.line.calls == (first.id, "later")

    in_virtual_time(life)


def test_a_call_that_was_not_in_line_is_not_put_there() -> None:
    async def life() -> None:
        call = taken_up(kept(S.RINGING))
        assert len(call.seeking.hunt._house.line) == 0

    in_virtual_time(life)


@pytest.mark.parametrize(("role", "may"), [(Role.AGENT, True), (Role.INTERPRETER, False)])
def test_only_an_agent_comes_back_into_the_agents_place(role: Role, may: bool) -> None:
    async def life() -> None:
        snapshot = kept(S.RINGING, LegState.ANSWERED)
        caller, other = snapshot.legs
        call = taken_up(replace(snapshot, legs=(caller, replace(other, role=role.value))))
        assert call.may_return(call.parties.legs[other.name]) is may
        assert not call.may_return(call.caller)

    in_virtual_time(life)


def test_legs_are_found_by_name_and_expected_back_and_the_agent_is_taken() -> None:
    async def life() -> None:
        snapshot = kept(S.TALKING, LegState.JOINED)
        call = taken_up(snapshot)
        assert call.id == call.parties.call == snapshot.id
        assert [(leg.name, leg.state, leg.carrier_call) for leg in call.parties.legs.values()] == [
            ("caller", LegState.AWAY, "CA-caller"),
            ("agent-1", LegState.AWAY, "CA-agent"),
        ]
        assert call.parties.agent is call.parties.legs["agent-1"]
        assert not call.seeking.hunt._house.agents.take("agent-1")

    in_virtual_time(life)


@pytest.mark.parametrize("rung", [LegState.NEW, LegState.RINGING, LegState.ANSWERED, LegState.GONE])
def test_an_agent_who_was_only_rung_is_not_expected(rung: LegState) -> None:
    async def life() -> None:
        call = taken_up(kept(S.RINGING, rung))
        assert call.parties.agent is None
        assert call.state is S.CONNECTING

    in_virtual_time(life)


def test_a_caller_who_chose_no_language_is_kept_as_such() -> None:
    async def life() -> None:
        snapshot = kept(S.TALKING, LegState.JOINED, auto=True)
        assert snapshot.legs[0].language == "auto"
        call = taken_up(snapshot)
        assert (call.caller_speaks, call.caller.language) == ("auto", "es")

    in_virtual_time(life)


def test_what_is_kept_has_no_number_in_it() -> None:
    async def life() -> None:
        assert "+1202" not in str(kept(S.RINGING, LegState.JOINED, out=True))

    in_virtual_time(life)


def test_a_call_that_was_taken_up_is_kept_as_a_newer_version() -> None:
    async def life() -> None:
        snapshot = replace(kept(S.TALKING, LegState.JOINED), version=41, session_s=12.0)
        call = taken_up(snapshot)
        running = asyncio.create_task(call.run(), name="call")
        await asyncio.sleep(0.1)
        assert call.version > 41
        assert snapshot_of(call).session_s >= 12.0
        running.cancel()
        await asyncio.wait((running,))

    in_virtual_time(life)
