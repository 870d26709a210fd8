"""A media socket breaks in mid-talk, a leg is never heard of again, and services are restarted under live calls."""

import asyncio

import pytest

from telephony.calls.state import CallState, Outcome
from telephony.ivr.prompts import load
from telephony.replay.memory_stream import now
from tests.scenarios.person import Person
from tests.scenarios.town import Town, agent, caller, lived, phone

SPANISH, ENGLISH = load("es"), load("en")


async def talk(town: Town, person: Person) -> None:
    town.rings(person)
    await town.comes_to(CallState.TALKING)
    await asyncio.sleep(3)


@pytest.mark.parametrize("whose", ["caller", "agent"])
def test_the_party_whose_socket_breaks_is_back_at_once(whose: str) -> None:
    person, inside = caller(), phone(0)

    async def scenario(town: Town) -> None:
        await talk(town, person)
        town.carrier.break_streams(person if whose == "caller" else inside)
        await person.comes_to_hear(inside.tone, within=2)
        await inside.comes_to_hear(person.tone, within=2)
        assert len(town.engine.opened) == 2

    lived(lambda: Town(agent(0), people=(inside,)), scenario)


def test_a_socket_that_breaks_while_the_caller_waits_is_opened_again() -> None:
    person, inside = caller(), phone(0, rings=10.0)

    async def scenario(town: Town) -> None:
        town.rings(person)
        await town.comes_to(CallState.RINGING)
        await asyncio.sleep(2)
        town.carrier.break_streams()
        await inside.comes_to_hear(person.tone, within=30)

    lived(lambda: Town(agent(0), people=(inside,)), scenario)


def test_a_leg_that_never_asks_again_is_called_back_within_a_minute() -> None:
    """The carrier has lost the place in its script: nothing is asked and nothing comes."""
    person, inside = caller(), phone(0)

    async def scenario(town: Town) -> None:
        await talk(town, person)
        town.carrier.loses(inside)
        lost = now()
        await asyncio.sleep(1)
        await inside.comes_to_hear(person.tone, within=60)
        assert now() - lost > 30

    lived(lambda: Town(agent(0), people=(inside,)), scenario)


def test_a_leg_that_does_not_follow_even_then_is_put_down_within_a_minute() -> None:
    person, inside = caller(), phone(0)

    async def scenario(town: Town) -> None:
        await talk(town, person)
        town.carrier.loses(inside, for_good=True)
        await person.is_told(SPANISH.other_hung_up, within=60)
        await town.is_quiet()

    assert lived(lambda: Town(agent(0), people=(inside,)), scenario).outcomes == [Outcome.AGENT_HUNG_UP]


def test_a_drained_service_takes_no_new_calls_and_lets_those_that_are_up_go_on() -> None:
    person, late, inside = caller(), caller(1), phone(0)

    async def scenario(town: Town) -> None:
        await talk(town, person)
        draining = asyncio.create_task(town.process.switchboard.drain(60), name="drain")
        await asyncio.sleep(1)
        town.rings(late)
        await late.is_told(ENGLISH.line_full)
        await inside.comes_to_hear(person.tone, within=2)
        assert not draining.done()
        person.hang_up()
        await draining

    assert lived(lambda: Town(agent(0), people=(inside,)), scenario).turned_away == ["draining"]


def test_at_the_limit_of_a_drain_the_parties_are_told() -> None:
    person, inside = caller(), phone(0)

    async def scenario(town: Town) -> None:
        await talk(town, person)
        await town.process.switchboard.drain(30)
        await town.process.switchboard.close()
        assert person.was_told[-1] == SPANISH.service_ending
        assert inside.was_told[-1] == ENGLISH.service_ending

    assert lived(lambda: Town(agent(0), people=(inside,)), scenario).outcomes == [Outcome.SERVICE_ENDED]


def test_restarts_under_two_calls_lose_none() -> None:
    people, inside = [caller(n) for n in range(2)], tuple(phone(n) for n in range(2))

    async def scenario(town: Town) -> None:
        for person in people:
            town.rings(person)
        await asyncio.sleep(18)
        assert [call.state for call in town.live] == [CallState.TALKING] * 2
        pairs = {one: next(o for o in inside if o.hears(one.tone, now() - 1)) for one in people}
        for _ in range(2):
            await town.process_dies()
            for one, other in pairs.items():
                await one.comes_to_hear(other.tone, within=3)
                await other.comes_to_hear(one.tone, within=3)

    town = lived(lambda: Town(*map(agent, range(2)), people=inside), scenario)
    assert len(town.register.calls) == 2
