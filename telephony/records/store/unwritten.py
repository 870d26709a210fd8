"""Snapshots of calls that wait to be written: of each call the newest, of all no more than a bound. PURE."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice

from telephony.calls.snapshot import CallSnapshot


@dataclass(frozen=True, slots=True)
class Waiting:
    """`since`: when the first news of this call came that is not in the store."""

    snapshot: CallSnapshot
    since: float


class Unwritten:
    """In the order in which calls began to wait. Beyond `most` calls, the longest waiting ended call is dropped; where
    none has ended, the longest waiting one: a call that goes on will tell everything again at its next move."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._waiting: dict[str, Waiting] = {}
        self._ended: dict[str, None] = {}

    def __len__(self) -> int:
        return len(self._waiting)

    @property
    def oldest(self) -> float | None:
        """Since when the longest waiting call waits; later by one write at most. Told at once, however many wait."""
        first = next(iter(self._waiting.values()), None)
        return None if first is None else first.since

    def put(self, snapshot: CallSnapshot, now: float) -> str | None:
        """Takes a snapshot in, unless a newer one waits. Returns the call that was dropped for it, if one was."""
        before = self._waiting.get(snapshot.id)
        if before is not None and before.snapshot.version >= snapshot.version:
            return None
        self._waiting[snapshot.id] = Waiting(snapshot, now if before is None else before.since)
        if snapshot.ended is not None:
            self._ended[snapshot.id] = None
        if len(self._waiting) <= self._most:
            return None
        dropped = next(iter(self._ended), None) or next(iter(self._waiting))
        del self._waiting[dropped]
        self._ended.pop(dropped, None)
        return dropped

    def batch(self, most: int) -> tuple[CallSnapshot, ...]:
        """The longest waiting ones. They go on waiting until they are said to be written."""
        return tuple(waiting.snapshot for waiting in islice(self._waiting.values(), most))

    def written(self, batch: Iterable[CallSnapshot], since: float) -> None:
        """`batch` is in the store. News of its calls that came while it was written, from `since` on, waits on."""
        for snapshot in batch:
            waiting = self._waiting.get(snapshot.id)
            if waiting is None:
                continue
            del self._waiting[snapshot.id]
            if waiting.snapshot.version > snapshot.version:
                self._waiting[snapshot.id] = Waiting(waiting.snapshot, since)
            else:
                self._ended.pop(snapshot.id, None)
