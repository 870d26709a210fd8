"""Each key of the talk, by either party, told in that party's own language."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from telephony.calls.profile import house_profile
from telephony.calls.state import CallState
from telephony.ivr.prompts import load
from telephony.replay.memory_carrier import LINE
from telephony.replay.memory_stream import now
from tests.scenarios.person import Person
from tests.scenarios.town import Town, agent, caller, lived, phone

SPANISH, ENGLISH, GERMAN = load("es"), load("en"), load("de")


async def talk(town: Town, person: Person, inside: Person) -> None:
    """The two are connected, and have said something."""
    town.rings(person)
    await town.comes_to(CallState.TALKING)
    await person.comes_to_hear(inside.tone, within=4)
    await inside.comes_to_hear(person.tone, within=4)


def with_talk(scenario: Callable[[Town, Person, Person], Awaitable[None]], languages: tuple[str, ...] = ()) -> Town:
    person, inside = caller(), phone(0)
    profile = house_profile(languages, "en", LINE) if languages else None

    async def lives(town: Town) -> None:
        await talk(town, person, inside)
        await scenario(town, person, inside)

    return lived(lambda: Town(agent(0), people=(inside,), profile=profile), lives)


def test_two_stars_have_the_keys_listed_to_each_party_in_its_own_language() -> None:
    async def scenario(town: Town, person: Person, inside: Person) -> None:
        person.press("**")
        inside.press("**")
        await person.is_told(SPANISH.keys)
        await inside.is_told(ENGLISH.keys)
        await person.comes_to_hear(inside.tone, within=30)
        await inside.comes_to_hear(person.tone, within=30)

    with_talk(scenario)


def test_star_1_repeats_the_last_translation() -> None:
    async def scenario(_: Town, person: Person, inside: Person) -> None:
        inside.speaks = False
        await asyncio.sleep(4)
        assert not person.hears(inside.tone, now() - 2)
        person.press("*1")
        await person.comes_to_hear(inside.tone, within=2)

    with_talk(scenario)


def test_star_2_has_the_original_voice_aloud_under_off_and_aloud_again() -> None:
    async def scenario(town: Town, person: Person, _: Person) -> None:
        levels = []
        for _press in range(4):
            person.press("*2")
            await asyncio.sleep(1)
            levels.append(town.call.caller.playout.original_under)
        assert levels == [-6.0, -18.0, None, -6.0]

    with_talk(scenario)


def test_star_3_asks_for_another_language_and_the_interpreter_speaks_it() -> None:
    async def scenario(town: Town, person: Person, inside: Person) -> None:
        person.answers = ["3"]
        person.press("*3")
        await person.is_told(GERMAN.language_is("de").text)
        await person.comes_to_hear(inside.tone, within=12)
        assert town.call.caller.language == "de"
        assert town.engine.targets[-1] == "de"

    with_talk(scenario, ("en", "es", "de"))


def test_a_language_can_be_said_instead_of_a_key() -> None:
    async def scenario(_: Town, person: Person, __: Person) -> None:
        person.words = "Deutsch"
        person.press("*3")
        await person.is_told(GERMAN.language_is("de").text)

    with_talk(scenario, ("en", "es", "de"))


def test_who_chooses_nothing_keeps_the_language() -> None:
    async def scenario(_: Town, person: Person, inside: Person) -> None:
        person.press("*3")
        await person.is_told(SPANISH.language_is("es").text, within=120)
        await person.comes_to_hear(inside.tone, within=10)

    with_talk(scenario)


def test_star_3_is_answered_with_a_tone_where_there_is_nothing_to_choose() -> None:
    async def scenario(town: Town, person: Person, inside: Person) -> None:
        person.press("*3")
        await asyncio.sleep(3)
        assert town.redirected == []
        await person.comes_to_hear(inside.tone, within=2)

    with_talk(scenario, ("en",))


def test_star_4_switches_interpretation_off_and_on() -> None:
    async def scenario(town: Town, person: Person, inside: Person) -> None:
        person.press("*4")
        await person.is_told(SPANISH.interpretation_off)
        await asyncio.sleep(2)
        assert town.engine.live == 0
        await inside.comes_to_hear(person.tone, within=6)
        inside.press("*4")
        await inside.is_told(ENGLISH.interpretation_on)
        await asyncio.sleep(2)
        assert town.engine.live == 2

    with_talk(scenario)


@pytest.mark.parametrize(("keys", "tempo"), [("*8", 1.1), ("*7", 0.9), ("*8*8*8", 1.2)])
def test_star_7_and_8_change_how_fast_is_spoken(keys: str, tempo: float) -> None:
    async def scenario(town: Town, person: Person, _: Person) -> None:
        person.press(keys)
        await asyncio.sleep(3)
        assert town.call.caller.playout.tempo == pytest.approx(tempo)

    with_talk(scenario)


@pytest.mark.parametrize("keys", ["*9", "*5", "*#", "12#", "0", "* "])
def test_what_asks_for_nothing_leaves_the_talk_as_it_is(keys: str) -> None:
    async def scenario(town: Town, person: Person, inside: Person) -> None:
        person.press(keys)
        await asyncio.sleep(4)
        assert town.redirected == []
        assert town.call.state is CallState.TALKING
        await person.comes_to_hear(inside.tone, within=2)

    with_talk(scenario)


def test_star_0_without_a_human_interpreter_is_told_so() -> None:
    async def scenario(_: Town, person: Person, inside: Person) -> None:
        person.press("*0")
        await person.is_told(SPANISH.human_unavailable)
        await person.comes_to_hear(inside.tone, within=12)

    with_talk(scenario)
