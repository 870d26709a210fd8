from dataclasses import replace

import pytest

from telephony.calls.guards.reason import Reason as Refusal
from telephony.calls.observer import (
    Caption,
    Continuity,
    LanguageHeard,
    LegMoved,
    LineTrouble,
    Reading,
    Role,
    SessionReady,
    TurnedAway,
)
from telephony.calls.state import CallState, LegState, Outcome
from telephony.engines.base import Degraded, HandedOver, Reason, Restored, Side, Trouble
from tests.metrics.house import MINUTE_PRICE, Metered

S = CallState
READING = Reading("one", Role.CALLER, 0.4, -25.0, -22.0, 2.2, 0.06, 1.0)


@pytest.fixture
def house() -> Metered:
    return Metered()


def test_calls_are_counted_by_how_they_ended(house: Metered) -> None:
    house.move(S.CHOOSING, S.CLOSING)
    house.move(S.ENDED, outcome=Outcome.CALLER_LEFT_EARLY)
    assert house.figure("calls_total", outcome="caller-left-early") == 1
    assert house.figure("calls_total", outcome="agent-hung-up") == 0


def test_a_call_that_ended_nobody_knows_how_had_a_technical_problem(house: Metered) -> None:
    house.move(S.CHOOSING, S.ENDED)
    assert house.figure("calls_total", outcome="technical-problem") == 1


def test_live_calls_are_told_by_state_and_are_gone_when_they_end(house: Metered) -> None:
    house.move(S.CHOOSING, S.CONNECTING, S.RINGING, S.TALKING)
    house.move(S.CHOOSING, call="two")
    assert (house.figure("calls_live", state="talking"), house.figure("calls_live", state="choosing")) == (1, 1)
    house.move(S.CLOSING, S.ENDED)
    assert (house.figure("calls_live", state="talking"), house.figure("calls_live", state="closing")) == (0, 0)


def test_how_long_a_call_lasted_is_measured_from_its_first_sign(house: Metered) -> None:
    house.move(S.CHOOSING, S.TALKING)
    house.move(S.ENDED, outcome=Outcome.CALLER_HUNG_UP, after=75)
    assert house.figure("call_seconds_sum") == 75


def test_a_caller_waits_from_the_first_ringing_to_the_talk(house: Metered) -> None:
    house.move(S.RINGING, S.WAITING, S.RINGING, S.TALKING, after=5)
    assert (house.figure("answer_seconds_count"), house.figure("answer_seconds_sum")) == (1, 15)


def test_coming_back_from_a_conference_is_no_second_answer(house: Metered) -> None:
    house.move(S.RINGING, S.TALKING, S.CONFERENCE, S.TALKING)
    assert house.figure("answer_seconds_count") == 1


def test_a_call_taken_up_in_the_middle_of_its_talk_says_nothing_of_answering(house: Metered) -> None:
    house.move(S.TALKING)
    assert house.figure("answer_seconds_count") == 0


def test_a_leg_that_is_answered_tells_how_long_it_rang(house: Metered) -> None:
    house.move(S.RINGING)
    rings = LegMoved("one", "agent-1", Role.AGENT, "en", LegState.RINGING)
    house.tell(rings)
    house.tell(rings, after=3)
    house.tell(replace(rings, state=LegState.ANSWERED), after=4)
    house.tell(replace(rings, state=LegState.JOINED), after=2)
    assert house.figure("leg_answer_seconds_count", role="agent") == 1
    assert house.figure("leg_answer_seconds_sum", role="agent") == 7


def test_a_leg_that_nobody_answers_says_nothing_of_answering(house: Metered) -> None:
    house.move(S.RINGING)
    for state in (LegState.RINGING, LegState.GONE):
        house.tell(LegMoved("one", "agent-1", Role.AGENT, "en", state), after=20)
    assert house.figure("leg_answer_seconds_count", role="agent") is None


def test_sessions_are_live_while_they_give_a_sign(house: Metered) -> None:
    house.move(S.TALKING)
    house.tell(SessionReady("one", Role.CALLER, 0.4), replace(READING, speaker=Role.AGENT))
    assert house.figure("sessions_live") == 2
    house.tell(READING, after=2)
    house.now += 1.5
    assert house.figure("sessions_live") == 1
    house.tell(replace(READING, session_s=0.0))
    house.now += 1.6
    assert house.figure("sessions_live") == 0


