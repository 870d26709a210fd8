import pytest

from telephony.calls.agent import Agent, Circle
from telephony.calls.waiting import RING_AGAIN_AFTER, SAY_AT_MOST_EVERY, SAY_EVERY, WaitingLine

ANNA = Agent("Anna", "client:anna", ("en",), groups=frozenset({"front-desk"}))
BO = Agent("Bo", "client:bo", ("en",), groups=frozenset({"night"}))
NIGHT = Circle(groups=frozenset({"night"}))


def line_of(*calls: str, now: float = 0.0) -> WaitingLine:
    line = WaitingLine()
    for call in calls:
        line.join(call, now, limit=50)
    return line


def test_who_comes_first_stands_first() -> None:
    line = line_of("a", "b", "c")
    assert [line.place(call) for call in "abc"] == [1, 2, 3]
    assert line.head() == "a"
    assert line.calls == ("a", "b", "c")


def test_who_leaves_moves_those_behind_up() -> None:
    line = line_of("a", "b", "c")
    line.leave("a")
    line.leave("nobody")
    assert (line.place("a"), line.place("b"), line.place("c")) == (None, 1, 2)
    assert len(line) == 2


def test_a_full_line_takes_nobody_and_keeps_who_is_in_it() -> None:
    line = WaitingLine()
    assert [line.join(call, 0.0, limit=2) for call in ("a", "b", "c", "b")] == [1, 2, None, 2]
    assert line.join("d", 0.0, limit=0) is None
    line.leave("a")
    assert line.join("c", 1.0, limit=2) == 2


def test_who_has_waited_with_another_process_comes_before_those_who_have_waited_less() -> None:
    line = line_of("b", now=100.0)
    assert line.join("c", 101.0, waited_s=0.5) == 2
    assert line.join("a", 101.0, waited_s=60.0) == 1
    assert line.calls == ("a", "b", "c")
    assert line.waited_s("a", 102.0) == 61.0


def test_lines_have_their_own_places_and_limits() -> None:
    line = WaitingLine()
    line.join("a", 0.0, line="clinic", limit=1)
    assert line.join("b", 0.0, line="shop", limit=1) == 1
    assert line.join("c", 0.0, line="clinic", limit=1) is None
    assert (line.head("clinic"), line.head("shop"), line.head("nowhere")) == ("a", "b", None)


def test_a_free_agent_gets_the_first_call_that_may_have_him() -> None:
    line = WaitingLine()
    line.join("a", 0.0, line="night", circle=NIGHT)
    line.join("b", 1.0, line="day")
    assert line.next_for(ANNA, 2.0) == "b"
    assert line.next_for(BO, 2.0) == "a"
    line.leave("b")
    assert line.next_for(ANNA, 2.0) is None


def test_an_agent_who_did_not_take_a_call_gets_the_next_one_and_that_one_again_later() -> None:
    line = line_of("a", "b")
    line.declined("a", "Anna", 10.0)
    assert line.tried("a", 10.0) == {"Anna"}
    assert line.next_for(ANNA, 10.0) == "b"
    assert line.next_for(BO, 10.0) == "a"
    assert line.next_for(ANNA, 10.0 + RING_AGAIN_AFTER) == "a"
    assert line.tried("a", 10.0 + RING_AGAIN_AFTER) == set()


def test_a_new_call_does_not_take_an_agent_from_one_who_waits() -> None:
    line = WaitingLine()
    line.join("a", 0.0, circle=NIGHT)
    line.join("b", 1.0, circle=NIGHT)
    assert line.is_turn("a", BO, 2.0)
    assert not line.is_turn("b", BO, 2.0)
    assert not line.is_turn("new", BO, 2.0)
    assert line.is_turn("new", ANNA, 2.0)


def test_declining_a_call_that_has_left_changes_nothing() -> None:
    line = line_of("a")
    line.declined("gone", "Anna", 0.0)
    assert line.tried("gone", 0.0) == set()
    assert line.next_for(ANNA, 0.0) == "a"


def test_nothing_is_expected_before_anybody_was_answered() -> None:
    line = line_of("a", "b")
    assert line.expected_wait_s(1, 100.0) is None
    line.leave("a")
    assert line.expected_wait_s(1, 100.0) is None
    assert WaitingLine().expected_wait_s(1, 0.0) is None


def test_the_expected_wait_is_the_place_times_the_usual_time_between_answers() -> None:
    line = line_of("a", "b", "c", "d", "e")
    for now, call in ((60.0, "a"), (120.0, "b")):
        line.answered(call, now)
    assert line.expected_wait_s(1, 120.0) == 60.0
    assert line.expected_wait_s(3, 120.0) == 180.0
    assert line.expected_wait_s(1, 150.0) == 30.0


def test_it_grows_while_nobody_is_answered_and_is_never_less_than_nothing() -> None:
    line = line_of("a", "b", "c")
    line.answered("a", 60.0)
    waits = [line.expected_wait_s(2, 60.0 + later) for later in (0.0, 30.0, 60.0, 120.0, 600.0)]
    assert waits == [120.0, 90.0, 60.0, 90.0, 330.0]
    assert line.expected_wait_s(1, 120.0) == 0.0


def test_only_the_last_answers_count() -> None:
    line = line_of(*(f"c{n}" for n in range(20)))
    now = 0.0
    for n in range(4):
        now += 600.0
        line.answered(f"c{n}", now)
    for n in range(4, 12):
        now += 30.0
        line.answered(f"c{n}", now)
    assert line.expected_wait_s(1, now) == 30.0


def test_hours_without_anybody_waiting_are_no_time_between_answers() -> None:
    line = line_of("a")
    line.answered("a", 60.0)
    line.join("b", 10_000.0)
    assert line.expected_wait_s(1, 10_000.0) == 60.0
    line.answered("b", 10_040.0)
    assert line.expected_wait_s(1, 10_040.0) == 50.0


def test_a_call_answered_at_once_tells_nothing_about_waiting() -> None:
    line = line_of("a")
    line.answered("a", 0.5)
    line.answered("never", 5.0)
    assert line.expected_wait_s(1, 1.0) is None


def test_place_and_wait_are_told_at_first_and_then_now_and_then() -> None:
    line = line_of("a", now=5.0)
    assert line.announce_due("a", 5.0)
    line.announced("a", 6.0)
    assert not line.announce_due("a", 6.0 + SAY_EVERY - 0.1)
    assert line.next_announcement("a") == 6.0 + SAY_EVERY
    assert line.announce_due("a", 6.0 + SAY_EVERY)


def test_a_new_place_is_told_sooner_but_not_again_and_again() -> None:
    line = line_of("a", "b", "c")
    line.announced("c", 0.0)
    line.leave("a")
    assert not line.announce_due("c", SAY_AT_MOST_EVERY - 0.1)
    assert line.announce_due("c", SAY_AT_MOST_EVERY)
    line.announced("c", SAY_AT_MOST_EVERY)
    assert not line.announce_due("c", 2 * SAY_AT_MOST_EVERY)


def test_who_does_not_wait_is_told_nothing() -> None:
    line = WaitingLine()
    line.announced("nobody", 0.0)
    assert not line.announce_due("nobody", 1e6)
    assert line.next_announcement("nobody") is None


@pytest.mark.parametrize(("call", "waited"), [("a", 7.5), ("nobody", 0.0)])
def test_how_long_somebody_has_waited(call: str, waited: float) -> None:
    assert line_of("a", now=2.5).waited_s(call, 10.0) == waited
