"""One direction's sessions, which take turns as interpreters do in their booth: one hears, one may be on the way, and
one may be ending its sentence.

Another session is set up before the one that is to go is let go. Where none can be had it is asked for again, at ever
longer intervals, for as long as one is wanted; an engine such as `engines.continuity` has tried several times by then.
"""

import asyncio
from typing import Protocol

from telephony.calls.clock import Clock, until
from telephony.calls.rendition import Rendition
from telephony.engines.base import Degraded, Engine, EngineEvent, SessionRefused, Trouble

LATE = 3.0
"""Seconds that two who are connected may wait for a session before it counts as one that cannot be had."""

DRAIN_WITHIN = 6.0
"""Seconds that a session may go on speaking after another has taken over."""

CHECK_EVERY = 0.1

LASTED = 10.0
"""Seconds of life that make a session a good one: after it another is asked for soon again."""

RETRY = (2.0, 30.0)
RETRY_QUOTA = (15.0, 120.0)
RETRY_FATAL = 60.0
"""First and longest wait until another session is asked for, each twice the one before. What only somebody who changes
a setting can mend is looked for once a minute."""


class Console(Protocol):
    """Who listens to a booth."""

    def ready(self, rendition: Rendition, setup_s: float) -> None:
        """From now on this one hears the speaker."""
        ...

    def told(self, rendition: Rendition, event: EngineEvent) -> None:
        """One of them sent something."""
        ...

    def without(self, why: Degraded) -> None:
        """Nobody hears the speaker, and nobody can be had for now."""
        ...


