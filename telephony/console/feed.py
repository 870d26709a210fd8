"""Shows the live calls to browsers. A `CallObserver`: a call that tells it something only has it noted, and goes on.

Each browser takes what has changed when it is ready for more; the calls wait for none of them.
"""

import asyncio
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Final

from telephony.calls.clock import Clock
from telephony.calls.observer import CallMoved, CallNews, Caption, TurnedAway
from telephony.calls.state import CallState
from telephony.console.card import Card
from telephony.console.outbox import Outbox, Part
from telephony.console.views import VERSION, Json, bubble_of, facts_of

MOST_CALLS: Final = 500
"""Calls that are shown. More are counted only."""

AT_ONCE: Final = 20
"""Calls in one message, so that making one never holds up the sound."""

SHOWN_AFTER_S: Final = 15.0
"""Seconds for which a call that is over is still shown."""


class Browser:
    """One page that is open. `sees_words`: captions and cost as well."""

    def __init__(self, sees_words: bool) -> None:
        self.sees_words = sees_words
        self.outbox = Outbox()
        self.woken = asyncio.Event()
        self.woken.set()

    def note(self, call: str, bubble: int | None) -> None:
        """Something of a call has changed: a bubble, or anything else."""
        if bubble is None:
            self.outbox.facts(call)
        elif self.sees_words:
            self.outbox.bubble(call, bubble)
        else:
            return
        self.woken.set()

    def gone(self, call: str) -> None:
        self.outbox.gone(call)
        self.woken.set()


class Feed:
    """`minute_price`: of one session's minute, for the cost so far."""

    def __init__(self, clock: Clock, wall: Callable[[], datetime], minute_price: float) -> None:
        self._clock = clock
        self._wall = wall
        self._minute_price = minute_price
        self._cards: dict[str, Card] = {}
        self._unshown: set[str] = set()
        """Calls for which there was no room. Bounded by the calls that run."""
        self._over: dict[str, float] = {}
        """When each call ended that is still shown, the oldest first."""
        self._browsers: set[Browser] = set()
        self._turned_away: Json | None = None
        """How many calls were not taken, since when, and why the last was not."""

    def tell(self, news: CallNews) -> None:
        self.sweep()
        if isinstance(news, TurnedAway):
            self._turn_away(news)
            return
        now = self._clock()
        card = self._cards.get(news.call)
        if card is None:
            card = self._begin(news, now)
        if card is None:
            return
        bubble = card.tell(news, now, self._wall().timestamp())
        if card.ended is not None:
            self._over.setdefault(card.id, card.ended)
        for browser in self._browsers:
            browser.note(card.id, bubble if isinstance(news, Caption) else None)

    @contextmanager
    def watched(self, *, sees_words: bool) -> Iterator[Browser]:
        """A browser that is told everything from now on, beginning with all there is."""
        browser = Browser(sees_words)
        self._browsers.add(browser)
        try:
            yield browser
        finally:
            self._browsers.discard(browser)

    def next_message(self, browser: Browser) -> str | None:
        """What to tell the browser now; None, and `woken` is cleared, where there is nothing."""
        outbox = browser.outbox
        if not outbox.waiting:
            browser.woken.clear()
            return None
        anew = outbox.anew
        if anew:
            self._all_anew(browser)
        parts, gone = outbox.take(AT_ONCE)
        message = {
            "v": VERSION,
            "kind": "snapshot" if anew else "changes",
            "calls": [view for call, part in parts.items() if (view := self._view(call, part, browser.sees_words))],
            "gone": gone,
            "unshown": len(self._unshown),
            "turned_away": self._turned_away,
            "merged": outbox.merged,
        }
        return json.dumps(message, separators=(",", ":"))

    def sweep(self) -> None:
        """Takes calls away that were over long enough ago."""
        before = self._clock() - SHOWN_AFTER_S
        while self._over and (call := next(iter(self._over))) and self._over[call] <= before:
            del self._over[call], self._cards[call]
            for browser in self._browsers:
                browser.gone(call)

    def _begin(self, news: CallNews, now: float) -> Card | None:
        """A call is shown from its first move on, if there is room."""
        if not isinstance(news, CallMoved):
            return None
        if news.state is CallState.ENDED:
            self._unshown.discard(news.call)
            return None
        if len(self._cards) >= MOST_CALLS:
            self._unshown.add(news.call)
            return None
        self._unshown.discard(news.call)
        self._cards[news.call] = card = Card(news.call, now, self._wall().timestamp())
        return card

    def _turn_away(self, news: TurnedAway) -> None:
        at = round(self._wall().timestamp(), 1)
        before = self._turned_away or {"calls": 0, "since": at}
        self._turned_away = {"calls": before["calls"] + 1, "since": before["since"], "last": at, "why": news.reason}
        for browser in self._browsers:
            browser.outbox.house = True
            browser.woken.set()

    def _all_anew(self, browser: Browser) -> None:
        browser.outbox.forget()
        for card in self._cards.values():
            browser.outbox.facts(card.id)
            if browser.sees_words:
                for number in card.words.numbers:
                    browser.outbox.bubble(card.id, number)

    def _view(self, call: str, part: Part, sees_words: bool) -> Json | None:
        card = self._cards.get(call)
        if card is None:
            return None
        view: Json = {"id": call}
        if part.facts:
            view["facts"] = facts_of(card, self._minute_price if sees_words else None)
        if part.bubbles:
            found = (card.words.find(number) for number in sorted(part.bubbles))
            view["said"] = [bubble_of(bubble) for bubble in found if bubble is not None]
        return view