def test_the_time_to_a_session_is_measured(house: Metered) -> None:
    house.tell(SessionReady("one", Role.CALLER, 0.4))
    assert house.figure("session_setup_seconds_sum") == 0.4


def test_session_seconds_cost_by_the_price_of_a_minute(house: Metered) -> None:
    house.tell(READING, replace(READING, speaker=Role.AGENT, session_s=2.0))
    assert house.figure("session_seconds_total", speaker="agent") == 2
    assert house.figure("cost_total") == pytest.approx(3 / 60 * MINUTE_PRICE)


def test_delay_and_lag_are_told_by_direction(house: Metered) -> None:
    house.tell(READING)
    assert house.figure("own_delay_seconds_sum", speaker="caller") == 0.06
    assert house.figure("lag_seconds_sum", speaker="caller") == 0.4
    assert house.figure("lag_seconds_count", speaker="agent") is None


def test_while_two_hear_each_other_directly_there_is_no_lag_to_tell(house: Metered) -> None:
    house.tell(replace(READING, resting=True))
    assert house.figure("lag_seconds_count", speaker="caller") is None


def test_a_span_that_readings_repeat_counts_once(house: Metered) -> None:
    house.move(S.TALKING)
    house.tell(READING, READING, replace(READING, ear_voice_s=None), READING, replace(READING, ear_voice_s=3.1))
    assert house.figure("ear_voice_seconds_count", speaker="caller") == 2
    assert house.figure("ear_voice_seconds_sum", speaker="caller") == pytest.approx(5.3)


def test_levels_are_those_of_moments_with_sound(house: Metered) -> None:
    house.tell(READING, replace(READING, spoken_dbfs=-96.0))
    assert house.figure("spoken_dbfs_count", speaker="caller") == 1
    assert house.figure("heard_dbfs_bucket", speaker="caller", le="-20.0") == 2
    assert house.figure("heard_dbfs_bucket", speaker="caller", le="-30.0") == 0


@pytest.mark.parametrize(
    ("lost_ms", "repeated_ms", "result"), [(0, 0, "whole"), (0, 300, "repeated"), (250, 300, "lost")]
)
def test_hand_overs_are_counted_by_reason_and_result(
    house: Metered, lost_ms: float, repeated_ms: float, result: str
) -> None:
    house.tell(Continuity("one", Role.AGENT, HandedOver(Reason.STALLED, lost_ms, repeated_ms, 120.0, 900.0)))
    assert house.figure("hand_overs_total", reason="stalled", result=result) == 1
    assert house.figure("hand_over_gap_seconds_sum") == pytest.approx(0.12)
    assert house.figure("source_lost_seconds_total", cause="hand-over") == lost_ms / 1000
    assert house.figure("source_repeated_seconds_total") == repeated_ms / 1000


def test_an_outage_is_counted_while_it_lasts_and_for_what_it_lost(house: Metered) -> None:
    house.move(S.TALKING)
    house.tell(Continuity("one", Role.CALLER, Degraded(Trouble.QUOTA, "no more today")))
    house.tell(Continuity("one", Role.CALLER, Degraded(Trouble.QUOTA, "no more today")))
    assert house.figure("directions_failing") == 1
    house.tell(Continuity("one", Role.CALLER, Restored(4200.0)))
    assert house.figure("directions_failing") == 0
    assert house.figure("degraded_total", trouble="quota") == 2
    assert house.figure("source_lost_seconds_total", cause="outage") == 4.2


def test_a_call_that_ends_without_interpretation_leaves_no_direction_failing(house: Metered) -> None:
    house.move(S.TALKING)
    house.tell(Continuity("one", Role.CALLER, Degraded(Trouble.KEY, "not accepted")))
    house.move(S.ENDED, outcome=Outcome.CALLER_HUNG_UP)
    assert house.figure("directions_failing") == 0


