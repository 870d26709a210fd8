import pytest
from hypothesis import given
from hypothesis import strategies as st

from telephony.metrics.loop_lag import JUDGED_FROM_S, WINDOW_S, LoopLag

TICK = 0.02


def beating(lag: LoopLag, seconds: float, *, late: float = 0.0, from_: float = 0.0) -> float:
    """Heartbeats for so long, each as late; when the last one came."""
    count = round(seconds / TICK)
    for place in range(1, count + 1):
        lag.add(from_ + place * TICK, late)
    return from_ + count * TICK


def test_a_loop_in_time_has_no_lag() -> None:
    lag = LoopLag(TICK)
    assert lag.p99(beating(lag, 10)) == 0


def test_one_long_block_weighs_as_much_as_it_lasted() -> None:
    lag = LoopLag(TICK)
    now = beating(lag, 5) + 0.4
    lag.add(now, 0.4)
    assert lag.p99(now) == pytest.approx(0.36, abs=0.03)


def test_a_late_heartbeat_stands_for_those_it_kept_from_coming() -> None:
    assert LoopLag(TICK).add(1.0, 0.05) == pytest.approx((0.05, 0.03, 0.01))


def test_one_late_heartbeat_in_hundreds_is_no_sign_of_load() -> None:
    lag = LoopLag(TICK)
    now = beating(lag, 10)
    lag.add(now + 0.015, 0.015)
    assert lag.p99(now + 0.015) == 0


def test_one_block_does_not_raise_what_a_tenth_of_the_time_is_later_than() -> None:
    lag = LoopLag(TICK)
    now = beating(lag, 10) + 0.4
    lag.add(now, 0.4)
    assert lag.p90(now) == 0


def test_a_loop_that_is_late_again_and_again_is_late_for_a_tenth_of_the_time() -> None:
    lag, now = LoopLag(TICK), 0.0
    for _ in range(5):
        now = beating(lag, 1.5, from_=now) + 0.4
        lag.add(now, 0.4)
    assert lag.p90(now) > 0.1


def test_what_is_over_is_forgotten_after_the_window() -> None:
    lag = LoopLag(TICK)
    lag.add(1.0, 1.0)
    assert lag.p99(JUDGED_FROM_S + 1.5) > 0.9
    assert lag.p99(beating(lag, WINDOW_S + 0.1, from_=1.0)) == 0


def test_nothing_is_said_right_after_the_start() -> None:
    lag = LoopLag(TICK)
    now = beating(lag, JUDGED_FROM_S - 0.1, late=0.3)
    assert lag.p99(now) == 0
    assert lag.p99(now + 0.2) == pytest.approx(0.3)


def test_a_loop_that_hung_for_an_hour_is_told_of_in_bounded_memory() -> None:
    assert len(LoopLag(TICK).add(3600.0, 3600.0)) <= WINDOW_S / TICK + 1


@given(st.lists(st.floats(0, 5), min_size=1, max_size=300))
def test_the_percentile_is_never_above_the_worst_nor_below_nothing(lates: list[float]) -> None:
    lag, now = LoopLag(TICK), 0.0
    for late in lates:
        now += TICK + late
        lag.add(now, late)
    assert 0 <= lag.p99(now) <= max(lates)
