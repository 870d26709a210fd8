"""A thread that looks at what the event loop's thread is doing while the loop's heartbeat is overdue.

Only another thread can look: the loop itself is busy. Code in C that keeps the interpreter's lock keeps this thread
waiting as well; then what is seen is what comes right after it.
"""

import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from types import FrameType

HANGS_S = 5.0
"""Seconds overdue after which it is told at once, not when the loop is back: it may never be."""

DEEPEST = 30
MOST_STACKS = 100

Stack = tuple[str, ...]
"""Module, line and function of each frame, the outermost first. No values: those may hold what callers say."""


def stack_of(frame: FrameType | None) -> Stack:
    """The innermost DEEPEST frames."""
    places: list[str] = []
    while frame is not None and len(places) < DEEPEST:
        places.append(f"{frame.f_globals.get('__name__', '?')}:{frame.f_lineno} {frame.f_code.co_name}")
        frame = frame.f_back
    return tuple(reversed(places))


class StackLookout:
    """Watches the thread `ident`. `beat` is for that thread, `look` for the lookout's own."""

    def __init__(
        self,
        ident: int,
        overdue_s: float,
        on_hang: Callable[[Stack], None],
        clock: Callable[[], float] = time.monotonic,
        frames: Callable[[], Mapping[int, FrameType]] = sys._current_frames,
    ) -> None:
        self._ident = ident
        self._overdue_s = overdue_s
        self._on_hang = on_hang
        self._clock = clock
        self._frames = frames
        self._lock = threading.Lock()
        self._due = float("inf")
        self._seen: Counter[Stack] = Counter()
        self._told = False
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self, every_s: float) -> None:
        """Looks every so many seconds from now on, in a thread that does not keep the process alive."""
        self._thread = threading.Thread(target=self._run, args=(every_s,), name="loop lookout", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Returns when the thread is gone; it does not look again."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join()

    def beat(self, due: float) -> Stack:
        """The loop lives and beats again at `due`; what was seen most since the last beat, if anything."""
        with self._lock:
            self._due, self._told = due, False
            most = self._seen.most_common(1)
            self._seen.clear()
        return most[0][0] if most else ()

    def look(self, now: float) -> None:
        """Remembers what the thread does if it is overdue at `now`."""
        with self._lock:
            overdue = now - self._due
            if overdue < self._overdue_s:
                return
            stack = stack_of(self._frames().get(self._ident))
            if stack in self._seen or len(self._seen) < MOST_STACKS:
                self._seen[stack] += 1
            hangs = overdue >= HANGS_S and not self._told
            self._told = self._told or hangs
        if hangs:
            self._on_hang(stack)

    @property
    def has_seen(self) -> bool:
        """Whether there was anything to see since the last beat."""
        return bool(self._seen)

    def _run(self, every_s: float) -> None:
        while not self._stopping.wait(every_s):
            self.look(self._clock())
