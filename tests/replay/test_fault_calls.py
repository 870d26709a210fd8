"""The fixture calls with faults, in memory: each strikes when the call says, and what is heard is as it must be."""

from functools import cache
from pathlib import Path

import pytest

from telephony.ivr import prompts
from telephony.replay.calls import Replayed, call_folders, judge
from telephony.replay.evidence import Evidence, Happened
from telephony.replay.fast import play
from telephony.simulator import recordings
from telephony.simulator.live_api.faults import OfLine
from telephony.simulator.scenario import Scenario, Who, load

FAULTS = Path(__file__).parents[2] / "fixtures" / "calls" / "faults"
NAMES = [folder.name for folder in call_folders([FAULTS])]
IN_A_LINE = ["drop-mid-sentence", "handover-mid-sentence", "silent-engine", "stalled-engine"]


@cache
def played(name: str) -> tuple[Scenario, Evidence]:
    scenario = load(FAULTS / name)
    return scenario, play(scenario)


def judged(name: str) -> Replayed:
    return judge(played(name)[1])


def test_these_are_the_calls() -> None:
    assert sorted([*IN_A_LINE, "bad-line", "quota-refused", "slow-interpreter", "two-speakerphones"]) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_a_call_is_short(name: str) -> None:
    assert (load(FAULTS / name).end.at or 0.0) <= 30.0


@pytest.mark.parametrize("name", IN_A_LINE)
def test_a_fault_strikes_in_the_middle_of_a_line_as_it_says(name: str) -> None:
    scenario, evidence = played(name)
    (fault,) = scenario.faults
    assert isinstance(fault.trigger, OfLine)
    line = next(line for line in scenario.lines if line.id == fault.trigger.line)
    said = next(said.at for said in evidence.lines if said.line == line.id)
    begun = said + fault.trigger.share * recordings.read(line.recording).size / recordings.RATE
    (struck,) = (mark for mark in evidence.marks if mark.what is Happened.FAULT)
    target = scenario.agent_language if line.who is Who.CALLER else scenario.caller_language
    assert (struck.detail, struck.target) == (fault.kind, target)
    assert begun <= struck.at <= begun + 0.35


def test_a_spent_quota_connects_the_two_directly_and_both_are_told_in_their_language() -> None:
    _, evidence = played("quota-refused")
    assert judged("quota-refused").problems == ()
    assert {mark.detail for mark in evidence.marks if mark.what is Happened.REFUSED} == {"1011"}
    told = {(told.who, told.text) for told in evidence.told}
    assert {(Who.CALLER, prompts.load("es").interpreter_lost), (Who.AGENT, prompts.load("en").interpreter_lost)} <= told


def test_a_slow_interpreter_is_heard_whole() -> None:
    replayed = judged("slow-interpreter")
    assert replayed.problems == ()
    assert sum(line.length for line in replayed.measures.lines) == pytest.approx(
        1.3 * sum(recordings.read(line.line.translated).size for line in replayed.measures.lines) / recordings.RATE,
        rel=0.001,
    )
