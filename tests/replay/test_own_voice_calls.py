"""The fixture calls in which the parties hear each other's own voices, in memory; what is wrong with them is named."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from telephony.calls.observer import CallNews, LanguageHeard, Role
from telephony.replay.calls import judge
from telephony.replay.evidence import Evidence, Happened
from telephony.replay.fast import play
from telephony.simulator import mulaw
from telephony.simulator.scenario import Scenario, Who, load
from tests.fakes import hum
from tests.replay.evidence_of import CALLS


class Languages:
    """What was found out about who speaks what."""

    def __init__(self) -> None:
        self.heard: list[tuple[Role, str]] = []

    def tell(self, news: CallNews) -> None:
        if isinstance(news, LanguageHeard):
            self.heard.append((news.speaker, news.language))


@cache
def played(name: str) -> tuple[Evidence, Languages]:
    languages = Languages()
    return play(load(CALLS / name), languages), languages


def talk_seconds(evidence: Evidence, what: Happened) -> list[float]:
    """When this happened to sessions, in seconds of the talk."""
    began = evidence.talk_began or 0.0
    return [mark.at - began for mark in evidence.marks if mark.what is what]


def changed(scenario: Scenario, **line: float | None) -> Scenario:
    return replace(scenario, lines=tuple(replace(said, **line) for said in scenario.lines))  # type: ignore[arg-type]


class TestALanguageThatNobodyNamed:
    def test_the_session_into_it_is_opened_as_soon_as_it_is_recognised(self) -> None:
        evidence, languages = played("voices/unknown-language")
        assert languages.heard == [(Role.CALLER, "it")]
        into_caller = [mark for mark in evidence.marks if mark.target == "it" and mark.what is Happened.OPENED]
        first_word = next(said.at for said in evidence.lines if said.line == "c1")
        assert [mark.at - first_word < 4.0 for mark in into_caller] == [True]

    def test_the_caller_hears_the_agent_directly_until_then_and_in_italian_from_then_on(self) -> None:
        replayed = judge(played("voices/unknown-language")[0])
        assert replayed.problems == ()
        by_id = {line.line.id: line for line in replayed.measures.lines}
        greeting, answer = by_id["a1"], by_id["a2"]
        assert greeting.voice is not None
        assert greeting.voice.alone == pytest.approx(0.0, abs=0.1)
        assert answer.voice is not None
        assert (answer.voice.at, answer.lost) == (None, 0.0)

    def test_a_voice_that_was_to_be_heard_and_was_not_is_named(self) -> None:
        evidence = replace(played("voices/unknown-language")[0])
        direct = replace(evidence, scenario=changed(evidence.scenario, direct=0.0))
        assert any("line c1: the agent did not hear" in text and "own voice" in text for text in judge(direct).problems)


class TestTwoWhoSpeakOneLanguage:
    def test_both_hear_each_other_and_the_sessions_rest(self) -> None:
        evidence = played("voices/same-language")[0]
        assert judge(evidence).problems == ()
        assert max(talk_seconds(evidence, Happened.CLOSED)) < 30.0
        assert len(talk_seconds(evidence, Happened.OPENED)) == 2

    def test_from_then_on_every_word_is_at_full_level(self) -> None:
        measures = judge(played("voices/same-language")[0]).measures
        alone = [line.voice.alone for line in measures.lines[-3:] if line.voice]
        assert alone == [pytest.approx(0.0, abs=0.05)] * 3

    def test_half_the_level_is_named(self) -> None:
        evidence = played("voices/same-language")[0]
        softer = {who: mulaw.encode((mulaw.decode(pcmu) // 2).astype(np.int16)) for who, pcmu in evidence.heard.items()}
        problems = judge(replace(evidence, heard=softer)).problems
        assert any(text.startswith("line c4: the agent heard the caller's own voice at -5.9") for text in problems)


class TestTheOriginalUnderneath:
    def test_every_translation_is_heard_whole_and_the_voice_18_dB_down_beneath_it(self) -> None:  # noqa: N802
        replayed = judge(played("voices/original-underneath")[0])
        assert replayed.problems == ()
        assert [(line.lost, line.repeated) for line in replayed.measures.lines] == [(0.0, 0.0)] * 4
        under = [line.voice.under for line in replayed.measures.lines if line.voice and line.voice.under is not None]
        assert under == [pytest.approx(-18.0, abs=1.0)] * 2

    def test_it_is_so_while_both_talk_at_once(self) -> None:
        scenario = replace(load(CALLS / "hotline-crosstalk"), original_voice=-18.0)
        assert judge(play(scenario)).problems == ()

    def test_another_level_than_the_call_says_is_named(self) -> None:
        evidence = played("voices/original-underneath")[0]
        problems = judge(replace(evidence, scenario=replace(evidence.scenario, original_voice=-24.0))).problems
        assert [text.split(":")[0] for text in problems] == ["line c1", "line c2"]
        assert all(text.endswith("dB beneath the translation instead of -24") for text in problems)

    def test_a_voice_that_nobody_hears_is_named(self) -> None:
        scenario = load(CALLS / "voices/original-underneath")
        silent = replace(play(replace(scenario, original_voice=None)), scenario=scenario)
        problems = judge(silent).problems
        assert len(problems) == 4
        assert all("own voice beneath the translation" in text for text in problems)

    def test_a_voice_that_the_call_does_not_allow_is_sound_from_nowhere(self) -> None:
        evidence = played("voices/original-underneath")[0]
        problems = judge(replace(evidence, scenario=replace(evidence.scenario, original_voice=None))).problems
        assert any("that is no line's translation" in text for text in problems)

    def test_sound_that_is_nobodys_is_named_though_voices_are_allowed(self) -> None:
        evidence = played("voices/original-underneath")[0]
        heard = mulaw.decode(evidence.heard[Who.CALLER]).copy()
        tone = np.frombuffer(hum(700, 1.0), "<i2")
        at = round(((evidence.talk_began or 0.0) + 12.0 - evidence.origin) * 8000)
        heard[at : at + tone.size] += tone // 2
        problems = judge(replace(evidence, heard={**evidence.heard, Who.CALLER: mulaw.encode(heard)})).problems
        assert any(text.startswith("the caller heard") for text in problems)
