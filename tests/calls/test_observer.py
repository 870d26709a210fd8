import pytest
from structlog.testing import capture_logs

from telephony.calls.observer import CallMoved, CallNews, Caption, LegMoved, Observers, Role
from telephony.calls.state import CallState, LegState
from telephony.engines.base import Side

MOVED = CallMoved("c1", CallState.RINGING)
NEWS: list[CallNews] = [
    MOVED,
    LegMoved("c1", "caller", Role.CALLER, "es", LegState.JOINED),
    Caption("c1", Role.CALLER, Side.HEARD, "es", "buenos días"),
]


class Keeps:
    """An observer that keeps what it is told."""

    def __init__(self) -> None:
        self.told: list[CallNews] = []

    def tell(self, news: CallNews) -> None:
        self.told.append(news)


class Fails:
    """An observer that cannot be told anything."""

    def tell(self, news: CallNews) -> None:
        raise RuntimeError(f"cannot keep {news}")


def test_every_observer_is_told_everything_in_order() -> None:
    one, other = Keeps(), Keeps()
    observers = Observers(one, other)
    for news in NEWS:
        observers.tell(news)
    assert one.told == other.told == NEWS


def test_nobody_has_to_be_there() -> None:
    Observers().tell(MOVED)


def test_an_observer_that_fails_keeps_nothing_from_the_others() -> None:
    behind = Keeps()
    Observers(Fails(), behind).tell(MOVED)
    assert behind.told == [MOVED]


def test_a_failure_is_reported_once_and_without_its_text() -> None:
    observers = Observers(Fails(), Fails())
    with capture_logs() as logged:
        for news in NEWS:
            observers.tell(news)
    assert [(entry["log_level"], entry["observer"], entry["error"]) for entry in logged] == [
        ("error", "Fails", "RuntimeError"),
        ("error", "Fails", "RuntimeError"),
    ]
    assert "buenos" not in str(logged)


def test_what_was_said_does_not_show_in_a_captions_repr() -> None:
    assert "buenos" not in repr(NEWS[-1])


def test_an_order_to_stop_is_not_taken_for_a_failure() -> None:
    class Stops:
        def tell(self, news: CallNews) -> None:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Observers(Stops()).tell(MOVED)
