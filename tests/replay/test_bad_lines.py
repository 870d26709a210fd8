"""Calls over bad telephone lines, in memory: nobody's words suffer, nothing is made up, and all of it is counted."""

from dataclasses import replace
from pathlib import Path

import pytest

from telephony.calls.observer import CallNews, Continuity
from telephony.engines.base import Degraded, HandedOver, Reason
from telephony.replay.calls import Replayed, judge, replay_call
from telephony.replay.fast import play
from telephony.replay.phone_lines import PhoneLine
from telephony.simulator.line_fault import LineFault, LineKind
from telephony.simulator.live_api.faults import Hit
from telephony.simulator.scenario import KeyPress, Scenario, Who, load

CALLS = Path(__file__).parents[2] / "fixtures" / "calls"
TEN_MINUTES = 600.0


class Diary:
    """What happened to the interpretation."""

    def __init__(self) -> None:
        self.news: list[object] = []

    def tell(self, news: CallNews) -> None:
        if isinstance(news, Continuity):
            self.news.append(news.event)


def clinic(*faults: LineFault, keys: tuple[KeyPress, ...] = (), later: float = 0.0) -> Scenario:
    """The clinic's call over bad lines; its talk may begin later."""
    call = load(CALLS / "clinic-appointment")
    return replace(
        call,
        lines=tuple(replace(line, at=line.at + later) for line in call.lines),
        keys=(*call.keys, *keys),
        end=replace(call.end, at=(call.end.at or 0.0) + later),
        line_faults=faults,
    )


def played(scenario: Scenario) -> tuple[Replayed, Diary]:
    diary = Diary()
    return judge(play(scenario, diary)), diary


def line_of(replayed: Replayed, who: Who) -> PhoneLine:
    return replayed.evidence.phone_lines[who]


@pytest.mark.parametrize(
    "fault",
    [
        LineFault(LineKind.DOUBLED, every=3),
        LineFault(LineKind.SWAPPED, every=4),
        LineFault(LineKind.BUNCHES, size=5),
        LineFault(LineKind.OFFSET, level=-16.0),
        LineFault(LineKind.CLIPPED, level=6.0),
        LineFault(LineKind.NOISE, level=-50.0),
        LineFault(LineKind.ZEROS, Hit.AGENT, at=0.0, lasts=1.0),
    ],
    ids=lambda fault: fault.kind.value,
)
def test_every_word_comes_through_whatever_the_line_does(fault: LineFault) -> None:
    replayed, diary = played(clinic(fault))
    assert replayed.problems == ()
    assert diary.news == []
    assert sum(replayed.evidence.underruns.values()) == 0
    assert line_of(replayed, Who.AGENT).inflicted.keys() == {fault.kind}


def test_a_minute_at_a_wrong_rate_ends_with_the_session_as_old_as_the_talk() -> None:
    for rate in (0.98, 1.02):
        replayed, _ = played(replace(clinic(LineFault(LineKind.RATE, Hit.CALLER, rate=rate)), lines=()))
        for (at, samples), (first_at, first) in _ends(replayed):
            assert (samples - first) / 16000 == pytest.approx(at - first_at, abs=0.1)
        assert line_of(replayed, Who.CALLER).figures.rate == pytest.approx(rate, abs=0.005)
        assert line_of(replayed, Who.AGENT).figures.rate == 1.0


def _ends(replayed: Replayed) -> list[tuple[tuple[float, int], tuple[float, int]]]:
    """The last and the first chunk that each session was sent: when, and how many samples that made."""
    assert len(replayed.evidence.arrivals) == 2
    return [(chunks[-1], chunks[0]) for chunks in replayed.evidence.arrivals.values()]


def test_a_line_that_stops_between_the_lines_costs_no_word_and_is_counted() -> None:
    scenario = clinic()
    first, second = sorted(scenario.lines, key=lambda line: line.at)[:2]
    silent = LineFault(LineKind.STOPS, Hit(first.who), at=second.at, lasts=2.0)
    replayed, diary = played(replace(scenario, line_faults=(silent,)))
    assert replayed.problems == ()
    assert diary.news == []
    figures = line_of(replayed, first.who).figures
    assert figures.stops == 1
    assert figures.stopped_ms == pytest.approx(2020.0, abs=25)


def test_digits_never_reach_the_sessions_as_sound() -> None:
    press = KeyPress(Who.CALLER, "0123456789#", at=0.2, sounds=True)
    replayed, diary = played(replace(clinic(keys=(press,), later=4.0)))
    assert replayed.problems == ()
    figures = line_of(replayed, Who.CALLER).figures
    assert figures.blanked_ms == pytest.approx(11 * 120, abs=120)
    assert diary.news == []


@pytest.mark.parametrize(
    "faults",
    [
        (LineFault(LineKind.ZEROS, Hit.AGENT, lasts=TEN_MINUTES - 5),),
        (
            LineFault(LineKind.NOISE, Hit.CALLER, lasts=TEN_MINUTES - 5, level=-40.0),
            LineFault(LineKind.MUSIC, Hit.AGENT, lasts=TEN_MINUTES - 5),
        ),
    ],
    ids=["a quiet line and zeros", "noise and hold music"],
)
def test_ten_minutes_of_nothing_to_translate_make_up_nothing_and_the_talk_after_it_is_interpreted(
    faults: tuple[LineFault, ...],
) -> None:
    replayed, diary = played(clinic(*faults, later=TEN_MINUTES))
    assert replayed.problems == ()
    assert not [event for event in diary.news if isinstance(event, Degraded)]
    reasons = [event.reason for event in diary.news if isinstance(event, HandedOver)]
    assert reasons.count(Reason.UNANSWERED) <= 2
    assert len(replayed.measures.spans) == len(replayed.evidence.scenario.lines)


def test_the_report_and_the_summary_tell_what_the_line_suffered_and_what_was_counted() -> None:
    replayed = replay_call(CALLS / "faults" / "bad-line", fast=True)
    assert replayed.problems == ()
    caller, agent = (line_of(replayed, who).figures for who in Who)
    told = {kind: line_of(replayed, Who.CALLER).inflicted[kind] for kind in ("doubled", "swapped", "lost")}
    assert {"doubled": caller.doubled, "swapped": caller.out_of_order, "lost": caller.lost} == pytest.approx(
        told, abs=12
    )
    assert caller.zeros_ms == pytest.approx(10_000, abs=1000)
    assert (agent.bunches, agent.largest_bunch, agent.stops) == (100, 5, 1)
    assert agent.rate == pytest.approx(1.02, abs=0.003)
    assert agent.offset_ms > 5000
    assert caller.clipped_ms > 0
    assert caller.blanked_ms > 150
