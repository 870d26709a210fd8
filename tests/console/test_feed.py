import json
from datetime import UTC, datetime
from typing import Any

import pytest

from telephony.calls.observer import CallMoved, Observers, Role, TurnedAway
from telephony.calls.state import CallState, Outcome
from telephony.console.feed import AT_ONCE, MOST_CALLS, SHOWN_AFTER_S, Browser, Feed
from telephony.console.outbox import MOST_GONE
from telephony.console.words import MOST_BUBBLES
from tests.console.site import reads, says, talk


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def feed(clock: Clock) -> Feed:
    return Feed(clock, lambda: datetime(2030, 5, 4, tzinfo=UTC), 0.6)


def taken(feed: Feed, browser: Browser) -> list[dict[str, Any]]:
    """Every message that waits."""
    messages = []
    while (message := feed.next_message(browser)) is not None:
        messages.append(json.loads(message))
    return messages


def test_a_browser_is_told_all_there_is_and_then_what_changes(feed: Feed) -> None:
    talk(feed, "a")
    says(feed, "a", "uno")
    with feed.watched(sees_words=True) as browser:
        [snapshot] = taken(feed, browser)
        assert (snapshot["kind"], [call["id"] for call in snapshot["calls"]]) == ("snapshot", ["a"])
        assert snapshot["calls"][0]["said"][0]["text"] == "uno"
        says(feed, "a", " dos")
        [changes] = taken(feed, browser)
        assert changes["kind"] == "changes"
        assert changes["calls"] == [
            {"id": "a", "said": [{"n": 0, "speaker": "caller", "spoken": False, "language": "es", "text": "uno dos"}]}
        ]


def test_a_browser_that_takes_nothing_is_told_the_newest_only_and_what_it_missed_is_counted(feed: Feed) -> None:
    talk(feed, "a")
    with feed.watched(sees_words=True) as browser:
        taken(feed, browser)
        for nth in range(1000):
            says(feed, "a", f" {nth}")
            reads(feed, "a", lag_s=float(nth))
        [changes] = taken(feed, browser)
        [call] = changes["calls"]
        assert call["facts"]["directions"][0]["behind_s"] == 999.0
        assert call["said"][-1]["text"].endswith("999")
        assert len(call["said"]) <= MOST_BUBBLES
        assert changes["merged"] >= 999


def test_all_that_is_said_is_there_however_it_was_merged(feed: Feed) -> None:
    talk(feed, "a")
    with feed.watched(sees_words=True) as browser:
        said: dict[int, str] = {}
        for nth in range(200):
            says(feed, "a", f"{nth};")
            if nth % 7 == 0:
                said |= {one["n"]: one["text"] for message in taken(feed, browser) for one in bubbles(message)}
        said |= {one["n"]: one["text"] for message in taken(feed, browser) for one in bubbles(message)}
        assert "".join(said[number] for number in sorted(said)) == "".join(f"{nth};" for nth in range(200))


def bubbles(message: dict[str, Any]) -> list[dict[str, Any]]:
    return [one for call in message["calls"] for one in call.get("said", ())]


def test_two_browsers_do_not_wait_for_each_other(feed: Feed) -> None:
    talk(feed, "a")
    with feed.watched(sees_words=True) as slow, feed.watched(sees_words=True) as quick:
        says(feed, "a", "uno")
        assert len(taken(feed, quick)) == 1
        says(feed, "a", " dos")
        assert len(taken(feed, quick)) == 1
        assert [call["said"][0]["text"] for call in taken(feed, slow)[0]["calls"]] == ["uno dos"]


def test_a_message_holds_a_few_calls_only_and_all_come_in_the_end(feed: Feed) -> None:
    for nth in range(3 * AT_ONCE):
        talk(feed, f"call-{nth}")
    with feed.watched(sees_words=True) as browser:
        messages = taken(feed, browser)
    assert [message["kind"] for message in messages] == ["snapshot", "changes", "changes"]
    assert [call["id"] for message in messages for call in message["calls"]] == [
        f"call-{n}" for n in range(3 * AT_ONCE)
    ]


def test_a_browser_sleeps_while_there_is_nothing_and_is_woken_by_news(feed: Feed) -> None:
    talk(feed, "a")
    with feed.watched(sees_words=False) as browser:
        taken(feed, browser)
        assert not browser.woken.is_set()
        says(feed, "a", "unseen")
        assert not browser.woken.is_set()
        reads(feed, "a")
        assert browser.woken.is_set()


def test_a_call_that_is_over_is_shown_for_a_while(feed: Feed, clock: Clock) -> None:
    talk(feed, "a")
    feed.tell(CallMoved("a", CallState.ENDED, Outcome.CALLER_HUNG_UP))
    with feed.watched(sees_words=True) as browser:
        [snapshot] = taken(feed, browser)
        assert snapshot["calls"][0]["facts"]["outcome"] == "caller-hung-up"
        clock.now += SHOWN_AFTER_S
        feed.sweep()
        [changes] = taken(feed, browser)
        assert (changes["gone"], changes["calls"]) == (["a"], [])
        says(feed, "a", "out of the grave")
        assert taken(feed, browser) == []


def test_calls_beyond_those_that_are_shown_are_counted(feed: Feed, clock: Clock) -> None:
    for nth in range(MOST_CALLS + 2):
        feed.tell(CallMoved(str(nth), CallState.CHOOSING))
    with feed.watched(sees_words=True) as browser:
        assert {message["unshown"] for message in taken(feed, browser)} == {2}
        for nth in (0, MOST_CALLS):
            feed.tell(CallMoved(str(nth), CallState.ENDED, Outcome.NOT_REACHED))
        clock.now += SHOWN_AFTER_S
        feed.tell(CallMoved(str(MOST_CALLS + 1), CallState.CONNECTING))
        last = taken(feed, browser)[-1]
        assert last["unshown"] == 0
        assert last["calls"][-1]["id"] == str(MOST_CALLS + 1)


def test_a_browser_that_missed_too_many_ends_begins_anew(feed: Feed, clock: Clock) -> None:
    with feed.watched(sees_words=True) as browser:
        taken(feed, browser)
        for nth in range(MOST_GONE + 1):
            feed.tell(CallMoved(str(nth), CallState.CHOOSING))
            feed.tell(CallMoved(str(nth), CallState.ENDED, Outcome.NOT_REACHED))
            clock.now += SHOWN_AFTER_S
        talk(feed, "a")
        [message] = taken(feed, browser)
        assert (message["kind"], [call["id"] for call in message["calls"]]) == ("snapshot", ["a"])


def test_words_of_a_call_nobody_knows_go_by_it(feed: Feed) -> None:
    with feed.watched(sees_words=True) as browser:
        taken(feed, browser)
        says(feed, "nobody knows it", "uno")
        assert taken(feed, browser) == []


def test_calls_that_are_turned_away_are_counted_with_the_reason_of_the_last(feed: Feed) -> None:
    with feed.watched(sees_words=False) as browser:
        assert taken(feed, browser)[0]["turned_away"] is None
        feed.tell(TurnedAway("held"))
        feed.tell(TurnedAway("line-full"))
        [changes] = taken(feed, browser)
        assert (changes["turned_away"]["calls"], changes["turned_away"]["why"]) == (2, "line-full")


def test_the_feed_never_fails_the_call_it_watches(feed: Feed) -> None:
    observers = Observers(feed)
    talk(feed, "a")
    with feed.watched(sees_words=True) as browser:
        says(feed, "a", "\ud800 half a pair", Role.AGENT)
        observers.tell(CallMoved("a", CallState.TALKING))
        assert "half a pair" in str(taken(feed, browser))
