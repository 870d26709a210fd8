"""Who answers: the next agent when others are busy or do not accept, and no interpreter where none is needed."""

import asyncio

import pytest

from telephony.calls.state import CallState, Outcome
from telephony.ivr.prompts import load
from telephony.simulator.scenario import Answers
from tests.scenarios.town import Town, agent, caller, lived, phone

SPANISH, ENGLISH = load("es"), load("en")


def test_two_agents_are_busy_and_the_third_accepts() -> None:
    people = tuple(phone(place) for place in range(3))
    callers = [caller(place) for place in range(3)]

    async def scenario(town: Town) -> None:
        for one in callers:
            town.rings(one)
            await asyncio.sleep(16)
        for talker, answerer in zip(callers, people, strict=True):
            assert talker.hears(answerer.tone, 47)
            assert answerer.hears(talker.tone, 47)
        assert [call.state for call in town.live] == [CallState.TALKING] * 3

    town = lived(lambda: Town(*map(agent, range(3)), people=people), scenario)
    assert [address for address, _, _ in town.carrier.dialled] == [one.number for one in people]


@pytest.mark.parametrize("fails", [Answers.BUSY, Answers.NO_ANSWER, Answers.FAILS, Answers.MACHINE])
def test_two_agents_cannot_be_had_and_the_third_accepts(fails: Answers) -> None:
    person, people = caller(), (phone(0, fails), phone(1, fails), phone(2))

    async def scenario(town: Town) -> None:
        town.rings(person)
        await town.comes_to(CallState.TALKING, within=240)
        await person.comes_to_hear(people[2].tone, within=3)
        person.hang_up()
        await town.is_quiet()

    for one in people[:2]:
        one.always = ""
    town = lived(lambda: Town(*map(agent, range(3)), people=people), scenario)
    assert town.outcomes == [Outcome.CALLER_HUNG_UP]


def test_a_machine_that_the_carrier_finds_is_let_go_without_a_word() -> None:
    person, people = caller(), (phone(0, Answers.MACHINE), phone(1))

    async def scenario(town: Town) -> None:
        town.rings(person)
        await town.comes_to(CallState.TALKING, within=30)
        await person.comes_to_hear(people[1].tone, within=3)

    lived(lambda: Town(agent(0), agent(1), people=people, detects_machines=True), scenario)
    assert people[0].was_told == []


def test_an_agent_who_speaks_the_callers_language_comes_first_and_nobody_interprets() -> None:
    person, people = caller(), (phone(0), phone(1))

    async def scenario(town: Town) -> None:
        town.rings(person)
        await town.comes_to(CallState.TALKING)
        await person.comes_to_hear(people[1].tone, within=1)
        await people[1].comes_to_hear(person.tone, within=1)

    town = lived(lambda: Town(agent(0, "en"), agent(1, "fr", "es"), people=people), scenario)
    assert [address for address, _, _ in town.carrier.dialled] == [people[1].number]
    assert town.engine.opened == []


def test_two_who_are_connected_directly_hear_each_other_bit_for_bit() -> None:
    person, person_inside = caller(), phone(0)

    async def scenario(town: Town) -> None:
        town.rings(person)
        await town.comes_to(CallState.TALKING)
        await asyncio.sleep(5)
        until = asyncio.get_running_loop().time()
        heard = person.heard.between(until - 1.0, until)
        whole = person_inside.second * 3
        assert heard in whole

    lived(lambda: Town(agent(0, "es"), people=(person_inside,)), scenario)


def test_an_agent_who_hangs_up_while_the_caller_is_put_through_is_free_again() -> None:
    person, inside = caller(), phone(0)

    async def scenario(town: Town) -> None:
        town.rings(person)
        await inside.is_told(ENGLISH.accepted)
        inside.hang_up()
        await person.is_told(SPANISH.leave_message, within=120)

    lived(lambda: Town(agent(0), people=(inside,)), scenario)
