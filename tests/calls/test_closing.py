"""The end: every leg hears why, and none is left, whatever the carrier does."""

import asyncio

import pytest

from telephony.calls.closing import Closing
from telephony.calls.parties import Parties
from telephony.calls.state import LegState
from telephony.replay.memory_stream import now
from tests.calls.control import KeptControl, parties_of
from tests.calls.silent_line import OpenStream
from tests.virtual_time import in_virtual_time


async def streams(parties: Parties) -> "asyncio.Task[None]":
    stream = OpenStream("CA-caller", "token")
    carrying = asyncio.create_task(parties.caller.carry(stream), name="carry")
    await asyncio.sleep(0.1)
    return carrying


def test_one_with_a_stream_asks_by_itself_and_one_without_is_sent_to_hear_why() -> None:
    async def life() -> None:
        control = KeptControl()
        parties = parties_of(control)
        assert parties.agent
        parties.agent.reach(LegState.ANSWERED)
        carrying = await streams(parties)
        await Closing(parties, control).run()
        await carrying
        assert control.asked("after") == ["agent-1"]
        assert sorted(control.asked("hang up")) == ["agent-1", "caller"]
        assert parties.present == ()

    in_virtual_time(life)


def test_nobody_is_hung_up_who_goes_by_himself() -> None:
    async def life() -> None:
        control = KeptControl()
        parties = parties_of(control)
        for leg in parties.talkers:
            leg.reach(LegState.ANSWERED)
        closing = asyncio.create_task(Closing(parties, control).run(), name="closing")
        await asyncio.sleep(5)
        for leg in parties.talkers:
            leg.reach(LegState.GONE)
        await closing
        assert control.asked("hang up") == []
        assert now() == pytest.approx(5)

    in_virtual_time(life)


def test_a_phone_that_rings_just_stops() -> None:
    async def life() -> None:
        control = KeptControl()
        parties = parties_of(control)
        assert parties.agent
        parties.agent.reach(LegState.RINGING)
        parties.caller.reach(LegState.GONE)
        await Closing(parties, control).run()
        assert control.orders == [("agent-1", "hang up")]
        assert now() < 0.1

    in_virtual_time(life)


def test_a_stream_of_a_leg_that_was_reported_gone_is_ended_too() -> None:
    async def life() -> None:
        control = KeptControl()
        parties = parties_of(control)
        parties.agent = None
        carrying = await streams(parties)
        parties.caller.reach(LegState.GONE)
        await Closing(parties, control).run()
        await asyncio.wait_for(carrying, 1)

    in_virtual_time(life)
