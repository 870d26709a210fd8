"""All agents busy: callers wait in line, hear where they stand and a sound of ours between, and are served in order."""

import asyncio
from dataclasses import replace

from telephony.calls.agent import Circle
from telephony.calls.profile import house_profile
from telephony.calls.state import CallState, Outcome
from telephony.ivr.prompts import load
from telephony.replay.memory_carrier import LINE
from telephony.replay.memory_stream import now
from tests.fakes import share_of
from tests.scenarios.person import Person
from tests.scenarios.town import Town, agent, caller, lived, phone

SPANISH = load("es")
HOLD_NOTE = 392.0


def place(person: Person) -> list[str]:
    """The places in line that this caller was told, in order."""
    places = {SPANISH.place_in_line(n).text: str(n) for n in range(1, 9)}
    return [places[text] for text in person.was_told if text in places]


def test_a_queue_of_five_is_served_in_order_and_one_who_hangs_up_is_not() -> None:
    inside, talker, waiting = phone(0), caller(9), [caller(n) for n in range(5)]
    served: list[Person] = []

    async def scenario(town: Town) -> None:
        town.rings(talker)
        await town.comes_to(CallState.TALKING)
        for person in waiting:
            town.rings(person)
            await asyncio.sleep(1)
        await waiting[4].is_told(SPANISH.place_in_line(5).text)
        await asyncio.sleep(5)
        assert share_of(HOLD_NOTE, waiting[0].heard.between(now() - 4, now())) > 0.3
        waiting[2].hang_up()
        talking = talker
        for person in (waiting[0], waiting[1], waiting[3], waiting[4]):
            talking.hang_up()
            await inside.comes_to_hear(person.tone, within=40)
            served.append(talking := person)
        assert town.outcomes.count(Outcome.CALLER_LEFT_EARLY) == 1

    lived(lambda: Town(agent(0), people=(inside,)), scenario)
    assert len(served) == 4
    assert place(waiting[0])[0] == "1"
    assert place(waiting[4])[0] == "5"
    assert place(waiting[4])[-1] < "5"


def test_the_expected_wait_is_told_in_the_callers_language_once_it_is_known() -> None:
    inside, people = phone(0), [caller(n) for n in range(4)]

    async def scenario(town: Town) -> None:
        for person in people:
            town.rings(person)
            await asyncio.sleep(1)
        await town.comes_to(CallState.TALKING)
        await asyncio.sleep(30)
        for person in people[:2]:
            person.hang_up()
            await asyncio.sleep(25)

    lived(lambda: Town(agent(0), people=(inside,)), scenario)
    waits = {SPANISH.wait(minutes).text for minutes in range(5)}
    assert waits & set(people[3].was_told)


def test_who_has_waited_too_long_may_leave_a_message() -> None:
    inside, talker, person = phone(0), caller(9), caller()
    profile = house_profile(("en", "es"), "en", LINE)

    async def scenario(town: Town) -> None:
        town.rings(talker)
        await town.comes_to(CallState.TALKING)
        town.rings(person)
        await person.is_told(SPANISH.leave_message, within=90)
        assert person.told_log[-1][0] < 90

    lived(lambda: Town(agent(0), people=(inside,), profile=replace(profile, queue_s=30)), scenario)


def test_a_free_agent_is_rung_at_once_for_one_who_has_just_begun_to_wait() -> None:
    inside, talker, person = phone(0), caller(9), caller()

    async def scenario(town: Town) -> None:
        town.rings(talker)
        await town.comes_to(CallState.TALKING)
        town.rings(person)
        await town.comes_to(CallState.WAITING)
        talker.hang_up()
        await inside.comes_to_hear(person.tone, within=12)

    lived(lambda: Town(agent(0), people=(inside,)), scenario)


def test_callers_of_another_line_do_not_keep_one_from_agents_of_its_own() -> None:
    """Two agents, each for a line of their own; the first line's is busy and somebody waits there."""
    inside, other, talker, waits, person = phone(0), phone(1), caller(9), caller(8), caller()
    first = replace(house_profile(("en", "es"), "en", LINE), circle=Circle(names=frozenset({"agent 0"})))
    second = replace(first, name="second", numbers=("+12025550101",), circle=Circle(names=frozenset({"agent 1"})))

    async def scenario(town: Town) -> None:
        town.rings(talker)
        await town.comes_to(CallState.TALKING)
        town.rings(waits)
        await town.comes_to(CallState.WAITING)
        town.rings(person, "+12025550101")
        await other.comes_to_hear(person.tone, within=25)

    def town() -> Town:
        return Town(agent(0), agent(1), people=(inside, other), profile=first, lines=(second,))

    lived(town, scenario)
    assert place(person) == []
