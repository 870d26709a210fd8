import pytest
from hypothesis import given
from hypothesis import strategies as st

from telephony.api.rate import Rate


def test_a_burst_passes_and_then_as_many_as_the_rate_says() -> None:
    rate = Rate(a_second=2.0, burst=3)
    assert [rate.take("a", 0.0) for _ in range(3)] == [0.0, 0.0, 0.0]
    assert rate.take("a", 0.0) == 0.5
    assert rate.take("a", 0.25) == 0.25
    assert rate.take("a", 0.5) == 0.0


def test_one_who_is_refused_loses_nothing() -> None:
    rate = Rate(a_second=1.0, burst=1)
    rate.take("a", 0.0)
    assert [rate.take("a", 0.9) > 0 for _ in range(5)] == 5 * [True]
    assert rate.take("a", 1.0) == 0.0


def test_each_key_has_its_own_bucket() -> None:
    rate = Rate(burst=1)
    assert (rate.take("a", 0.0), rate.take("b", 0.0)) == (0.0, 0.0)
    assert rate.take("a", 0.0) > 0


def test_a_clock_that_goes_back_gives_nothing_away() -> None:
    rate = Rate(a_second=1.0, burst=1)
    rate.take("a", 10.0)
    rate.take("a", 5.0)
    assert rate.take("a", 10.5) > 0


def test_the_keys_used_longest_ago_are_forgotten() -> None:
    rate = Rate(burst=1, most=2)
    for key in "abc":
        rate.take(key, 0.0)
    assert len(rate) == 2
    assert rate.take("c", 0.0) > 0
    assert rate.take("a", 0.0) == 0.0


@pytest.mark.parametrize(("a_second", "burst"), [(0.0, 1), (-1.0, 1), (1.0, 0)])
def test_a_rate_that_lets_nothing_through_is_none(a_second: float, burst: int) -> None:
    with pytest.raises(ValueError):
        Rate(a_second, burst)


@given(st.lists(st.floats(0, 10), max_size=200).map(sorted), st.floats(0.1, 50), st.integers(1, 20))
def test_never_more_pass_than_burst_and_rate_allow(times: list[float], a_second: float, burst: int) -> None:
    rate = Rate(a_second, burst)
    passed = [at for at in times if rate.take("a", at) == 0.0]
    assert len(passed) <= burst + a_second * 10 + 1e-6


@given(st.floats(0.1, 50), st.integers(1, 5))
def test_who_waits_as_told_passes(a_second: float, burst: int) -> None:
    rate, now = Rate(a_second, burst), 0.0
    for _ in range(20):
        if wait := rate.take("a", now):
            now += wait + 1e-6
            assert rate.take("a", now) == 0.0
