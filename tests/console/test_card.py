import json
from math import inf
from typing import Any

from telephony.calls.observer import CallMoved, CallNews, Continuity, LanguageHeard, LegMoved, Reading, Role
from telephony.calls.state import CallState, LegState, Outcome
from telephony.console.card import MOST_LEGS, MOST_MARKS, Card, MarkKind
from telephony.console.views import Json, facts_of
from telephony.engines.base import Degraded, HandedOver, Reason, Restored, Trouble


def told(*news: CallNews) -> Card:
    card = Card("a", 0.0, 1_700_000_000.0)
    for nth, one in enumerate(news):
        card.tell(one, float(nth), 1_700_000_000.0 + nth)
    return card


def reading(speaker: Role = Role.CALLER, **more: Any) -> Reading:
    figures: dict[str, Any] = {
        "lag_s": 0.2,
        "heard_dbfs": -20.0,
        "spoken_dbfs": -20.0,
        "ear_voice_s": 2.0,
        "own_delay_s": 0.1,
    }
    return Reading("a", speaker, **{**figures, "session_s": 1.0, **more})


def direction(card: Card) -> Json:
    [one] = facts_of(card, None)["directions"]
    return dict(one)


def leg(name: str, role: Role, state: LegState, language: str = "en") -> LegMoved:
    return LegMoved("a", name, role, language, state)


def test_of_several_agents_who_are_rung_the_one_who_is_there_is_shown() -> None:
    card = told(
        leg("caller", Role.CALLER, LegState.JOINED, "es"),
        leg("agent-1", Role.AGENT, LegState.RINGING, "de"),
        leg("agent-2", Role.AGENT, LegState.JOINED, "en"),
        leg("agent-1", Role.AGENT, LegState.GONE, "de"),
    )
    assert [(party.role, party.language) for party in card.parties] == [(Role.CALLER, "es"), (Role.AGENT, "en")]


def test_until_somebody_is_there_whoever_moved_last_is_shown() -> None:
    card = told(leg("agent-1", Role.AGENT, LegState.RINGING, "de"), leg("agent-2", Role.AGENT, LegState.RINGING, "fr"))
    assert [party.language for party in card.parties] == ["fr"]


def test_however_many_are_rung_those_who_are_there_are_not_forgotten() -> None:
    calls = [leg(f"agent-{nth}", Role.AGENT, LegState.GONE) for nth in range(3 * MOST_LEGS)]
    card = told(leg("caller", Role.CALLER, LegState.JOINED, "es"), *calls)
    assert card.parties[0].role is Role.CALLER


def test_how_far_the_listener_is_behind_is_the_newest_phrase_or_what_is_queued_if_more() -> None:
    assert direction(told(reading()))["behind_s"] == 2.0
    assert direction(told(reading(lag_s=7.04)))["behind_s"] == 7.0


def test_silence_can_be_told_in_json() -> None:
    facts = facts_of(told(reading(heard_dbfs=-inf, spoken_dbfs=-inf)), 0.5)
    assert json.loads(json.dumps(facts, allow_nan=False))["directions"][0]["voice_dbfs"] == -90.0


def test_cost_is_that_of_both_directions_together() -> None:
    card = told(reading(session_s=30.0), reading(Role.AGENT, session_s=60.0))
    assert facts_of(card, 0.6)["cost"] == 0.9
    assert facts_of(card, None)["cost"] is None


def test_hand_overs_losses_and_stalls_are_told_apart() -> None:
    kinds = {
        reason: told(Continuity("a", Role.AGENT, HandedOver(reason, 1.0, 2.0, 3.0, 4.0))).marks[0].kind
        for reason in Reason
    }
    assert {reason for reason, kind in kinds.items() if kind is MarkKind.HAND_OVER} == {Reason.AGE, Reason.GO_AWAY}
    assert {reason for reason, kind in kinds.items() if kind is MarkKind.LOST} == {Reason.LOST}
    assert set(kinds.values()) == {MarkKind.HAND_OVER, MarkKind.LOST, MarkKind.STALL}


def test_a_direction_fails_until_it_is_restored() -> None:
    broken = Continuity("a", Role.CALLER, Degraded(Trouble.QUOTA, "the service's own words"))
    mended = Continuity("a", Role.CALLER, Restored(250.0))
    assert direction(told(broken))["failing"] == "quota"
    assert direction(told(broken, mended))["failing"] is None
    assert "own words" not in str(facts_of(told(broken), 1.0))


def test_only_the_newest_marks_are_kept() -> None:
    card = told(*(Continuity("a", Role.CALLER, Restored(float(nth))) for nth in range(2 * MOST_MARKS)))
    assert [mark.number for mark in card.marks] == list(range(MOST_MARKS + 1, 2 * MOST_MARKS + 1))


def test_the_language_that_is_heard_is_shown() -> None:
    assert direction(told(LanguageHeard("a", Role.CALLER, "pl")))["heard"] == "pl"


def test_the_end_is_remembered_once() -> None:
    over = CallMoved("a", CallState.ENDED, Outcome.NOT_REACHED)
    assert told(over, over).ended == 0.0
