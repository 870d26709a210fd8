"""A returning caller, languages that are heard instead of chosen, and consent to being recorded."""

import asyncio
from dataclasses import replace

import pytest

from telephony.calls.profile import Profile, house_profile
from telephony.calls.state import CallState
from telephony.engines.base import Side, Transcript
from telephony.ivr.prompts import load
from telephony.replay.memory_carrier import LINE
from tests.scenarios.person import Person
from tests.scenarios.town import Town, agent, caller, lived, phone

SPANISH = load("es")


def test_a_returning_caller_is_greeted_in_last_times_language_and_offered_it_first() -> None:
    person = caller(key="2")

    async def scenario(town: Town) -> None:
        town.rings(person)
        await person.is_told(SPANISH.notice)
        person.hang_up()
        await town.is_quiet()
        first = len(person.was_told)
        town.rings(person)
        await person.is_told(SPANISH.greeting)
        await asyncio.sleep(6)
        assert person.was_told[first : first + 2] == [SPANISH.greeting, SPANISH.option("2").text]

    lived(Town, scenario)


def test_a_returning_caller_who_presses_nothing_gets_last_times_language() -> None:
    person = caller(key="2")

    async def scenario(town: Town) -> None:
        town.rings(person)
        await person.is_told(SPANISH.notice)
        person.hang_up()
        await town.is_quiet()
        person.told_log.clear()
        town.rings(person)
        await person.is_told(SPANISH.notice, within=120)

    lived(Town, scenario)


async def is_heard_to_speak(town: Town, language: str) -> None:
    """Every session hears `language` from the caller for some seconds."""
    for _ in range(10):
        await asyncio.sleep(1)
        for session in town.engine.opened:
            if not session.closed:
                session.tell(Transcript(Side.HEARD, "some words of a sentence", language))
        if town.call.caller.language == language:
            return


@pytest.mark.parametrize("languages", [("en", "es"), ()])
def test_a_language_that_was_not_chosen_is_found_out_by_listening(languages: tuple[str, ...]) -> None:
    person, inside = caller(key="3"), phone(0)
    profile = house_profile(languages, "en", LINE, auto=True)

    async def scenario(town: Town) -> None:
        town.rings(person)
        await town.comes_to(CallState.TALKING)
        inside.speaks = False
        await is_heard_to_speak(town, "fr")
        assert town.call.caller.language == "fr"
        assert "fr" in town.engine.targets
        inside.speaks, person.speaks = True, False
        await person.comes_to_hear(inside.tone, within=5)

    lived(lambda: Town(agent(0), people=(inside,), profile=profile), scenario)


def recorded(**changes: object) -> Profile:
    return replace(house_profile(("en", "es"), "en", LINE), recording=True, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(("keys", "given"), [("1", True), ("2", False), ("", False)])
def test_each_party_is_asked_whether_it_may_be_recorded_and_the_answer_is_kept(keys: str, given: bool) -> None:
    person, inside = Person("+12025550150", 500.0, "2", keys), phone(0)
    inside.answers, inside.always = ["1", keys], ""

    async def scenario(town: Town) -> None:
        town.rings(person)
        await inside.comes_to_hear(person.tone, within=60)
        assert [leg.may_be_recorded for leg in town.call.parties.talkers] == [given, given]

    town = lived(lambda: Town(agent(0), people=(inside,), profile=recorded()), scenario)
    assert [(kept.leg, kept.language, kept.given) for kept in town.register.consents] == [
        ("caller", "es", given),
        ("agent-1", "en", given),
    ]
    assert {kept.version for kept in town.register.consents} == {"1"}
    assert (SPANISH.consent_given if given else SPANISH.consent_refused) in person.was_told


def test_nobody_is_asked_where_nothing_is_recorded() -> None:
    person, inside = caller(), phone(0)

    async def scenario(town: Town) -> None:
        town.rings(person)
        await inside.comes_to_hear(person.tone, within=60)

    town = lived(lambda: Town(agent(0), people=(inside,)), scenario)
    assert SPANISH.consent not in person.was_told
    assert town.register.consents == []


def test_the_notice_for_emergencies_is_given_where_the_line_says_so() -> None:
    person = caller()

    async def scenario(town: Town) -> None:
        town.rings(person)
        await person.is_told(SPANISH.not_for_emergencies)

    lived(lambda: Town(profile=recorded(emergencies_notice=True)), scenario)
