"""How calls end at the switchboard: by reports, by a caller who never chooses, and when it is closed."""

import asyncio

from telephony.carriers.base import Answer, LegStatus
from telephony.carriers.verbs import Gather, Hangup
from tests.calls.silent_line import OpenStream, a_line, ringing, ticket_in
from tests.virtual_time import in_virtual_time


def test_reports_about_a_call_that_is_over_are_harmless() -> None:
    async def calls() -> None:
        async with a_line() as (switchboard, _):
            call, leg, _ = await switchboard.incoming(ringing())
            await switchboard.line_status(ringing().carrier_call, LegStatus.COMPLETED)
            while switchboard.live:
                await asyncio.sleep(0.1)
            for status in LegStatus:
                await switchboard.status(call, leg, ringing().carrier_call, status)
            late = await switchboard.step(call, leg, "choice-2", ringing().carrier_call, Answer("1"))
            assert late[-1] == Hangup()
            assert not switchboard.expects_stream(call, leg)

    in_virtual_time(calls)


def test_a_caller_who_never_chooses_is_told_and_hung_up_in_the_end() -> None:
    async def calls() -> None:
        async with a_line() as (switchboard, control):
            await switchboard.incoming(ringing())
            async with asyncio.timeout(210):
                while switchboard.live:
                    await asyncio.sleep(1)
            assert control.redirected == [("caller", "after")]
            assert control.ended == [ringing().carrier_call]

    in_virtual_time(calls)


def test_closing_the_switchboard_ends_every_call_and_lets_every_leg_go() -> None:
    async def calls() -> None:
        async with a_line() as (switchboard, control):
            for number in range(5):
                await switchboard.incoming(ringing(number))
            await switchboard.close()
            assert switchboard.live == ()
            assert len(control.ended) == 5

    in_virtual_time(calls)


def test_an_agent_in_the_whisper_has_time_to_hear_that_the_caller_left() -> None:
    async def calls() -> None:
        async with a_line(("es",)) as (switchboard, control):
            call, leg, script = await switchboard.incoming(ringing())
            stream = OpenStream(ringing().carrier_call, ticket_in(script))
            joining = asyncio.create_task(switchboard.stream(call, leg, stream), name="join")
            await asyncio.sleep(1)
            whisper = await switchboard.step(call, "agent-1", "answered", f"{call}-agent-1", Answer())
            assert isinstance(whisper[0], Gather)
            await switchboard.line_status(ringing().carrier_call, LegStatus.COMPLETED)
            await asyncio.sleep(10)
            assert control.redirected == [("agent-1", "after")]
            assert control.ended == []
            await asyncio.sleep(15)
            assert control.ended == [f"{call}-agent-1"]
            await stream.close("the test is over")
            await joining

    in_virtual_time(calls)
