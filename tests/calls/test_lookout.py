"""No leg is left alone: asked after, called back, and put down within a minute."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest

from telephony.calls.lookout import MAY_RETURN_WITHIN, Lookout
from telephony.calls.parties import Parties
from telephony.calls.state import LegState
from telephony.carriers.base import LegStatus
from telephony.replay.memory_stream import now
from tests.calls.control import KeptControl, parties_of, rung
from tests.virtual_time import in_virtual_time

Watched = Callable[[KeptControl, Parties], Awaitable[None]]


@asynccontextmanager
async def looked_after(control: KeptControl, parties: Parties) -> AsyncIterator[None]:
    looking = asyncio.create_task(Lookout(parties, control, now).run(), name="lookout")
    await asyncio.sleep(0)
    try:
        yield
    finally:
        looking.cancel()
        await asyncio.wait((looking,))


def watched(test: Watched) -> None:
    async def life() -> None:
        control = KeptControl()
        parties = parties_of(control)
        for leg in parties.talkers:
            leg.reach(LegState.JOINED)
            leg.reach(LegState.AWAY)
        await test(control, parties)

    in_virtual_time(life)


def test_one_who_is_away_for_40_s_is_asked_after_and_called_back_once() -> None:
    async def test(control: KeptControl, parties: Parties) -> None:
        parties.agent = None
        async with looked_after(control, parties):
            await asyncio.sleep(38)
            assert control.asked("standing") == control.asked("after") == []
            await asyncio.sleep(12)
            assert control.asked("standing")[:1] == ["caller"]
            assert control.asked("after").count("caller") == 1

    watched(test)


def test_one_who_does_not_come_back_then_is_put_down_before_a_minute_is_over() -> None:
    async def test(control: KeptControl, parties: Parties) -> None:
        async with looked_after(control, parties):
            await asyncio.sleep(59)
        assert sorted(control.asked("hang up")) == ["agent-1", "caller"]
        assert parties.present == ()

    watched(test)


def test_one_who_is_heard_of_again_is_left_in_peace() -> None:
    async def test(control: KeptControl, parties: Parties) -> None:
        async with looked_after(control, parties):
            await asyncio.sleep(45)
            for leg in parties.talkers:
                leg.contact_at = now()
            await asyncio.sleep(30)
        assert control.asked("hang up") == []
        assert len(parties.present) == 2

    watched(test)


@pytest.mark.parametrize("status", [status for status in LegStatus if status.final])
def test_one_whom_the_carrier_says_is_over_is_gone(status: LegStatus) -> None:
    async def test(control: KeptControl, parties: Parties) -> None:
        control.standings["CA-caller"] = status
        async with looked_after(control, parties):
            await asyncio.sleep(42)
        assert parties.caller.gone.is_set()
        assert "caller" not in control.asked("after")

    watched(test)


def test_one_in_the_conference_is_asked_after_and_never_called_out_of_it() -> None:
    async def test(control: KeptControl, parties: Parties) -> None:
        parties.caller.confers = True
        async with looked_after(control, parties):
            await asyncio.sleep(200)
        assert not parties.caller.gone.is_set()
        assert "caller" not in control.asked("after") + control.asked("hang up")
        assert 3 <= control.asked("standing").count("caller") <= 6

    watched(test)


@pytest.mark.parametrize("state", [LegState.NEW, LegState.RINGING])
def test_a_phone_that_rings_for_nobody_any_more_is_let_go_at_once(state: LegState) -> None:
    async def test(control: KeptControl, parties: Parties) -> None:
        leg = rung(parties)
        leg.reach(state)
        control.standings["CA-agent-2"] = LegStatus.RINGING
        async with looked_after(control, parties):
            await asyncio.sleep(1)
            assert control.asked("hang up") == [leg.name]
            await asyncio.sleep(25)
            assert leg.gone.is_set()

    watched(test)


@pytest.mark.parametrize("known", [LegState.NEW, LegState.RINGING, LegState.ANSWERED])
def test_one_who_has_answered_has_time_to_come_back_and_is_told_then_why_not(known: LegState) -> None:
    async def test(control: KeptControl, parties: Parties) -> None:
        leg = rung(parties)
        leg.reach(known)
        async with looked_after(control, parties):
            await asyncio.sleep(MAY_RETURN_WITHIN)
            assert control.asked("after") + control.asked("hang up") == []
            await asyncio.sleep(2)
            assert control.asked("after") == [leg.name]
            await asyncio.sleep(20)
            assert leg.gone.is_set()

    watched(test)


def test_a_phone_that_is_being_rung_rings_on() -> None:
    async def test(control: KeptControl, parties: Parties) -> None:
        leg = rung(parties)
        leg.reach(LegState.RINGING)
        leg.rung = True
        async with looked_after(control, parties):
            await asyncio.sleep(30)
        assert leg.name not in [name for name, _ in control.orders]

    watched(test)
