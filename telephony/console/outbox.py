"""What one browser has yet to be told: which parts of which calls, not what they were. Newest wins. PURE.

A browser that is slower than the calls is told of each part once, as it is by then, so however slow it is, no more
waits for it than there is to see.
"""

from dataclasses import dataclass, field
from typing import Final

from telephony.console.words import MOST_BUBBLES

MOST_GONE: Final = 1000
"""Calls that ended unseen by a browser. Beyond it the browser is told everything anew."""


@dataclass(slots=True)
class Part:
    """Of one call: its facts or not, and the numbers of its bubbles."""

    facts: bool = False
    bubbles: set[int] = field(default_factory=set)


class Outbox:
    """`merged` counts the changes that were overtaken by a newer one of the same part, and so told in one with it."""

    def __init__(self) -> None:
        self.merged = 0
        self.anew = True
        """The browser is to forget what it knows."""
        self.house = False
        """Something changed that is of no one call."""
        self._parts: dict[str, Part] = {}
        self._gone: dict[str, None] = {}

    @property
    def waiting(self) -> bool:
        return self.anew or self.house or bool(self._parts or self._gone)

    def facts(self, call: str) -> None:
        part = self._parts.setdefault(call, Part())
        self.merged += part.facts
        part.facts = True

    def bubble(self, call: str, number: int) -> None:
        part = self._parts.setdefault(call, Part())
        self.merged += number in part.bubbles
        part.bubbles.add(number)
        if len(part.bubbles) > MOST_BUBBLES:
            part.bubbles.discard(min(part.bubbles))

    def gone(self, call: str) -> None:
        self._parts.pop(call, None)
        self._gone[call] = None
        if len(self._gone) > MOST_GONE:
            self.forget()
            self.anew = True

    def forget(self) -> None:
        """Begins anew, with nothing waiting."""
        self.anew = False
        self._parts.clear()
        self._gone.clear()

    def take(self, most: int) -> tuple[dict[str, Part], list[str]]:
        """The parts of up to `most` calls, those that have waited for longest, and all that are gone."""
        taken = {call: self._parts.pop(call) for call in list(self._parts)[:most]}
        gone = list(self._gone)
        self._gone.clear()
        self.house = False
        return taken, gone
