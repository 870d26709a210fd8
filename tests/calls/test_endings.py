"""Every way a call can end: who is told what in which language, and that nothing is left running.

`line.play` itself fails when a task, a session or a taken agent outlives the call.
"""

from dataclasses import replace

import pytest

from telephony.calls.state import CallState, Outcome
from telephony.engines.base import Trouble
from telephony.ivr.prompts import load
from telephony.simulator.scenario import Answers, Who
from tests.calls.line import Arrange, Played, play, quiet_call
from tests.fakes import EchoEngine

SPANISH, ENGLISH = load("es"), load("en")


def leaving(after: float) -> Arrange:
    """Has the caller hang up so many seconds after being answered."""

    def arrange(played: Played) -> None:
        played.caller.manners = replace(played.caller.manners, leaves_after_answer=after)

    return arrange


def test_the_agent_is_told_in_english_that_the_caller_has_hung_up() -> None:
    played = play(quiet_call(hangs_up=Who.CALLER))
    assert played.outcome is Outcome.CALLER_HUNG_UP
    assert played.told(played.agent)[-1] == ENGLISH.other_hung_up


def test_the_caller_is_told_in_spanish_that_the_agent_has_hung_up() -> None:
    played = play(quiet_call(hangs_up=Who.AGENT))
    assert played.outcome is Outcome.AGENT_HUNG_UP
    assert played.told(played.caller)[-1] == SPANISH.other_hung_up


def test_a_call_goes_through_its_states_in_order() -> None:
    assert play(quiet_call()).states == [
        CallState.CHOOSING,
        CallState.CONNECTING,
        CallState.RINGING,
        CallState.TALKING,
        CallState.CLOSING,
        CallState.ENDED,
    ]


def test_the_notice_that_a_machine_interprets_is_given_in_the_chosen_language() -> None:
    assert SPANISH.notice in play(quiet_call()).told(play(quiet_call()).caller)


def test_the_agent_is_told_the_callers_language_before_accepting() -> None:
    assert play(quiet_call()).told(play(quiet_call()).agent)[0] == ENGLISH.whisper_about("es").text


@pytest.mark.parametrize("fails", [Answers.BUSY, Answers.NO_ANSWER, Answers.FAILS, Answers.REFUSES, Answers.MACHINE])
def test_the_next_agent_is_rung_when_one_does_not_accept(fails: Answers) -> None:
    played = play(quiet_call(answers=(fails, Answers.ACCEPTS)))
    assert played.outcome is Outcome.CALLER_HUNG_UP
    assert played.told(played.carrier.talk.agents[1])[-1] == ENGLISH.other_hung_up
    assert played.carrier.talk.agents[0].recording_heard(0, 1) == b"\xff" * 8000


@pytest.mark.parametrize("fails", [Answers.BUSY, Answers.NO_ANSWER, Answers.FAILS, Answers.REFUSES, Answers.MACHINE])
def test_the_caller_hears_an_apology_in_spanish_when_nobody_is_left(fails: Answers) -> None:
    played = play(quiet_call(answers=(fails, fails)))
    assert played.outcome is Outcome.NOBODY_ANSWERED
    assert played.told(played.caller)[-1] == SPANISH.nobody_available


@pytest.mark.parametrize("tenths", range(5, 400, 13))
def test_a_caller_may_hang_up_at_any_moment(tenths: int) -> None:
    scenario = quiet_call(talk=15.0, answers=(Answers.BUSY, Answers.REFUSES, Answers.ACCEPTS))
    played = play(scenario, arrange=leaving(tenths / 10))
    assert played.outcome in (Outcome.CALLER_LEFT_EARLY, Outcome.CALLER_HUNG_UP)
    assert played.ended_at < 90


def test_an_agent_who_has_answered_hears_that_the_caller_left() -> None:
    heard = {
        text
        for tenths in range(100, 180, 5)
        for text in (lambda played: played.told(played.agent))(
            play(quiet_call(answers=(Answers.MACHINE,)), arrange=leaving(tenths / 10))
        )
    }
    assert ENGLISH.call_ended in heard


@pytest.mark.parametrize("language", ["es", "en"])
@pytest.mark.parametrize("trouble", [Trouble.KEY, Trouble.MODEL, Trouble.LANGUAGE, Trouble.QUOTA, Trouble.UNREACHABLE])
def test_both_are_told_and_hear_each_other_when_no_session_is_to_be_had(language: str, trouble: Trouble) -> None:
    played = play(quiet_call(), EchoEngine(refuses={language: trouble}))
    assert played.outcome is Outcome.CALLER_HUNG_UP
    assert SPANISH.interpreter_lost in played.told(played.caller)
    assert ENGLISH.interpreter_lost in played.told(played.agent)


def test_ringback_is_what_the_caller_hears_until_somebody_answers() -> None:
    played = play(quiet_call(answers=(Answers.NO_ANSWER,)))
    heard = played.caller.recording_heard(0, played.ended_at)
    loud = [any(byte & 0x7F < 0x60 for byte in heard[at : at + 160]) for at in range(0, len(heard), 160)]
    assert sum(loud) / 50 == pytest.approx(25 / 3, abs=1.5)
