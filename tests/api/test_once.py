from datetime import timedelta

import pytest

from telephony.api.call_views import CallView, call_view
from telephony.api.once import KEPT_FOR, Once
from telephony.api.problem import Problem
from tests.api.house import NOON
from tests.records.store.snapshots import call


def view(name: str) -> CallView:
    return call_view(call(name))


def test_a_key_gets_its_answer_for_a_day() -> None:
    once = Once()
    once.remember("k", "a call", view("c1"), NOON)
    assert once.answer_to("k", "a call", NOON + KEPT_FOR) == view("c1")
    assert once.answer_to("k", "a call", NOON + KEPT_FOR + timedelta(seconds=1)) is None
    assert len(once) == 0


def test_a_key_that_is_new_has_no_answer() -> None:
    assert Once().answer_to("k", "a call", NOON) is None


def test_a_key_is_for_one_thing() -> None:
    once = Once()
    once.remember("k", "a call", view("c1"), NOON)
    with pytest.raises(Problem, match="used for another request"):
        once.answer_to("k", "another call", NOON)


def test_the_oldest_of_too_many_are_forgotten() -> None:
    once = Once(most=2)
    for place, key in enumerate("abc"):
        once.remember(key, "a call", view(key), NOON + timedelta(seconds=place))
    assert [once.answer_to(key, "a call", NOON) is None for key in "abc"] == [True, False, False]


def test_what_was_asked_for_is_not_kept() -> None:
    once = Once()
    once.remember("k", "+12025550143", view("c1"), NOON)
    assert "2025550143" not in repr(vars(once))
