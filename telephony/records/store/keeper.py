"""What calls tell the store through: nobody waits for the disk. A task writes behind the calls and catches up.

While the database is locked, full or gone, the newest snapshot of each call waits here, and so do the small writes.
What has no room any more is dropped and counted, and its call is marked incomplete as soon as the store takes that.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Protocol

import structlog

from telephony.calls.clock import Clock, until
from telephony.calls.snapshot import CallSnapshot
from telephony.records.store.trouble import StoreUnavailable
from telephony.records.store.unwritten import Unwritten

log = structlog.get_logger(__name__)

MOST_CALLS = 5000
MOST_WRITES = 1000
MOST_ABSENT = 10_000
BATCH = 100
"""Snapshots in one transaction, and small writes in a row while no snapshot waits."""

PASSING = (StoreUnavailable, OSError)
"""What is tried again. A TimeoutError is an OSError."""


class CallRecords(Protocol):
    """Where snapshots go: `Calls`."""

    async def keep(self, snapshots: Iterable[CallSnapshot]) -> None: ...

    async def mark_incomplete(self, ids: Iterable[str]) -> set[str]: ...


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds: the first pause after a failure, which doubles up to the longest one; how long one write may take."""

    first_s: float = 0.1
    longest_s: float = 5.0
    write_s: float = 30.0


USUAL = Patience()


@dataclass(frozen=True, slots=True)
class SmallWrite:
    """`name` says in the log what it is; `call` is the call whose record has a gap without it."""

    name: str
    write: Callable[[], Awaitable[object]]
    call: str | None
    since: float


