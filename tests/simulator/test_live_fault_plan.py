"""Which session suffers what: counted for each direction by itself."""

from dataclasses import replace
from pathlib import Path

import pytest

from telephony.simulator.live_api.fault_plan import FaultPlan, Refusing, TalkClock
from telephony.simulator.live_api.faults import (
    AtRandom,
    AtSession,
    Fault,
    Faults,
    Heard,
    Hit,
    Kind,
    OfLine,
    Refused,
)
from telephony.simulator.live_api.refusal import DEADLINE, KEY, QUOTA
from telephony.simulator.scenario import Who
from tests.simulator.scenes import line, scenario

STALL = Fault(Kind.STALL, AtSession(3.0))


def kinds(plan: FaultPlan, target: str) -> list[Kind]:
    return [fault.kind for fault in plan.session(target).faults]


def test_the_first_session_of_either_direction_is_hit_and_its_replacement_is_healthy() -> None:
    plan = FaultPlan([scenario(faults=(STALL,))])
    assert [kinds(plan, target) for target in ("en", "es", "en", "es")] == [[Kind.STALL], [Kind.STALL], [], []]


@pytest.mark.parametrize(("who", "target", "other"), [(Hit.CALLER, "en", "es"), (Hit.AGENT, "es", "en")])
def test_a_session_that_interprets_the_caller_speaks_the_agents_language(who: Hit, target: str, other: str) -> None:
    plan = FaultPlan([scenario(faults=(replace(STALL, who=who),))])
    assert (kinds(plan, other), kinds(plan, target)) == ([], [Kind.STALL])


def test_later_sessions_may_be_hit_and_several_in_a_row() -> None:
    plan = FaultPlan([scenario(faults=(replace(STALL, session=2, sessions=2),))])
    assert [bool(kinds(plan, "en")) for _ in range(5)] == [False, True, True, False, False]


def test_all_sessions_may_be_hit() -> None:
    plan = FaultPlan([scenario(faults=(replace(STALL, sessions=None),))])
    assert all(kinds(plan, "en") for _ in range(20))


def test_a_session_into_another_language_is_not_touched() -> None:
    assert FaultPlan([scenario(faults=(STALL,))]).session("fr").faults == ()


def test_random_moments_are_the_same_for_the_same_seed_and_differ_from_session_to_session() -> None:
    random = Fault(Kind.CLOSE, AtRandom(5.0, 60.0, 7), sessions=None)

    def moments(seed: int) -> list[float]:
        plan = FaultPlan([scenario(faults=(replace(random, trigger=AtRandom(5.0, 60.0, seed)),))])
        faults = [plan.session(target).faults[0] for target in ("en", "es", "en", "es")]
        return [fault.trigger.seconds for fault in faults if isinstance(fault.trigger, AtSession)]

    assert moments(7) == moments(7)
    assert len({*moments(7), *moments(8)}) == 8
    assert all(5.0 <= moment <= 60.0 for moment in moments(7))


def test_a_spent_quota_refuses_the_first_sessions_of_a_direction_as_late_as_the_real_one() -> None:
    plan = FaultPlan([scenario(faults=(Fault(Kind.REFUSE, who=Hit.CALLER, sessions=2),))])
    refused = [plan.session("en").refusing for _ in range(3)]
    assert refused == [Refusing(QUOTA, 0.8, refused=Refused.QUOTA)] * 2 + [None]
    assert plan.session("es").refusing is None


@pytest.mark.parametrize(
    ("refused", "code", "reason"),
    [
        (Refused.KEY, 1007, KEY.text),
        (Refused.MODEL, 1008, "models/x is not found for API version v1beta"),
        (Refused.LANGUAGE, 1007, "Unsupported language code 'en'"),
    ],
)
def test_other_refusals_say_what_the_service_says(refused: Refused, code: int, reason: str) -> None:
    plan = FaultPlan([scenario(faults=(Fault(Kind.REFUSE, refused=refused),))])
    refusing = plan.session("en", "models/x").refusing
    assert refusing
    assert refusing.refusal.code == code
    assert refusing.refusal.text.startswith(reason)


def test_too_many_requests_turn_handshakes_away_whoever_they_are_for() -> None:
    fault = Fault(Kind.REFUSE, sessions=2, refused=Refused.TOO_MANY_REQUESTS)
    plan = FaultPlan([scenario(faults=(fault,))])
    assert [plan.handshake() for _ in range(3)] == [429, 429, None]
    assert plan.session("en").refusing is None


def test_what_a_test_sets_comes_on_top_of_what_a_call_says() -> None:
    lot = FaultPlan([scenario(faults=(STALL,))]).session("en")
    faults = lot.with_these(Faults(refusal=KEY, close=DEADLINE, close_after_s=2.0, close_after_bytes=64000))
    assert faults.refusing == Refusing(KEY)
    assert faults.faults == (
        STALL,
        Fault(Kind.CLOSE, AtSession(2.0), close=DEADLINE),
        Fault(Kind.CLOSE, Heard(2.0), close=DEADLINE),
    )


def test_of_several_calls_each_line_is_named_with_its_call() -> None:
    fault = Fault(Kind.STALL, OfLine("c1", 0.5))
    calls = [scenario(folder=Path("one"), faults=(fault,)), scenario(folder=Path("two"), caller_language="fr")]
    (mine,) = FaultPlan(calls).session("en").faults
    assert mine.trigger == OfLine("one/c1", 0.5)


def test_when_the_talk_began_is_known_from_the_first_line_that_was_heard() -> None:
    clock = TalkClock([scenario(lines=(line("c1", Who.CALLER, 2.0), line("a1", Who.AGENT, 6.0)))])
    assert clock.began is None
    clock.heard("c1", 103.0, 1.0)
    clock.heard("a1", 200.0, 0.0)
    assert clock.began == 100.0
