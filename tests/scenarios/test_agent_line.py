"""An agent rings the line: ready, away or in wrap-up, behind a PIN."""

import asyncio

import pytest

from telephony.calls.agent import AgentState
from telephony.calls.state import CallState
from telephony.ivr.prompts import load
from telephony.replay.memory_stream import now
from tests.scenarios.person import Person
from tests.scenarios.town import Town, agent, caller, lived, number, phone

ENGLISH, SPANISH = load("en"), load("es")
PIN = "4711"


def ringer(*answers: str) -> Person:
    return Person(number(0), 900.0, *answers)


def state(town: Town) -> AgentState:
    return town.process.roster.states(now(), town.wall())[0].state


@pytest.mark.parametrize(
    ("key", "set_to", "told"),
    [
        ("1", AgentState.READY, ENGLISH.agent_ready),
        ("2", AgentState.AWAY, ENGLISH.agent_away),
        ("3", AgentState.WRAP_UP, ENGLISH.agent_wrap_up),
    ],
)
def test_with_the_pin_and_a_key_the_state_is_set(key: str, set_to: AgentState, told: str) -> None:
    person = ringer(f"{PIN}#", key)

    async def scenario(town: Town) -> None:
        town.rings(person)
        await person.is_told(told)
        assert state(town) is set_to
        await town.is_quiet()
        assert town.register.calls == {}

    lived(lambda: Town(agent(0, pin=PIN)), scenario)


def test_one_who_is_away_is_not_rung() -> None:
    person, inside, other = caller(), phone(0), phone(1)
    inside.answers = [f"{PIN}#", "2"]

    async def scenario(town: Town) -> None:
        town.rings(inside)
        await inside.is_told(ENGLISH.agent_away)
        await town.is_quiet()
        town.rings(person)
        await other.comes_to_hear(person.tone, within=40)

    town = lived(lambda: Town(agent(0, pin=PIN), agent(1), people=(inside, other)), scenario)
    assert [address for address, _, _ in town.carrier.dialled] == [other.number]


def test_wrap_up_begins_by_itself_and_ends_by_itself() -> None:
    person, inside = caller(), phone(0)

    async def scenario(town: Town) -> None:
        town.rings(person)
        await town.comes_to(CallState.TALKING)
        await asyncio.sleep(2)
        person.hang_up()
        await town.is_quiet()
        assert state(town) is AgentState.WRAP_UP
        await asyncio.sleep(31)
        assert state(town) is AgentState.READY

    lived(lambda: Town(agent(0, wrap_up_s=30), people=(inside,)), scenario)


def test_a_pin_guessed_three_times_ends_the_call_is_counted_and_locks_for_a_while() -> None:
    person = ringer("1111#", "2222#", "3333#")
    again = ringer(f"{PIN}#")

    async def scenario(town: Town) -> None:
        town.rings(person)
        await person.is_told(ENGLISH.agent_pin_refused)
        await town.is_quiet()
        town.rings(again)
        await again.is_told(ENGLISH.agent_pin_refused)
        await town.is_quiet()
        assert state(town) is AgentState.READY

    town = lived(lambda: Town(agent(0, pin=PIN)), scenario)
    assert person.was_told.count(ENGLISH.agent_pin_wrong) == 2
    assert town.turned_away == ["agent-pin", "agent-pin"]


def test_silence_and_wrong_keys_end_the_call_without_a_change() -> None:
    silent, wrong = ringer(), ringer(f"{PIN}#", "7", "7", "7")

    async def scenario(town: Town) -> None:
        for person in (silent, wrong):
            town.rings(person)
            await town.is_quiet(within=120)
            assert state(town) is AgentState.READY

    lived(lambda: Town(agent(0, pin=PIN)), scenario)
    assert wrong.was_told.count(ENGLISH.agent_states) == 3


def test_an_agent_without_a_pin_is_a_caller_like_any_other() -> None:
    person = ringer("2")

    async def scenario(town: Town) -> None:
        town.rings(person)
        await person.is_told(SPANISH.notice)

    lived(lambda: Town(agent(0)), scenario)
