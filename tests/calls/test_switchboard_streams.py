"""Which streams may join a call at the switchboard: those with its ticket, once, while it lasts."""

import asyncio
from itertools import product

import pytest

from telephony.carriers.base import UnknownCall
from tests.calls.silent_line import OpenStream, a_line, ringing, ticket_in
from tests.virtual_time import in_virtual_time


def test_of_all_streams_that_ask_only_the_right_ticket_with_the_right_call_joins_and_only_once() -> None:
    async def calls() -> None:
        async with a_line(("es",)) as (switchboard, _):
            first, leg, script = await switchboard.incoming(ringing(1))
            second, _, other_script = await switchboard.incoming(ringing(2))
            ticket, other_ticket = ticket_in(script), ticket_in(other_script)
            accepted = []
            for token, number, call in product((other_ticket, "", "x" * 43, ticket), (2, 1), (second, first)):
                stream = OpenStream(ringing(number).carrier_call, token)
                joining = asyncio.create_task(switchboard.stream(call, leg, stream), name="join")
                await asyncio.sleep(0.1)
                if joining.done():
                    with pytest.raises(UnknownCall):
                        joining.result()
                else:
                    accepted.append((token, number, call))
                    await stream.close("enough")
                    await joining
            assert accepted == [(other_ticket, 2, second), (ticket, 1, first)]
            with pytest.raises(UnknownCall):
                await switchboard.stream(first, leg, OpenStream(ringing(1).carrier_call, ticket))

    in_virtual_time(calls)


def test_a_stream_that_was_refused_leaves_the_ticket_to_its_owner() -> None:
    async def calls() -> None:
        async with a_line(("es",)) as (switchboard, _):
            call, leg, script = await switchboard.incoming(ringing(1))
            with pytest.raises(UnknownCall):
                await switchboard.stream(call, leg, OpenStream(ringing(7).carrier_call, ticket_in(script)))
            assert switchboard.expects_stream(call, leg)

    in_virtual_time(calls)


def test_a_stream_that_comes_when_the_call_is_being_closed_is_refused() -> None:
    async def calls() -> None:
        async with a_line(("es",)) as (switchboard, _):
            call, leg, script = await switchboard.incoming(ringing())
            closing = asyncio.create_task(switchboard.close(), name="close")
            await asyncio.sleep(1)
            with pytest.raises(UnknownCall):
                await switchboard.stream(call, leg, OpenStream(ringing().carrier_call, ticket_in(script)))
            await closing

    in_virtual_time(calls)
