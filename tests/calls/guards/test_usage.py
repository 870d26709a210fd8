from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from telephony.calls.guards.usage import Meter, Usage

NOON = datetime(2025, 7, 7, 12, tzinfo=UTC)
TODAY = date(2025, 7, 7)


def test_seconds_and_spend_add_up() -> None:
    meter = Meter(minute_price=0.6)
    meter.add(30.0, NOON)
    used = meter.add(60.0, NOON)
    assert (used.day, used.session_s) == (TODAY, 90.0)
    assert used.spend == pytest.approx(0.9)


def test_small_amounts_are_not_rounded_away() -> None:
    meter = Meter(minute_price=0.03675)
    for _ in range(60 * 1000):
        meter.add(0.001, NOON)
    assert meter.usage(NOON).spend == pytest.approx(0.03675)


def test_a_day_ends_at_midnight_utc() -> None:
    meter = Meter(minute_price=1.0)
    meter.add(60.0, NOON)
    late_evening_in_new_york = datetime(2025, 7, 7, 21, tzinfo=timezone(timedelta(hours=-4)))
    assert meter.usage(late_evening_in_new_york) == Usage(date(2025, 7, 8))


def test_a_clock_put_back_past_midnight_does_not_begin_the_day_again() -> None:
    meter = Meter(minute_price=1.0)
    meter.add(60.0, datetime(2025, 7, 8, 0, 0, 1, tzinfo=UTC))
    assert meter.usage(datetime(2025, 7, 7, 23, 59, 59, tzinfo=UTC)).session_s == 60.0


def test_a_new_start_goes_on_with_what_was_stored_today() -> None:
    meter = Meter(1.0, Usage(TODAY, 120.0, 2.5))
    assert meter.add(60.0, NOON) == Usage(TODAY, 180.0, 3.5)


def test_what_was_stored_yesterday_is_over() -> None:
    assert Meter(1.0, Usage(date(2025, 7, 6), 120.0, 2.5)).usage(NOON) == Usage(TODAY)


def test_no_session_lasts_less_than_no_time() -> None:
    with pytest.raises(ValueError, match="no time"):
        Meter(1.0).add(-0.1, NOON)
