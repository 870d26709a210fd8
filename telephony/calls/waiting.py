"""The callers who wait for a free agent: their order and place, how long it may take, and when to say so. PURE.

One queue serves every line of the house, because lines share agents; a place is counted within the caller's own line.
A call joins when no agent can be taken at once.
"""

from collections import deque
from dataclasses import dataclass, field
from typing import Final

from telephony.calls.agent import EVERYBODY, Agent, Circle

SAY_EVERY: Final = 45.0
"""Seconds after which place and wait are said again though nothing has changed."""

SAY_AT_MOST_EVERY: Final = 20.0
RING_AGAIN_AFTER: Final = 30.0
"""Seconds for which an agent who did not take a call is not rung for the same call."""

RECENT: Final = 8
"""Answers that the expected wait is reckoned from."""

AT_ONCE: Final = 2.0
"""A call answered within these seconds did not wait: it tells nothing about those who do."""


@dataclass(slots=True)
class Waiting:
    """One caller who waits, and what he has been told."""

    call: str
    line: str
    circle: Circle
    joined: float
    told_at: float | None = None
    told_place: int = 0
    declined: dict[str, float] = field(default_factory=dict)
    """Agents who did not take this call, and until when they are not rung for it."""


@dataclass(slots=True)
class Pace:
    """How fast one line's callers have been answered: the seconds between answers while somebody waited."""

    reference: float
    recent: deque[float] = field(default_factory=lambda: deque(maxlen=RECENT))

    def wait_s(self, place: int, now: float) -> float | None:
        """Place times the mean interval, less what has passed of the running one, which counts once it is longer."""
        if not self.recent:
            return None
        running = now - self.reference
        mean = sum(self.recent) / len(self.recent)
        if running > mean:
            mean = (sum(self.recent) + running) / (len(self.recent) + 1)
        return place * mean - min(running, mean)


class WaitingLine:
    """First come, first served, among those whom an agent may serve. Each line has its own number of places."""

    def __init__(self) -> None:
        self._waiting: dict[str, Waiting] = {}
        self._paces: dict[str, Pace] = {}

    def __len__(self) -> int:
        return len(self._waiting)

    @property
    def calls(self) -> tuple[str, ...]:
        """Everybody who waits, the first in line first."""
        return tuple(self._waiting)

    def join(
        self,
        call: str,
        now: float,
        *,
        line: str = "",
        limit: int = 10,
        circle: Circle = EVERYBODY,
        waited_s: float = 0.0,
    ) -> int | None:
        """The place (from 1) of a call at the end of `line`; None where `limit` wait there. Joining twice is fine.

        One that has waited before, with another process, comes before those who have waited less.
        """
        if call in self._waiting:
            return self.place(call)
        before = self._of(line)
        if len(before) >= limit:
            return None
        pace = self._paces.setdefault(line, Pace(now))
        if not before:
            pace.reference = now
        self._waiting[call] = Waiting(call, line, circle, now - waited_s)
        self._waiting = dict(sorted(self._waiting.items(), key=lambda named: named[1].joined))
        return self.place(call)

    def leave(self, call: str) -> None:
        """A call that hung up, or gave up. One that does not wait is fine."""
        self._waiting.pop(call, None)

    def answered(self, call: str, now: float) -> None:
        """A call that an agent has accepted: it leaves, and tells the others how fast it goes."""
        if (waiting := self._waiting.pop(call, None)) is None or now - waiting.joined < AT_ONCE:
            return
        pace = self._paces[waiting.line]
        pace.recent.append(now - pace.reference)
        pace.reference = now

    def declined(self, call: str, agent: str, now: float) -> None:
        """An agent (by name) was rung for this call and did not take it."""
        if (waiting := self._waiting.get(call)) is not None:
            waiting.declined[agent] = now + RING_AGAIN_AFTER

    def tried(self, call: str, now: float) -> frozenset[str]:
        """The agents not to be rung for this call just now."""
        waiting = self._waiting.get(call)
        return frozenset(name for name, until in waiting.declined.items() if now < until) if waiting else frozenset()

    def place(self, call: str) -> int | None:
        """From 1, in the call's own line; None for one that does not wait."""
        waiting = self._waiting.get(call)
        return self._of(waiting.line).index(waiting) + 1 if waiting else None

    def head(self, line: str = "") -> str | None:
        """The call that has waited longest in this line."""
        return next((waiting.call for waiting in self._of(line)), None)

    def next_for(self, agent: Agent, now: float) -> str | None:
        """The call that has waited longest of those this agent may have and has not just declined."""
        for call, waiting in self._waiting.items():
            if waiting.circle.admits(agent) and agent.name not in self.tried(call, now):
                return call
        return None

    def is_turn(self, call: str, agent: Agent, now: float) -> bool:
        """Whether nobody who has waited longer may have this agent; `call` may be one that does not wait."""
        return self.next_for(agent, now) in (None, call)

    def waited_s(self, call: str, now: float) -> float:
        waiting = self._waiting.get(call)
        return now - waiting.joined if waiting else 0.0

    def expected_wait_s(self, place: int, now: float, line: str = "") -> float | None:
        """Seconds until who stands at `place` may be answered; None where nobody has been answered yet."""
        pace = self._paces.get(line)
        return pace.wait_s(place, now) if pace else None

    def announce_due(self, call: str, now: float) -> bool:
        """Whether place and wait are to be said: at first, when the place changes, and now and then."""
        due = self.next_announcement(call)
        return due is not None and now >= due

    def announced(self, call: str, now: float) -> None:
        """Place and wait have been said as they are now."""
        if (waiting := self._waiting.get(call)) is not None:
            waiting.told_at, waiting.told_place = now, self._of(waiting.line).index(waiting) + 1

    def next_announcement(self, call: str) -> float | None:
        """When that is due if nobody leaves before; None for a call that does not wait."""
        if (waiting := self._waiting.get(call)) is None:
            return None
        if waiting.told_at is None:
            return waiting.joined
        moved = self.place(call) != waiting.told_place
        return waiting.told_at + (SAY_AT_MOST_EVERY if moved else SAY_EVERY)

    def _of(self, line: str) -> list[Waiting]:
        return [waiting for waiting in self._waiting.values() if waiting.line == line]
