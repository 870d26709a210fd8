"""Nobody there: a message, kept as sound and as words in both languages."""

import asyncio

import pytest

from telephony.calls.state import CallState, Outcome
from telephony.engines.base import Side, Transcript
from telephony.ivr.prompts import load
from tests.scenarios.person import Person
from tests.scenarios.town import Town, caller, lived

SPANISH = load("es")


async def begins(town: Town, person: Person) -> None:
    """The caller hears the tone, and speaks."""
    town.rings(person)
    await person.is_told(SPANISH.leave_message)
    await town.comes_to(CallState.MESSAGE)
    await asyncio.sleep(len(SPANISH.leave_message) * 0.06 + 3)


async def is_put_in_words(town: Town) -> None:
    session = town.engine.opened[town.engine.targets.index("en")]
    session.tell(Transcript(Side.HEARD, "buenos días", "es"))
    session.tell(Transcript(Side.SPOKEN, "good morning", "en"))
    await asyncio.sleep(1)


def test_the_hash_key_ends_a_message_and_its_sound_and_words_are_kept() -> None:
    person = caller()

    async def scenario(town: Town) -> None:
        await begins(town, person)
        await is_put_in_words(town)
        person.speaks = False
        person.press("#")
        await person.is_told(SPANISH.message_kept)

    town = lived(Town, scenario)
    (message,) = town.register.messages
    assert (message.language, message.into) == ("es", "en")
    assert (message.heard, message.interpreted) == ("buenos días", "good morning")
    assert 2.0 < len(message.pcmu) / 8000 < 8.0
    assert town.outcomes == [Outcome.MESSAGE_LEFT]


def test_silence_ends_a_message() -> None:
    person = caller()

    async def scenario(town: Town) -> None:
        await begins(town, person)
        person.speaks = False
        await person.is_told(SPANISH.message_kept, within=25)

    assert len(lived(Town, scenario).register.messages) == 1


def test_a_caller_who_hangs_up_in_the_middle_has_left_a_message_with_its_words() -> None:
    person = caller()

    async def scenario(town: Town) -> None:
        await begins(town, person)
        person.hang_up()
        await asyncio.sleep(0.1)
        await is_put_in_words(town)

    town = lived(Town, scenario)
    assert [message.interpreted for message in town.register.messages] == ["good morning"]
    assert town.outcomes == [Outcome.MESSAGE_LEFT]


@pytest.mark.parametrize("hangs_up", [True, False])
def test_who_says_nothing_leaves_no_message(hangs_up: bool) -> None:
    person = caller()
    person.speaks = False

    async def scenario(town: Town) -> None:
        await begins(town, person)
        if hangs_up:
            person.hang_up()
        else:
            await person.is_told(SPANISH.nobody_available, within=25)

    town = lived(Town, scenario)
    assert town.register.messages == []
    assert town.outcomes == [Outcome.CALLER_LEFT_EARLY if hangs_up else Outcome.NOBODY_ANSWERED]


def test_a_message_ends_by_itself_after_two_minutes() -> None:
    person = caller()

    async def scenario(town: Town) -> None:
        await begins(town, person)
        await person.is_told(SPANISH.message_kept, within=150)

    (message,) = lived(Town, scenario).register.messages
    assert len(message.pcmu) / 8000 == pytest.approx(120, abs=1)
