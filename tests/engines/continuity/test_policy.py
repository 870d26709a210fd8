"""When, how often, how soon."""

import math
from itertools import pairwise

import pytest

from telephony.engines.base import Trouble
from telephony.engines.continuity.policy import Backoff, Policy, Rotation

POLICY = Policy()


@pytest.mark.parametrize("trouble", [trouble for trouble in Trouble if not trouble.fatal])
def test_waits_double_up_to_a_longest(trouble: Trouble) -> None:
    waits = [POLICY.wait(trouble, failures) for failures in range(1, 40)]
    longest = waits[-1]
    assert all(later == min(2 * sooner, longest) for sooner, later in pairwise(waits))
    assert 0.25 <= waits[0] < longest <= 120


@pytest.mark.parametrize("trouble", [trouble for trouble in Trouble if trouble.fatal])
def test_what_will_not_change_is_never_tried_again(trouble: Trouble) -> None:
    assert POLICY.wait(trouble, 1) == math.inf


def test_a_quota_is_waited_for_longer_than_a_network() -> None:
    assert POLICY.wait(Trouble.QUOTA, 1) >= 15 > POLICY.wait(Trouble.UNREACHABLE, 5)


def test_with_nobody_left_a_network_is_tried_at_once_and_a_quota_is_not() -> None:
    for trouble, at_once in ((Trouble.UNREACHABLE, True), (Trouble.QUOTA, False)):
        backoff = Backoff(POLICY)
        for _ in range(4):
            backoff.failed(trouble, 100.0)
        backoff.hurry(100.0)
        assert (backoff.not_before <= 100.0) is at_once


def test_after_a_good_connection_everything_is_forgotten() -> None:
    backoff = Backoff(POLICY)
    backoff.failed(Trouble.QUOTA, 5.0)
    backoff.worked()
    assert backoff.not_before == -math.inf
    backoff.failed(Trouble.UNREACHABLE, 10.0)
    assert backoff.not_before == 10.25


def test_the_pause_that_is_waited_for_gets_shorter_and_at_last_none_is() -> None:
    wanted = [POLICY.silence_wanted(left) for left in (60.0, 20.0, 15.0, 9.0, 6.5, 6.0, 1.0, -5.0)]
    assert wanted == sorted(wanted, reverse=True)
    assert wanted[0] == 0.6
    assert wanted[-3:] == [0.0, 0.0, 0.0]


def test_two_directions_never_hand_over_within_a_minute_of_each_other() -> None:
    """Whenever their connections were opened: after a drop, too."""
    opened = [100.0 + 97.0 * number for number in range(100)]
    one, other = Rotation(510.0, 100.0, second=False), Rotation(510.0, 100.1, second=True)
    moments = [[grid.next_after(at) for at in opened] for grid in (one, other)]
    assert min(abs(first - second) for first in moments[0] for second in moments[1]) >= 60
    assert all(0 < moment - at <= 510 for grid in moments for moment, at in zip(grid, opened, strict=True))


def test_a_connection_opened_on_the_grid_lives_for_a_whole_period() -> None:
    grid = Rotation(510.0, 0.0, second=False)
    assert [grid.next_after(510.0 * n + 0.2) for n in range(5)] == [510.0 * (n + 1) for n in range(5)]
