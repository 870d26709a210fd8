import pytest

from telephony.calls.agent import Agent
from telephony.calls.guards.pin import FIRST_LOCK, FORGIVEN_AFTER, LONGEST_LOCK, PinGuard, Verdict

ANNA = Agent("Anna", "+12025550121", ("en",), pin="480263")
BO = Agent("Bo", "+12025550122", ("en",), pin="771934")


def wrong(guard: PinGuard, now: float = 0.0) -> Verdict:
    return guard.check(ANNA, "000000", now)


def locked_until_it_opens(guard: PinGuard, now: float) -> float:
    """Three wrong PINs; the time at which the next is looked at."""
    assert [wrong(guard, now) for _ in range(3)] == [Verdict.AGAIN, Verdict.AGAIN, Verdict.OVER]
    return now + guard.locked_s("Anna", now)


def test_the_right_pin_is_right() -> None:
    assert PinGuard().check(ANNA, "480263", 0.0) is Verdict.RIGHT


def test_three_wrong_ones_end_the_call_and_are_counted() -> None:
    guard = PinGuard()
    assert [wrong(guard) for _ in range(3)] == [Verdict.AGAIN, Verdict.AGAIN, Verdict.OVER]
    assert guard.over == 1


def test_then_the_right_one_is_not_looked_at_for_a_while() -> None:
    guard = PinGuard()
    opens = locked_until_it_opens(guard, 0.0)
    assert opens == FIRST_LOCK
    assert guard.check(ANNA, "480263", opens - 0.1) is Verdict.LOCKED
    assert guard.check(ANNA, "480263", opens) is Verdict.RIGHT
    assert guard.over == 1


def test_a_lock_is_one_agents_own() -> None:
    guard = PinGuard()
    locked_until_it_opens(guard, 0.0)
    assert guard.check(BO, "771934", 1.0) is Verdict.RIGHT
    assert guard.locked_s("Bo", 1.0) == 0.0


def test_each_lock_is_twice_as_long_up_to_the_longest() -> None:
    guard, now, locks = PinGuard(), 0.0, []
    for _ in range(11):
        opens = locked_until_it_opens(guard, now)
        locks.append(opens - now)
        now = opens
    assert locks[:4] == [60.0, 120.0, 240.0, 480.0]
    assert locks[-2:] == [LONGEST_LOCK, LONGEST_LOCK]


def test_hanging_up_before_the_third_gains_nothing() -> None:
    guard = PinGuard()
    first_call = [wrong(guard, 0.0), wrong(guard, 1.0)]
    second_call = wrong(guard, 100.0)
    assert [*first_call, second_call] == [Verdict.AGAIN, Verdict.AGAIN, Verdict.OVER]


def test_the_right_one_clears_what_was_wrong_before() -> None:
    guard = PinGuard()
    wrong(guard)
    wrong(guard)
    guard.check(ANNA, "480263", 1.0)
    assert locked_until_it_opens(guard, 2.0) == 2.0 + FIRST_LOCK


@pytest.mark.parametrize(("later", "verdict"), [(FORGIVEN_AFTER - 1, Verdict.OVER), (FORGIVEN_AFTER, Verdict.AGAIN)])
def test_after_a_day_nothing_of_it_counts(later: float, verdict: Verdict) -> None:
    guard = PinGuard()
    wrong(guard)
    wrong(guard)
    assert wrong(guard, later) is verdict


def test_an_agent_without_a_pin_changes_nothing_by_telephone() -> None:
    guard = PinGuard()
    assert guard.check(Agent("Dan", "client:dan", ("en",)), "", 0.0) is Verdict.NO_PIN


def test_a_day_of_guessing_comes_to_a_few_tries() -> None:
    guard, now, tries = PinGuard(), 0.0, 0
    for _ in range(12):
        now = locked_until_it_opens(guard, now)
    end = now + 24 * 3600.0
    while now < end:
        now = locked_until_it_opens(guard, now)
        tries += 3
    assert tries == 12