class Keeper:
    """Made in a running event loop and used from it only. Owns the task that writes; `close()` ends it.

    `dropped` counts snapshots and small writes that will never be kept.
    """

    def __init__(
        self,
        records: CallRecords,
        clock: Clock,
        patience: Patience = USUAL,
        most_calls: int = MOST_CALLS,
        most_writes: int = MOST_WRITES,
    ) -> None:
        self._records = records
        self._clock = clock
        self._patience = patience
        self._unwritten = Unwritten(most_calls)
        self._writes: deque[SmallWrite] = deque()
        self._most_writes = most_writes
        self._marks: dict[str, None] = {}  # calls to be marked incomplete
        self._absent: dict[str, None] = {}  # calls to be marked as soon as the store has them
        self._news = asyncio.Event()
        self._closing = asyncio.Event()
        self._failures = 0
        self.dropped = 0
        self._task = asyncio.create_task(self._run(), name="store keeper")

    @property
    def behind(self) -> int:
        """Calls and small writes that are not in the store yet."""
        return len(self._unwritten) + len(self._writes)

    @property
    def struggling(self) -> bool:
        """Whether the last attempt to write failed."""
        return self._failures > 0

    def oldest_unwritten_age(self, now: float) -> float:
        """Seconds that the oldest news waits for the store; 0 where all is written."""
        waiting = [write.since for write in self._writes]
        if (oldest := self._unwritten.oldest) is not None:
            waiting.append(oldest)
        return max(0.0, now - min(waiting, default=now))

    def keep(self, snapshot: CallSnapshot) -> None:
        """Never waits. Of a call that is told of faster than the store writes, only the newest snapshot is written."""
        dropped = self._unwritten.put(snapshot, self._clock())
        if dropped is not None:
            self._lose(dropped)
        self._news.set()

    def later(self, name: str, write: Callable[[], Awaitable[object]], call: str | None = None) -> None:
        """Never waits. `write()` is awaited in turn, and again where the store is unavailable, or, after the others,
        where a file cannot be written (OSError). Beyond the bound the first in line is dropped, and the record of its
        `call` is marked incomplete."""
        if len(self._writes) >= self._most_writes:
            self._lose(self._writes.popleft().call)
        self._writes.append(SmallWrite(name, write, call, self._clock()))
        self._news.set()

    async def close(self, within: float) -> int:
        """Writes what waits, for up to `within` seconds; returns how many were left behind and are lost."""
        self._closing.set()
        self._news.set()
        await asyncio.wait((self._task,), timeout=within)
        self._task.cancel()
        await asyncio.wait((self._task,))
        lost = self.behind
        self.dropped += lost
        if lost:
            log.error("records are lost: the store was unavailable to the end", records=lost)
        return lost

    async def _run(self) -> None:
        while True:
            if self.behind or self._marks:
                await self._round()
            elif self._closing.is_set():
                return
            else:
                self._news.clear()
                await self._news.wait()

    async def _round(self) -> None:
        """One batch of everything, or a pause."""
        try:
            await self._write_snapshots(self._unwritten.batch(BATCH))
            await self._write_marks()
            await self._write_small()
        except PASSING as failure:
            await self._pause(failure)
        else:
            self._recovered()

    async def _write_snapshots(self, batch: tuple[CallSnapshot, ...]) -> None:
        """One transaction; where the store will not take it, one for each, so that the one at fault is found."""
        if not batch:
            return
        began = self._clock()
        refused = await self._refused("call", batch[0].id, lambda: self._records.keep(batch), told=len(batch) == 1)
        if refused and len(batch) > 1:
            for snapshot in batch:
                await self._write_snapshots((snapshot,))
            return
        if refused:
            self._lose(batch[0].id)
        self._unwritten.written(batch, began)
        for snapshot in batch:
            if snapshot.id in self._absent:
                del self._absent[snapshot.id]
                self._marks[snapshot.id] = None

    async def _write_marks(self) -> None:
        if not self._marks:
            return
        due, found = list(self._marks), set[str]()

        async def mark() -> None:
            found.update(await self._records.mark_incomplete(due))

        await self._refused("mark", None, mark)
        for call in due:
            del self._marks[call]
            if call not in found:
                self._absent[call] = None
        while len(self._absent) > MOST_ABSENT:
            del self._absent[next(iter(self._absent))]

    async def _write_small(self) -> None:
        """One at least, and no further ones before snapshots that came meanwhile: on a busy machine a transaction takes
        its time, and what is known of a call is what it lives on when this process dies."""
        for _ in range(min(BATCH, len(self._writes))):
            if not self._writes:
                return
            head = self._writes[0]
            try:
                if await self._refused(head.name, head.call, head.write):
                    self._lose(head.call)
            except (StoreUnavailable, TimeoutError):
                raise
            except OSError:
                # A file that cannot be written now must not keep the others from the store.
                self._writes.rotate(-1)
                raise
            if self._writes and self._writes[0] is head:
                self._writes.popleft()
            if len(self._unwritten):
                return

    async def _refused(
        self, record: str, call: str | None, write: Callable[[], Awaitable[object]], told: bool = True
    ) -> bool:
        """Whether the store will never take this write. Raises one of PASSING where it may later."""
        try:
            async with asyncio.timeout(self._patience.write_s):
                await write()
        except PASSING:
            raise
        except Exception as failure:
            if told:
                log.error("the store refuses a record", record=record, call=call, error=type(failure).__name__)
            return True
        return False

    def _lose(self, call: str | None) -> None:
        self.dropped += 1
        if call is not None:
            self._marks[call] = None

    async def _pause(self, failure: Exception) -> None:
        """Longer after each failure; when closing, always the shortest."""
        if not self._failures:
            why = str(failure) if isinstance(failure, StoreUnavailable) else type(failure).__name__
            log.error("the store is unavailable; calls go on and are written later", error=why)
        pause = min(self._patience.longest_s, self._patience.first_s * 2 ** min(self._failures, 30))
        self._failures += 1
        if self._closing.is_set():
            await asyncio.sleep(self._patience.first_s)
        else:
            await until(self._clock() + pause, self._closing, self._clock)

    def _recovered(self) -> None:
        if self._failures:
            self._failures = 0
            log.info("the store is available again", behind=self.behind, dropped=self.dropped)
