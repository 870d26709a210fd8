"""A heartbeat of the event loop: how late it is, and what blocked it when that was long.

While the loop is blocked no call's sound is sent, so 100 ms of it are five frames of every call at once.
"""

import asyncio
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

import structlog

from telephony.metrics.run_queue import RunQueue
from telephony.metrics.stack_lookout import Stack, StackLookout

log = structlog.get_logger(__name__)

TICK_S = 0.02
BLOCKED_S = 0.1
TOLD_EVERY_S = 1.0

BLOCKED = "the event loop was blocked"
"""The log's words for it, by which tests find it in the log of a process."""


@dataclass(frozen=True, slots=True)
class Blocked:
    """The loop was `late_s` seconds late; for `waited_s` of them it waited for a core that others had.

    `stack` is what its thread was seen doing most; nothing where the lookout came too late.
    """

    late_s: float
    waited_s: float
    stack: Stack

    @property
    def own_s(self) -> float:
        """What this process did itself."""
        return self.late_s - self.waited_s


class BlockedLog:
    """Writes blocks to the log, one a second at most; the next one tells how many were passed over."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._told_at = float("-inf")
        self._passed_over = 0

    def tell(self, blocked: Blocked) -> None:
        now = self._clock()
        if now - self._told_at < TOLD_EVERY_S:
            self._passed_over += 1
            return
        log.error(
            BLOCKED,
            seconds=round(blocked.late_s, 3),
            waited_for_a_core=round(blocked.waited_s, 3),
            passed_over=self._passed_over,
            stack=" > ".join(blocked.stack) or "not seen",
        )
        self._told_at, self._passed_over = now, 0


class LoopWatch:
    """`start()` within the loop to be watched, `stop()` likewise.

    `on_lag(now, late_s)` is told of every heartbeat, `on_blocked` of each that was late by more than `blocked_s` of the
    process's own doing. Both are called in the loop.
    """

    def __init__(
        self,
        on_lag: Callable[[float, float], None],
        on_blocked: Callable[[Blocked], None],
        blocked_s: float = BLOCKED_S,
        tick_s: float = TICK_S,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._on_lag = on_lag
        self._on_blocked = on_blocked
        self._blocked_s = blocked_s
        self._tick_s = tick_s
        self._clock = clock
        self._due = 0.0
        self._timer: asyncio.TimerHandle | None = None
        self._lookout: StackLookout | None = None
        self._queue: RunQueue | None = None

    def start(self) -> None:
        self._queue = RunQueue(threading.get_native_id())
        self._lookout = StackLookout(threading.get_ident(), self._blocked_s / 2, _hangs, self._clock)
        self._beat_again(self._clock())
        self._lookout.start(self._tick_s)

    def stop(self) -> None:
        """Idempotent."""
        if self._timer is None or self._lookout is None or self._queue is None:
            return
        self._timer.cancel()
        self._lookout.stop()
        self._queue.close()
        self._timer = None

    def now(self) -> float:
        """The time it goes by."""
        return self._clock()

    @property
    def has_seen(self) -> bool:
        """Whether the loop is blocked just now, and somebody has looked at what it does."""
        return self._lookout is not None and self._lookout.has_seen

    def _beat(self) -> None:
        now = self._clock()
        late = max(0.0, now - self._due)
        waited = min(late, self._queue.since_last()) if self._queue else 0.0
        stack = self._beat_again(now)
        self._on_lag(now, late)
        if late - waited > self._blocked_s:
            self._on_blocked(Blocked(late, waited, stack))

    def _beat_again(self, now: float) -> Stack:
        self._due = now + self._tick_s
        self._timer = asyncio.get_running_loop().call_later(self._tick_s, self._beat)
        return self._lookout.beat(self._due) if self._lookout else ()


def _hangs(stack: Stack) -> None:
    log.error("the event loop hangs", stack=" > ".join(stack))
