"""The legs of a call: sending them elsewhere, letting them go, and who has a place in it."""

import asyncio

import pytest

from telephony.calls.observer import Role
from telephony.calls.state import LegState
from telephony.carriers.base import Answer
from telephony.carriers.verbs import Hangup, Script
from tests.calls.control import KeptControl, parties_of, rung
from tests.calls.silent_line import OpenStream
from tests.virtual_time import in_virtual_time


def plan(_: Answer) -> Script:
    return (Hangup(),)


@pytest.mark.parametrize("state", LegState)
def test_only_a_leg_that_has_been_answered_can_be_sent_elsewhere(state: LegState) -> None:
    async def life() -> None:
        control = KeptControl()
        parties = parties_of(control)
        parties.caller.reach(state)
        sent = await parties.send(parties.caller, plan)
        assert sent is (state in (LegState.ANSWERED, LegState.JOINED, LegState.AWAY))
        assert len(control.orders) == sent
        assert (parties.caller.sent_to is not None) is sent

    in_virtual_time(life)


def test_each_plan_has_a_step_of_its_own() -> None:
    async def life() -> None:
        control = KeptControl()
        parties = parties_of(control)
        parties.caller.reach(LegState.JOINED)
        for _ in range(3):
            await parties.send(parties.caller, plan)
        assert len({step for _, step in control.orders}) == 3
        assert parties.caller.sent_to == control.orders[-1][1]

    in_virtual_time(life)


def test_a_carrier_that_refuses_is_said_so() -> None:
    async def life() -> None:
        control = KeptControl()
        control.refuses = True
        parties = parties_of(control)
        parties.caller.reach(LegState.JOINED)
        assert not await parties.send(parties.caller, plan)

    in_virtual_time(life)


def test_a_stream_that_ends_while_a_leg_is_on_its_way_elsewhere_is_not_the_end_of_the_leg() -> None:
    """A leg that was sent on from outside a stream may open one before the order reaches it."""

    async def life() -> None:
        parties = parties_of(KeptControl())
        caller = parties.caller
        caller.reach(LegState.ANSWERED)
        await parties.send(caller, plan)
        stream = OpenStream("CA-caller", "token")
        carrying = asyncio.create_task(caller.carry(stream), name="carry")
        await asyncio.sleep(1)
        stream.stops(leg_ended=True)
        await carrying
        assert not caller.gone.is_set()
        caller.sent_to = None
        again = OpenStream("CA-caller", "token")
        carrying = asyncio.create_task(caller.carry(again), name="carry")
        await asyncio.sleep(1)
        again.stops(leg_ended=True)
        await carrying
        assert caller.gone.is_set()

    in_virtual_time(life)


def test_who_was_rung_in_vain_has_no_place_in_the_call() -> None:
    async def life() -> None:
        parties = parties_of(KeptControl())
        vain, being_rung = rung(parties), rung(parties)
        being_rung.rung = True
        human = parties.human = parties.add("human-4", Role.INTERPRETER, "en")
        assert [parties.belongs(leg) for leg in (parties.caller, human, vain, being_rung)] == [True, True, False, False]
        assert parties.strays == (vain,)
        vain.reach(LegState.GONE)
        assert vain not in parties.strays

    in_virtual_time(life)


@pytest.mark.parametrize(
    ("state", "orders"),
    [
        (LegState.NEW, ["hang up"]),
        (LegState.RINGING, ["hang up"]),
        (LegState.ANSWERED, ["after"]),
        (LegState.JOINED, []),
        (LegState.GONE, []),
    ],
)
def test_one_who_has_answered_is_let_go_with_a_word_and_a_phone_that_rings_just_stops(
    state: LegState, orders: list[str]
) -> None:
    async def life() -> None:
        control = KeptControl()
        parties = parties_of(control)
        leg = rung(parties)
        leg.reach(state)
        await parties.let_go(leg)
        assert [order for _, order in control.orders] == orders

    in_virtual_time(life)


def test_one_who_has_been_told_why_is_not_sent_to_hear_it_again() -> None:
    async def life() -> None:
        control = KeptControl()
        parties = parties_of(control)
        leg = rung(parties)
        leg.reach(LegState.ANSWERED)
        leg.told_why = True
        await parties.let_go(leg)
        assert control.orders == []

    in_virtual_time(life)
