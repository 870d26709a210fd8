"""What the switchboard answers: once to each question, and only to those who may ask."""

import asyncio
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from telephony.carriers.base import Answer, IncomingCall, UnknownCall
from telephony.carriers.verbs import ConnectStream, Gather
from tests.calls.silent_line import AGENTS, a_line, ringing
from tests.virtual_time import in_virtual_time


def test_a_call_announced_fifty_times_at_once_is_one_call_with_one_answer() -> None:
    async def calls() -> None:
        async with a_line() as (switchboard, _):
            answers = await asyncio.gather(*(switchboard.incoming(ringing()) for _ in range(50)))
            assert len({call for call, _, _ in answers}) == 1
            assert len({script for _, _, script in answers}) == 1
            assert len(switchboard.live) == 1

    in_virtual_time(calls)


def test_a_choice_is_made_once_and_a_repeated_request_gets_the_same_ticket() -> None:
    async def calls() -> None:
        async with a_line() as (switchboard, _):
            call, leg, _ = await switchboard.incoming(ringing())
            first = await switchboard.step(call, leg, "choice-1", ringing().carrier_call, Answer(keys="2"))
            again = await switchboard.step(call, leg, "choice-1", ringing().carrier_call, Answer(keys="3"))
            assert again is first
            assert switchboard.live[0].caller.language == "es"

    in_virtual_time(calls)


def test_wrong_keys_bring_the_menu_again_and_the_third_the_default() -> None:
    async def calls() -> None:
        async with a_line() as (switchboard, _):
            call, leg, _ = await switchboard.incoming(ringing())
            for attempt in (1, 2):
                script = await switchboard.step(call, leg, f"choice-{attempt}", ringing().carrier_call, Answer("9"))
                assert isinstance(script[0], Gather)
            script = await switchboard.step(call, leg, "choice-3", ringing().carrier_call, Answer("9"))
            assert isinstance(script[-1], ConnectStream)
            assert switchboard.live[0].caller.language == "en"

    in_virtual_time(calls)


def test_one_language_needs_no_menu() -> None:
    async def calls() -> None:
        async with a_line(("es",)) as (switchboard, _):
            _, _, script = await switchboard.incoming(ringing())
            assert isinstance(script[-1], ConnectStream)

    in_virtual_time(calls)


@pytest.mark.parametrize(
    "step", ["", "arrive", "choice", "choice-x", "menu-1", "answered", "accept", "choice-99999999999"]
)
def test_a_step_that_no_script_names_is_refused_or_harmless(step: str) -> None:
    async def calls() -> None:
        async with a_line() as (switchboard, control):
            call, leg, _ = await switchboard.incoming(ringing())
            try:
                await switchboard.step(call, leg, step, ringing().carrier_call, Answer())
            except UnknownCall:
                assert step != "choice-99999999999"
            assert control.dialled == []

    in_virtual_time(calls)


@pytest.mark.parametrize(("call_is", "leg_is", "carrier_is"), list(product("mo", "mo", "mo"))[1:])
def test_a_request_about_a_call_must_name_the_call_the_leg_and_the_carriers_call_that_belong_together(
    call_is: str, leg_is: str, carrier_is: str
) -> None:
    async def calls() -> None:
        async with a_line() as (switchboard, _):
            mine, _, _ = await switchboard.incoming(ringing(1))
            other, _, _ = await switchboard.incoming(ringing(2))
            call = mine if call_is == "m" else "0" * 32
            leg = "caller" if leg_is == "m" else "agent-1"
            carrier_call = ringing(1 if carrier_is == "m" else 2).carrier_call
            with pytest.raises(UnknownCall):
                await switchboard.step(call, leg, "choice-1", carrier_call, Answer("2"))
            assert other != mine

    in_virtual_time(calls)


@settings(max_examples=50, deadline=None)
@given(keys=st.text(), words=st.text())
def test_whatever_is_pressed_or_said_no_phone_rings_but_the_configured_one(keys: str, words: str) -> None:
    async def calls() -> None:
        async with a_line() as (switchboard, control):
            call, leg, _ = await switchboard.incoming(IncomingCall("CA1", keys, words))
            await switchboard.step(call, leg, "choice-1", "CA1", Answer(keys, words))
            assert set(control.dialled) <= set(AGENTS)

    in_virtual_time(calls)
