"""Names, numbers and phrases that are nobody else's, through a whole call: what the plugin listens to tells of none."""

import asyncio
import secrets

import pytest

from telephony.calls.agent import Agent
from telephony.calls.observer import Caption
from telephony.calls.state import CallState
from telephony.engines.base import Side, Transcript, Trouble
from telephony.ivr.prompts import load
from tests.canary.plugin import Watch
from tests.scenarios.town import Town, caller, lived, number, phone

PHRASES = ("el canario {} canta muy alto", "my yellow canary {} sings at noon")


def unique(watch: Watch) -> tuple[str, tuple[str, str]]:
    """A name and two phrases of this test alone, watched from now on."""
    word = f"quillon{secrets.token_hex(6)}"
    name, phrases = f"Ana {word}", (PHRASES[0].format(word), PHRASES[1].format(word))
    watch.canaries.watch("a name", name)
    watch.canaries.watch("a word", word)
    for phrase in phrases:
        watch.canaries.watch_phrase(phrase)
    return name, phrases


def says(town: Town, phrases: tuple[str, str]) -> None:
    for session in town.engine.opened:
        session.tell(Transcript(Side.HEARD, phrases[0], "es"))
        session.tell(Transcript(Side.SPOKEN, phrases[1], "en"))


def test_a_talk_with_keys_a_lost_interpreter_and_a_dead_process_gives_nothing_away(canary_watch: Watch) -> None:
    name, phrases = unique(canary_watch)
    person = caller(9)

    async def scenario(town: Town) -> None:
        town.rings(person)
        await town.comes_to(CallState.TALKING)
        await asyncio.sleep(2)
        says(town, phrases)
        person.press("**")
        await person.is_told(load("es").keys)
        town.engine.opened[0].lose(Trouble.DROPPED)
        await asyncio.sleep(5)
        await town.process_dies()
        await town.comes_to(CallState.TALKING)
        says(town, phrases)
        await asyncio.sleep(5)

    before = canary_watch.heard.get("a log record", 0)
    inside = Agent(name, number(1), ("en",))
    town = lived(lambda: Town(inside, people=(phone(1),)), scenario)
    assert canary_watch.heard["a log record"] > before + 10
    assert {news.text for news in town.news if isinstance(news, Caption)} == set(phrases)
    assert name in {leg.party for call in town.register.calls.values() for leg in call.legs}


def test_a_message_gives_nothing_away(canary_watch: Watch) -> None:
    name, phrases = unique(canary_watch)
    person = caller(9)

    async def scenario(town: Town) -> None:
        town.rings(person)
        await person.is_told(load("es").leave_message)
        await asyncio.sleep(len(load("es").leave_message) * 0.06 + 3)
        says(town, phrases)
        await asyncio.sleep(1)
        person.hang_up()

    town = lived(lambda: Town(Agent(name, number(1), ("en",))), scenario)
    (message,) = town.register.messages
    assert (message.heard, message.interpreted) == phrases


@pytest.mark.lets_out("to see that the two tests above would fail")
@pytest.mark.parametrize("place", [0, 1, 2])
def test_each_of_them_would_be_noticed(canary_watch: Watch, place: int) -> None:
    name, phrases = unique(canary_watch)
    canary_watch.seen("a log record", (name, *phrases)[place])
    assert canary_watch.leaks
