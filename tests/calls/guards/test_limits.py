from datetime import UTC, date, datetime, timedelta

import pytest

from telephony.calls.guards.limits import MINUTE_PRICE, QUOTA_REST, Bounds, Limits
from telephony.calls.guards.reason import Reason
from telephony.calls.guards.usage import Usage

NOON = datetime(2025, 7, 7, 12, tzinfo=UTC)


def begin(limits: Limits, call: str, caller: str = "digest", now: float = 0.0) -> Reason | None:
    """Why it may not; None where it has begun."""
    reason = limits.may_begin(caller, now, NOON)
    if reason is None:
        limits.began(call, caller, now)
    return reason


def test_without_bounds_everything_may_begin() -> None:
    limits = Limits(Bounds())
    assert [begin(limits, f"c{n}") for n in range(500)] == [None] * 500
    assert limits.meter(1e6, NOON).session_s == 1e6
    assert begin(limits, "one more") is None


def test_a_house_carries_so_many_calls_at_once() -> None:
    limits = Limits(Bounds(calls_at_once=2))
    assert [begin(limits, call, call) for call in ("a", "b", "c")] == [None, None, Reason.LINE_FULL]
    limits.ended("a")
    limits.ended("a")
    limits.ended("never began")
    assert limits.running == 1
    assert [begin(limits, call, call) for call in ("c", "d")] == [None, Reason.LINE_FULL]


def test_one_call_counts_once_however_often_it_is_told() -> None:
    limits = Limits(Bounds(calls_at_once=2, calls_an_hour=2))
    limits.began("a", "digest", 0.0)
    limits.began("a", "digest", 1.0)
    assert limits.running == 1
    assert begin(limits, "b") is None


def test_a_call_found_again_runs_but_is_no_new_call_of_its_caller() -> None:
    limits = Limits(Bounds(calls_at_once=2, calls_an_hour=1))
    limits.found("a")
    limits.found("a")
    assert begin(limits, "b") is None
    assert begin(limits, "c", "somebody else") is Reason.LINE_FULL


def test_a_caller_has_so_many_calls_an_hour() -> None:
    limits = Limits(Bounds(calls_an_hour=2))
    assert [begin(limits, call) for call in ("a", "b", "c")] == [None, None, Reason.CALLER_LIMIT]
    assert begin(limits, "d", "somebody else") is None
    limits.ended("a")
    assert begin(limits, "c", now=3599.0) is Reason.CALLER_LIMIT
    assert begin(limits, "c", now=3600.0) is None


def test_a_refused_call_is_not_counted() -> None:
    limits = Limits(Bounds(calls_an_hour=1))
    begin(limits, "a", now=0.0)
    for n in range(10):
        begin(limits, f"refused {n}", now=3000.0)
    assert begin(limits, "b", now=3600.0) is None


def test_withheld_numbers_have_a_limit_of_their_own() -> None:
    limits = Limits(Bounds(calls_an_hour=1, withheld_an_hour=2))
    assert [begin(limits, call, "") for call in ("a", "b", "c")] == [None, None, Reason.CALLER_LIMIT]
    unlimited = Limits(Bounds(calls_an_hour=1))
    assert [begin(unlimited, call, "") for call in ("a", "b", "c")] == [None, None, None]


def test_a_limit_too_high_to_remember_is_still_one() -> None:
    limits = Limits(Bounds(calls_an_hour=100_000))
    reasons = [begin(limits, f"c{n}") for n in range(201)]
    assert reasons == [None] * 200 + [Reason.CALLER_LIMIT]


def test_a_day_has_so_many_minutes() -> None:
    limits = Limits(Bounds(minutes_a_day=2))
    limits.meter(119.9, NOON)
    assert limits.may_begin("a", 0.0, NOON) is None
    limits.meter(0.1, NOON)
    assert limits.may_begin("a", 0.0, NOON) is limits.day_is_over(NOON) is Reason.DAY_MINUTES
    assert limits.may_begin("a", 0.0, NOON + timedelta(days=1)) is None


def test_a_day_has_so_much_to_spend() -> None:
    limits = Limits(Bounds(spend_a_day=1.0, minute_price=0.5))
    limits.meter(119.0, NOON)
    assert limits.may_begin("a", 0.0, NOON) is None
    limits.meter(1.0, NOON)
    assert limits.may_begin("a", 0.0, NOON) is Reason.DAY_SPEND


def test_a_new_start_goes_on_with_the_days_usage() -> None:
    stored = Usage(date(2025, 7, 7), session_s=120.0, spend=0.07)
    assert Limits(Bounds(minutes_a_day=2), stored).may_begin("a", 0.0, NOON) is Reason.DAY_MINUTES
    assert Limits(Bounds(spend_a_day=0.07), stored).may_begin("a", 0.0, NOON) is Reason.DAY_SPEND
    assert Limits(Bounds(minutes_a_day=3), stored).used(NOON) == stored


def test_the_price_of_a_minute_is_both_ways_of_sound_at_the_published_price() -> None:
    tokens = 60 * 25
    assert pytest.approx(tokens * (3.50 + 21.00) / 1e6) == MINUTE_PRICE


def test_new_calls_can_be_held_by_hand() -> None:
    limits = Limits(Bounds())
    limits.held = True
    assert begin(limits, "a") is Reason.HELD
    limits.held = False
    assert begin(limits, "a") is None


def test_a_process_about_to_end_takes_none_and_says_so_first() -> None:
    limits = Limits(Bounds(calls_at_once=0))
    limits.held = limits.draining = True
    assert begin(limits, "a") is Reason.DRAINING


def test_without_quota_new_calls_wait_a_while() -> None:
    limits = Limits(Bounds())
    limits.quota_refused(10.0)
    assert begin(limits, "a", now=10.0) is Reason.QUOTA
    assert begin(limits, "a", now=9.9 + QUOTA_REST) is Reason.QUOTA
    assert begin(limits, "a", now=10.0 + QUOTA_REST) is None


def test_a_flood_of_calls_is_turned_away_with_memory_to_spare() -> None:
    limits = Limits(Bounds(calls_at_once=20, calls_an_hour=5))
    reasons = [begin(limits, f"c{n}", f"caller {n}", now=n / 200) for n in range(4000)]
    assert reasons.count(None) == limits.running == 20
    assert set(reasons[20:]) == {Reason.LINE_FULL}


def test_a_process_that_is_too_busy_takes_no_more_calls() -> None:
    limits = Limits(Bounds())
    limits.strained = True
    assert begin(limits, "a") is Reason.STRAINED
    limits.strained = False
    assert begin(limits, "a") is None
