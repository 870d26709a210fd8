"""A call that we are asked to place: the one who asks is rung first, then the other; then they talk."""

import asyncio

import pytest

from telephony.calls.order import Order
from telephony.calls.state import CallState, Outcome
from telephony.ivr.prompts import load
from telephony.simulator.scenario import Answers
from tests.scenarios.person import Person
from tests.scenarios.town import Town, agent, lived, phone

ENGLISH, GERMAN = load("en"), load("de")
ME, THEM = "+12025550177", "+12025550178"


def two() -> tuple[Person, Person]:
    return Person(ME, 600.0, always="1", rings=1.0), Person(THEM, 900.0, rings=3.0)


def asked(town: Town, me: str = ME) -> None:
    town.process.switchboard.place(Order(THEM, "de", me, "en"), town.profiles[0])


def test_both_are_rung_told_what_this_is_and_put_through() -> None:
    me, them = two()

    async def scenario(town: Town) -> None:
        asked(town)
        await town.comes_to(CallState.TALKING)
        await them.comes_to_hear(me.tone, within=3)
        await me.comes_to_hear(them.tone, within=3)

    town = lived(lambda: Town(people=(me, them)), scenario)
    assert me.was_told[0] == ENGLISH.dialing_for("de").text
    assert them.was_told[0] == GERMAN.outgoing("en").text
    assert sorted(town.engine.targets) == ["de", "en"]
    assert {caller_id for _, caller_id, _ in town.carrier.dialled} == {"+12025550100"}


def test_the_one_who_asked_hears_ringback_while_the_other_phone_rings() -> None:
    me, them = two()
    them.behaves(Answers.NO_ANSWER)

    async def scenario(town: Town) -> None:
        asked(town)
        await town.comes_to(CallState.RINGING)
        await me.comes_to_hear(440.0, within=4)

    lived(lambda: Town(people=(me, them)), scenario)


def test_a_machine_in_the_other_place_is_not_talked_to_where_the_carrier_finds_it() -> None:
    me, them = two()
    them.behaves(Answers.MACHINE)

    async def scenario(town: Town) -> None:
        asked(town)
        await town.is_quiet(within=60)

    town = lived(lambda: Town(people=(me, them), detects_machines=True), scenario)
    assert town.outcomes == [Outcome.NOT_REACHED]
    assert them.was_told == []
    assert me.was_told[-1] == ENGLISH.not_reached


def test_no_other_phone_rings_where_the_one_who_asked_refuses() -> None:
    me, them = two()
    me.always = "2"

    async def scenario(town: Town) -> None:
        asked(town)
        await town.is_quiet(within=60)

    town = lived(lambda: Town(people=(me, them)), scenario)
    assert town.outcomes == [Outcome.NOBODY_ANSWERED]
    assert [address for address, _, _ in town.carrier.dialled] == [ME]


@pytest.mark.parametrize("fails", [Answers.BUSY, Answers.NO_ANSWER, Answers.FAILS])
def test_the_one_who_asked_is_told_that_the_other_is_not_reached(fails: Answers) -> None:
    me, them = two()
    them.behaves(fails)

    async def scenario(town: Town) -> None:
        asked(town)
        await me.is_told(ENGLISH.not_reached, within=60)
        await town.is_quiet()

    assert lived(lambda: Town(people=(me, them)), scenario).outcomes == [Outcome.NOT_REACHED]


def test_the_one_who_asked_is_told_that_the_other_has_hung_up() -> None:
    me, them = two()

    async def scenario(town: Town) -> None:
        asked(town)
        await town.comes_to(CallState.TALKING)
        await asyncio.sleep(3)
        them.hang_up()
        await me.is_told(ENGLISH.other_hung_up)
        await town.is_quiet()

    assert lived(lambda: Town(people=(me, them)), scenario).outcomes == [Outcome.CALLER_HUNG_UP]


def test_the_called_one_is_told_where_the_other_hangs_up_before_the_talk() -> None:
    me, them = two()

    async def scenario(town: Town) -> None:
        asked(town)
        await them.is_told(GERMAN.outgoing("en").text)
        me.hang_up()
        await them.is_told(GERMAN.other_hung_up)
        await town.is_quiet()

    assert lived(lambda: Town(people=(me, them)), scenario).outcomes == [Outcome.AGENT_LEFT_EARLY]


def test_with_no_number_of_ones_own_the_first_agent_who_accepts_has_the_call() -> None:
    _, them = two()
    inside = phone(0, Answers.BUSY), phone(1)

    async def scenario(town: Town) -> None:
        asked(town, me="")
        await town.comes_to(CallState.TALKING)
        await inside[1].comes_to_hear(them.tone, within=3)

    lived(lambda: Town(agent(0), agent(1), people=(*inside, them)), scenario)


def test_an_agent_who_is_in_a_call_is_not_rung_for_one_that_he_asks_for() -> None:
    me, them = two()
    inside = phone(0)

    async def scenario(town: Town) -> None:
        town.process.switchboard.place(Order(THEM, "de", inside.number, "en", "agent 0"), town.profiles[0])
        await town.comes_to(CallState.TALKING)
        town.process.switchboard.place(Order(ME, "de", inside.number, "en", "agent 0"), town.profiles[0])
        await asyncio.sleep(5)
        assert town.outcomes == [Outcome.NOBODY_ANSWERED]

    town = lived(lambda: Town(agent(0), people=(inside, me, them)), scenario)
    assert [address for address, _, _ in town.carrier.dialled] == [inside.number, THEM]