class Booth:
    """Sits empty until something is wanted of it."""

    def __init__(self, name: str, engine: Engine, console: Console, clock: Clock) -> None:
        self.current: Rendition | None = None
        """Hears the speaker."""
        self._name = name
        self._engine = engine
        self._console = console
        self._clock = clock
        self._target: str | None = None
        self._next: Rendition | None = None
        self._before: Rendition | None = None
        """Hears silence, and ends its sentence until `_before_until`."""
        self._before_until = 0.0
        self._tasks: dict[Rendition, asyncio.Task[None]] = {}
        """Every session that is being opened, is open or is being closed."""
        self._group: asyncio.TaskGroup | None = None
        self._changed = asyncio.Event()
        self._connected_at: float | None = None
        self._wanted_at = 0.0
        """Since when somebody has been wanted while there was nobody."""
        self._said_late = False
        self._not_before = float("-inf")
        self._failures = 0
        self._closed_seconds = 0.0

    @property
    def drains(self) -> bool:
        """Whether somebody is still ending a sentence."""
        return self._before is not None

    def want(self, target: str | None) -> None:
        """Somebody who interprets into `target` is to hear the speaker from now on; None: nobody, at once."""
        if target == self._target:
            return
        if self._target is None:
            self._wanted_at, self._said_late = self._clock(), False
        self._target = target
        self._not_before, self._failures = float("-inf"), 0
        for rendition in (self._next, *(self._current_and_before() if target is None else ())):
            self._let_go(rendition)
        self._changed.set()

    def connected(self) -> None:
        """Two people wait for it now."""
        self._connected_at = self._clock()
        self._changed.set()

    async def run(self) -> None:
        """Until cancelled; every session is closed then."""
        async with asyncio.TaskGroup() as self._group:
            while True:
                self._changed.clear()
                self._look(self._clock())
                await until(self._next_look(), self._changed, self._clock)

    async def hear(self, pcm: bytes) -> None:
        """The speaker's next chunk, for the one who hears; silence for who ends a sentence, who would not go on
        without."""
        if self.current:
            await self.current.hear(pcm)
        if self._before:
            await self._before.hear(bytes(len(pcm)))

    def may_speak(self, rendition: Rendition, *, voiced: bool) -> bool:
        """Whether what it says is to be heard now. A voice of the one who took over ends the sentence of the last."""
        if rendition is self.current and voiced:
            self._let_go(self._before)
        return rendition is self._before or (rendition is self.current and self._before is None)

    def owes(self, now: float) -> bool:
        """Whether something that was said is still to be interpreted, as far as can be told."""
        return any(rendition.owes(now) for rendition in self._current_and_before() if rendition)

    def seconds(self, now: float) -> float:
        """Seconds of all sessions so far, each from when it was set up until it was closed."""
        return self._closed_seconds + sum(rendition.seconds(now) for rendition in self._tasks)

    def _look(self, now: float) -> None:
        if self._before and (now >= self._before_until or not self._before.owes(now)):
            self._let_go(self._before)
        fits = self.current is not None and self.current.target == self._target
        if self._target is not None and not fits and self._next is None and now >= self._not_before:
            self._next = self._begin(self._target)
        if self._late_at() <= now:
            self._said_late = True
            self._console.without(Degraded(Trouble.TIMED_OUT, "no session has been set up yet"))

    def _next_look(self) -> float | None:
        dues = [self._clock() + CHECK_EVERY] if self._before else []
        if self._target is not None and self._next is None and self._not_before > self._clock():
            dues.append(self._not_before)
        due = min([*dues, self._late_at()])
        return due if due < float("inf") else None

    def _late_at(self) -> float:
        if self._target is None or self.current or self._said_late or self._connected_at is None:
            return float("inf")
        return max(self._connected_at, self._wanted_at) + LATE

    def _begin(self, target: str) -> Rendition:
        assert self._group is not None
        rendition = Rendition(self._engine, target, self._clock)
        task = self._group.create_task(self._keep(rendition), name=f"{self._name} into {target}")
        task.add_done_callback(lambda _: self._closed(rendition))
        self._tasks[rendition] = task
        return rendition

    async def _keep(self, rendition: Rendition) -> None:
        try:
            lost = await rendition.run(self._opened, self._console.told)
        except SessionRefused as refused:
            self._gone(rendition, refused.trouble, refused.detail)
        else:
            self._gone(rendition, lost.trouble, lost.detail)

    def _closed(self, rendition: Rendition) -> None:
        del self._tasks[rendition]
        self._closed_seconds += rendition.seconds(self._clock())

    def _opened(self, rendition: Rendition, setup_s: float) -> None:
        """The one that was asked for takes over."""
        if rendition is not self._next:
            return
        self._let_go(self._before)
        if self.current and self.current.owes(self._clock()):
            self._before, self._before_until = self.current, self._clock() + DRAIN_WITHIN
        else:
            self._let_go(self.current)
        self.current, self._next = rendition, None
        self._console.ready(rendition, setup_s)
        self._changed.set()

    def _gone(self, rendition: Rendition, trouble: Trouble, detail: str) -> None:
        """It ended by itself, or never began."""
        now = self._clock()
        if rendition in (self.current, self._next):
            self._failures = 1 if rendition.seconds(now) > LASTED else self._failures + 1
            self._not_before = now + wait(trouble, self._failures)
        self._forget(rendition)
        if self.current is None and self._target is not None:
            self._wanted_at, self._said_late = now, True
            self._console.without(Degraded(trouble, detail))
        self._changed.set()

    def _let_go(self, rendition: Rendition | None) -> None:
        """Ends it at once."""
        if rendition is not None:
            self._forget(rendition)
            self._tasks[rendition].cancel()

    def _forget(self, rendition: Rendition) -> None:
        self.current = None if self.current is rendition else self.current
        self._next = None if self._next is rendition else self._next
        self._before = None if self._before is rendition else self._before

    def _current_and_before(self) -> tuple[Rendition | None, Rendition | None]:
        return self.current, self._before


def wait(trouble: Trouble, failures: int) -> float:
    """Seconds until another session is asked for, after so many failures in a row (at least 1)."""
    if trouble.fatal:
        return RETRY_FATAL
    first, longest = RETRY_QUOTA if trouble is Trouble.QUOTA else RETRY
    return float(min(first * 2 ** min(failures - 1, 30), longest))
