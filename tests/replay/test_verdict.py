"""A call is judged by what was heard: each kind of damage is named, and an undamaged call has nothing to name."""

from dataclasses import replace

import numpy as np
import pytest

from telephony.replay.calls import judge
from telephony.replay.evidence import Evidence
from telephony.simulator import mulaw, recordings
from telephony.simulator.scenario import Who
from tests.fakes import hum
from tests.replay.evidence_of import ORIGIN, SPAN, evidence_of, short_call


@pytest.fixture(scope="module")
def played() -> Evidence:
    return evidence_of(short_call())


def with_heard(evidence: Evidence, who: Who, sound: np.ndarray[tuple[int], np.dtype[np.int16]]) -> Evidence:
    return replace(evidence, heard={**evidence.heard, who: mulaw.encode(sound)})


def samples(evidence: Evidence, who: Who) -> np.ndarray[tuple[int], np.dtype[np.int16]]:
    return mulaw.decode(evidence.heard[who]).copy()


def place_of(evidence: Evidence, line: str) -> int:
    """The sample of the listener's recording at which this line's translation begins."""
    said = next(said for said in evidence.lines if said.line == line)
    return round((said.at + SPAN - ORIGIN) * recordings.RATE)


def test_an_undamaged_call_has_no_differences(played: Evidence) -> None:
    assert judge(played).problems == ()


def test_every_line_has_the_span_it_was_laid_with(played: Evidence) -> None:
    assert judge(played).measures.spans == [pytest.approx(SPAN, abs=0.005)] * 2


def test_a_translation_that_was_not_heard_is_named() -> None:
    problems = judge(evidence_of(short_call(), lost=["c1"])).problems
    assert any(text.startswith("line c1: the agent did not hear") for text in problems)


def test_half_a_second_that_is_missing_is_named(played: Evidence) -> None:
    heard = samples(played, Who.AGENT)
    heard[place_of(played, "c1") + 4000 :][:4000] = 0
    problems = judge(with_heard(played, Who.AGENT, heard)).problems
    assert any(text.startswith("line c1: the agent did not hear") for text in problems)


def test_a_gap_inside_a_phrase_is_named(played: Evidence) -> None:
    heard = samples(played, Who.AGENT)
    place = place_of(played, "c1") + 6000
    torn = np.concatenate((heard[:place], np.zeros(3200, np.int16), heard[place:-3200]))
    problems = judge(with_heard(played, Who.AGENT, torn)).problems
    assert any("heard a gap of 4" in text for text in problems) or any("did not hear" in text for text in problems)


def test_ears_that_are_crossed_are_named(played: Evidence) -> None:
    crossed = replace(played, heard={Who.CALLER: played.heard[Who.AGENT], Who.AGENT: played.heard[Who.CALLER]})
    problems = judge(crossed).problems
    assert any("line a1: the caller did not hear" in text for text in problems)
    assert any("line c1: the agent did not hear" in text for text in problems)


def test_sound_that_is_no_translation_is_named(played: Evidence) -> None:
    heard = samples(played, Who.CALLER)
    tone = np.frombuffer(hum(700, 1.0), "<i2")
    heard[round(((played.talk_began or 0) - ORIGIN + 0.5) * recordings.RATE) :][: tone.size] = tone
    problems = judge(with_heard(played, Who.CALLER, heard)).problems
    assert any("the caller heard 1." in text for text in problems)


def test_words_that_never_reached_the_interpreter_are_named(played: Evidence) -> None:
    deaf = replace(
        played,
        recognised=tuple(known for known in played.recognised if known.line != "a1"),
        spoken=tuple(spoken for spoken in played.spoken if spoken.line != "a1"),
    )
    assert "line a1: the interpreter never heard the agent's words intact" in judge(deaf).problems


def test_another_ending_than_the_expected_one_is_named(played: Evidence) -> None:
    assert judge(replace(played, outcome="nobody-answered")).problems == (
        "the call should end as caller-hung-up; it ended as nobody-answered",
    )


def test_what_is_left_running_and_what_the_carrier_warned_of_are_named(played: Evidence) -> None:
    problems = judge(replace(played, warnings=("31951 invalid message",), left_running=("a session",))).problems
    assert problems == ("the carrier warned: 31951 invalid message", "left running: a session")


def test_a_talk_that_never_began_is_named() -> None:
    played = evidence_of(short_call())
    silent = replace(played, lines=(), recognised=(), spoken=(), talk_began=None, talk_ended={})
    assert sum("was never said" in text for text in judge(silent).problems) == 2