@pytest.mark.parametrize("reason", Refusal)
def test_each_reason_to_turn_a_call_away_is_counted(house: Metered, reason: Refusal) -> None:
    house.tell(TurnedAway(reason.value))
    assert house.figure("calls_refused_total", reason=reason.value) == 1


def test_a_word_that_is_no_reason_makes_no_new_label(house: Metered) -> None:
    house.tell(TurnedAway("+12025550123"))
    assert house.figure("calls_refused_total", reason="other") == 1
    assert house.figure("calls_refused_total", reason="+12025550123") is None


def test_what_was_wrong_with_a_line_adds_up_over_what_it_tells_of_itself(house: Metered) -> None:
    told = LineTrouble("one", "caller", Role.CALLER, {"lost": 3, "stopped_ms": 500.0, "rate": 0.98, "heard_ms": 2e4})
    house.tell(told, replace(told, figures={"lost": 5, "stopped_ms": 500.0}))
    house.tell(replace(told, leg="agent-1", role=Role.AGENT))
    assert house.figure("line_faults_total", role="caller", kind="lost") == 5
    assert house.figure("line_fault_seconds_total", role="caller", kind="stopped") == 0.5
    assert house.figure("line_faults_total", role="agent", kind="lost") == 3
    assert house.figure("line_faults_total", role="caller", kind="rate") is None


def test_the_figures_of_a_line_are_those_of_the_product() -> None:
    from telephony.audio.line_check import LineFigures
    from telephony.metrics.instruments import FAULT_COUNTS, FAULT_TIMES

    assert {*FAULT_COUNTS, *FAULT_TIMES} <= set(LineFigures.__slots__)


def test_a_language_told_by_ear_is_counted_by_who_spoke(house: Metered) -> None:
    house.tell(LanguageHeard("one", Role.AGENT, "pl"))
    assert house.figure("languages_heard_total", speaker="agent") == 1


def test_news_of_a_call_that_is_not_known_breaks_nothing(house: Metered) -> None:
    house.tell(
        LegMoved("gone", "agent-1", Role.AGENT, "en", LegState.RINGING),
        replace(READING, call="gone"),
        SessionReady("gone", Role.AGENT, 0.1),
        Continuity("gone", Role.AGENT, Degraded(Trouble.DROPPED, "gone")),
        Continuity("gone", Role.AGENT, Restored(0.0)),
    )
    assert (house.figure("sessions_live"), house.figure("directions_failing")) == (0, 0)


def test_no_label_tells_a_word_a_name_a_number_or_a_call(house: Metered) -> None:
    call, leg, word = "c0ffee", "agent-of-theirs", "mellonballer"
    house.move(S.CHOOSING, S.RINGING, S.TALKING, call=call)
    house.tell(
        LegMoved(call, leg, Role.AGENT, "en", LegState.RINGING),
        LegMoved(call, leg, Role.AGENT, "en", LegState.JOINED),
        Caption(call, Role.CALLER, Side.HEARD, "es", word),
        SessionReady(call, Role.CALLER, 0.4),
        replace(READING, call=call),
        Continuity(call, Role.AGENT, Degraded(Trouble.DROPPED, word)),
        LineTrouble(call, leg, Role.AGENT, {"lost": 1.0, word: 2.0}),
        TurnedAway(word),
        LanguageHeard(call, Role.CALLER, word),
    )
    texts = [str(sample) for metric in house.registry.collect() for sample in metric.samples]
    assert [text for text in texts if any(secret in text for secret in (call, leg, word))] == []


def test_the_number_of_series_is_bounded_whatever_is_told(house: Metered) -> None:
    def series() -> int:
        return sum(len(metric.samples) for metric in house.registry.collect())

    def a_day(start: int) -> None:
        for number in range(start, start + 50):
            call = f"call-{number}"
            house.move(S.RINGING, S.TALKING, call=call)
            for speaker in (Role.CALLER, Role.AGENT):
                house.tell(replace(READING, call=call, speaker=speaker, ear_voice_s=float(number)))
            house.tell(TurnedAway(call), LineTrouble(call, call, Role.CALLER, {call: 1.0}))
            house.move(S.ENDED, call=call, outcome=Outcome.CALLER_HUNG_UP)

    a_day(0)
    before = series()
    a_day(50)
    assert series() == before < 700
