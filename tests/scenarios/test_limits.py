"""Bounds: the longest time of a call, calls at once under a flood, and a store that does not answer."""

import asyncio
from dataclasses import replace

import pytest

from telephony.calls.guards.limits import Bounds
from telephony.calls.profile import house_profile
from telephony.calls.state import CallState, Outcome
from telephony.carriers.base import IncomingCall
from telephony.carriers.verbs import Hangup
from telephony.ivr.prompts import load
from telephony.replay.memory_carrier import LINE
from telephony.replay.memory_stream import now
from telephony.simulator.scenario import Who
from tests.scenarios.town import Town, agent, caller, lived, phone

ENGLISH, SPANISH = load("en"), load("es")


def test_the_longest_time_is_told_a_minute_before_and_kept() -> None:
    person, inside = caller(), phone(0)
    profile = replace(house_profile(("en", "es"), "en", LINE), max_call_s=120.0)

    async def scenario(town: Town) -> None:
        town.rings(person)
        told = await person.is_told(SPANISH.time_limit, within=90)
        assert ENGLISH.time_limit in inside.was_told
        await person.comes_to_hear(inside.tone, within=5)
        over = await person.is_told(SPANISH.time_up, within=70)
        assert ENGLISH.time_up in inside.was_told
        assert [told, over] == pytest.approx([60, 120], abs=1)
        await town.is_quiet()

    town = lived(lambda: Town(agent(0), people=(inside,), profile=profile), scenario)
    assert town.outcomes == [Outcome.LONGEST_TIME]
    assert [limit for _, _, limit in town.carrier.dialled] == [180]


def test_a_flood_of_200_calls_a_second_leaves_accepted_calls_unharmed_and_the_rest_are_told_at_once() -> None:
    people, inside = [caller(n) for n in range(2)], tuple(phone(n) for n in range(2))
    waits = []

    async def scenario(town: Town) -> None:
        for person in people:
            town.rings(person)
        await asyncio.sleep(20)
        broken_before = town.carrier.underruns()
        for flooded in range(4000):
            asked = now()
            incoming = IncomingCall(f"flood-{flooded}", f"+1202555{flooded:04d}", LINE)
            *_, script = await town.process.switchboard.incoming(incoming)
            waits.append(now() - asked)
            assert script == (ENGLISH.say(ENGLISH.line_full), Hangup())
            await asyncio.sleep(1 / 200)
        assert [call.state for call in town.live] == [CallState.TALKING] * 2
        assert town.carrier.underruns() == broken_before
        for person in people:
            assert any(person.hears(one.tone, now() - 19) for one in inside)

    town = lived(lambda: Town(*map(agent, range(2)), people=inside, bounds=Bounds(calls_at_once=2)), scenario)
    assert sorted(waits)[len(waits) * 99 // 100] < 0.3
    assert town.turned_away == ["line-full"] * 4000
    assert len(town.register.calls) == 2


def test_a_caller_who_has_rung_too_often_is_told_so() -> None:
    person = caller()

    async def scenario(town: Town) -> None:
        for _ in range(2):
            town.rings(person)
            await asyncio.sleep(2)
            person.hang_up()
            await town.is_quiet()
        town.rings(person)
        await person.is_told(ENGLISH.caller_limit)

    lived(lambda: Town(bounds=Bounds(calls_an_hour=2)), scenario)


def test_calls_go_on_while_the_store_does_not_answer() -> None:
    person, inside = caller(), phone(0)

    async def scenario(town: Town) -> None:
        town.register.hangs = 60.0
        town.rings(person)
        await person.is_told(ENGLISH.greeting, within=0.5)
        await town.comes_to(CallState.TALKING)
        await inside.comes_to_hear(person.tone, within=4)
        await person.comes_to_hear(inside.tone, within=4)

    town = lived(lambda: Town(agent(0), people=(inside,)), scenario)
    assert town.carrier.underruns() == dict.fromkeys(Who, 0)


def test_a_store_that_is_away_for_a_while_after_a_restart_does_not_end_calls() -> None:
    person, inside = caller(), phone(0)

    async def scenario(town: Town) -> None:
        town.rings(person)
        await town.comes_to(CallState.TALKING)
        await asyncio.sleep(2)
        town.register.hangs = 60.0
        await town.process_dies()
        await asyncio.sleep(15)
        town.register.hangs = 0.0
        await inside.comes_to_hear(person.tone, within=10)
        await person.comes_to_hear(inside.tone, within=10)

    lived(lambda: Town(agent(0), people=(inside,)), scenario)


def test_a_dead_process_and_a_store_that_hangs_end_with_a_valid_answer() -> None:
    """Nobody knows the call any more: the legs are hung up, and the register is put right when it answers again."""
    person, inside = caller(), phone(0)

    async def scenario(town: Town) -> None:
        town.rings(person)
        await town.comes_to(CallState.TALKING)
        await asyncio.sleep(2)
        town.register.hangs = 60.0
        await town.process_dies()
        await asyncio.sleep(60)
        assert town.carrier.living == []
        town.register.hangs = 0.0
        await asyncio.sleep(150)

    lived(lambda: Town(agent(0), people=(inside,)), scenario)
