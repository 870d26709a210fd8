"""A human interpreter takes over: all three meet in the carrier's conference, and our sessions end."""

import asyncio
from dataclasses import replace

import pytest

from telephony.calls.profile import Profile, house_profile
from telephony.calls.state import CallState, Outcome
from telephony.engines.base import Trouble
from telephony.ivr.prompts import load
from telephony.replay.memory_carrier import LINE
from telephony.simulator.scenario import Answers
from tests.scenarios.person import Person
from tests.scenarios.town import Town, agent, caller, lived, phone

SPANISH, ENGLISH = load("es"), load("en")
HUMAN = "+12025550188"


def line(**changes: object) -> Profile:
    return replace(house_profile(("en", "es"), "en", LINE), human_interpreter=HUMAN, **changes)  # type: ignore[arg-type]


class Trio:
    """A caller, an agent and an interpreter, each with a tone, in a town whose line has that interpreter."""

    def __init__(self, **changes: object) -> None:
        self.caller, self.agent = caller(), phone(0)
        self.human = Person(HUMAN, 1700.0, always="1")
        self._profile = line(**changes)

    def town(self) -> Town:
        return Town(agent(0), people=(self.agent, self.human), profile=self._profile)

    async def talks(self, town: Town) -> None:
        town.rings(self.caller)
        await town.comes_to(CallState.TALKING)
        await asyncio.sleep(3)

    async def meets(self, town: Town) -> None:
        await self.talks(town)
        self.caller.press("*0")
        await town.comes_to(CallState.CONFERENCE)
        await asyncio.sleep(2)

    async def hear_each_other(self) -> None:
        for one, other in ((self.caller, self.human), (self.agent, self.human), (self.human, self.caller)):
            other.speaks = True
            for third in {self.caller, self.agent, self.human} - {other}:
                third.speaks = False
            await one.comes_to_hear(other.tone, within=3)
        for one in (self.caller, self.agent, self.human):
            one.speaks = True


def test_star_0_brings_all_three_together_and_ends_our_sessions() -> None:
    trio = Trio()

    async def scenario(town: Town) -> None:
        await trio.meets(town)
        assert town.engine.live == 0
        await trio.hear_each_other()

    town = lived(trio.town, scenario)
    assert SPANISH.human_coming in trio.caller.was_told
    assert trio.human.was_told[0] == ENGLISH.human_whisper_about("es", "en").text
    assert town.outcomes[0] in (Outcome.CALLER_HUNG_UP, Outcome.AGENT_HUNG_UP)


def test_nobody_is_pulled_out_of_a_long_conference() -> None:
    trio = Trio()

    async def scenario(town: Town) -> None:
        await trio.meets(town)
        orders = len(town.redirected)
        await asyncio.sleep(100)
        assert len(town.redirected) == orders
        await trio.hear_each_other()

    lived(trio.town, scenario)


def test_the_machine_interprets_again_when_the_human_leaves() -> None:
    trio = Trio()

    async def scenario(town: Town) -> None:
        await trio.meets(town)
        trio.human.hang_up()
        await town.comes_to(CallState.TALKING)
        await trio.caller.comes_to_hear(trio.agent.tone, within=12)
        await trio.agent.comes_to_hear(trio.caller.tone, within=12)
        assert town.engine.live == 2
        trio.human.answered(0)
        trio.agent.press("*0")
        await town.comes_to(CallState.CONFERENCE)
        await asyncio.sleep(2)
        await trio.hear_each_other()

    lived(trio.town, scenario)
    assert trio.caller.was_told[-1] != SPANISH.other_hung_up or SPANISH.interpretation_on in trio.caller.was_told


@pytest.mark.parametrize("leaver", ["caller", "agent"])
def test_whoever_stays_in_the_conference_is_told_that_it_is_over(leaver: str) -> None:
    trio = Trio()

    async def scenario(town: Town) -> None:
        await trio.meets(town)
        getattr(trio, leaver).hang_up()
        stays, words = (trio.agent, ENGLISH) if leaver == "caller" else (trio.caller, SPANISH)
        await stays.is_told(words.other_hung_up)
        await trio.human.is_told(ENGLISH.goodbye)
        await town.is_quiet()

    town = lived(trio.town, scenario)
    assert town.outcomes == [Outcome.CALLER_HUNG_UP if leaver == "caller" else Outcome.AGENT_HUNG_UP]


@pytest.mark.parametrize("fails", [Answers.BUSY, Answers.FAILS, Answers.NO_ANSWER, Answers.ACCEPTS])
def test_the_machine_goes_on_where_the_human_does_not_come(fails: Answers) -> None:
    trio = Trio()
    trio.human.behaves(fails).always = "2"

    async def scenario(town: Town) -> None:
        await trio.talks(town)
        trio.caller.press("*0")
        await trio.caller.is_told(SPANISH.human_unavailable)
        await trio.caller.comes_to_hear(trio.agent.tone, within=15)
        assert town.call.state is CallState.TALKING

    lived(trio.town, scenario)


def test_a_human_is_called_by_itself_after_20_s_without_interpretation_where_the_line_says_so() -> None:
    trio = Trio(human_after_s=20.0)

    async def scenario(town: Town) -> None:
        town.engine.refuses = {"es": Trouble.UNREACHABLE, "en": Trouble.UNREACHABLE}
        await trio.talks(town)
        began = asyncio.get_running_loop().time()
        await town.comes_to(CallState.CONFERENCE)
        assert 15 < asyncio.get_running_loop().time() - began < 30

    lived(trio.town, scenario)


def test_what_was_chosen_in_the_talk_holds_after_the_human_has_left() -> None:
    trio = Trio(languages=("en", "es", "de"))

    async def scenario(town: Town) -> None:
        await trio.talks(town)
        trio.caller.answers = ["3"]
        trio.caller.press("*3")
        await trio.caller.is_told(load("de").language_is("de").text)
        await asyncio.sleep(3)
        trio.caller.press("*0")
        await town.comes_to(CallState.CONFERENCE)
        trio.human.hang_up()
        await town.comes_to(CallState.TALKING)
        await asyncio.sleep(5)
        assert town.engine.targets[-2:] in (["de", "en"], ["en", "de"])

    lived(trio.town, scenario)
