"""Files looked at again and again, and read anew when they have changed: a broken one leaves what was read before."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Generic, TypeVar

import structlog

from telephony.directory.faults import DirectoryError

log = structlog.get_logger(__name__)

T = TypeVar("T")

Signature = tuple[tuple[int, int, int] | None, ...]
"""Of each file: its time of change (ns), size and inode; None where it is absent."""

LOOK_EVERY = 1.0


class Watched(Generic[T]):
    """`read` (blocking; raises DirectoryError) makes something of `paths`, `use` takes it over, in the event loop.

    A change counts once two looks in a row have seen it, so that a file half written, or away for the moment in which
    an editor replaces it, is not read.
    """

    def __init__(
        self,
        paths: tuple[Path, ...],
        read: Callable[[], T],
        use: Callable[[T], None],
        look_every: float = LOOK_EVERY,
    ) -> None:
        self._paths = paths
        self._read = read
        self._use = use
        self._look_every = look_every
        self._known: Signature = ()
        self._seen: Signature = ()
        self._task: asyncio.Task[None] | None = None

    def first(self) -> T:
        """What the files hold at the start. Raises DirectoryError."""
        self._known = self._seen = self._signature()
        return self._read()

    def start(self) -> None:
        """Looks from now on, in a task of its own, until closed."""
        self._task = asyncio.create_task(self._run(), name="directory")

    async def close(self) -> None:
        """Looks no more. Twice, or before the start, is fine."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def look(self) -> None:
        """One look, and a reading where files have changed and are at rest."""
        signature = await asyncio.to_thread(self._signature)
        settled, self._seen = signature == self._seen, signature
        if settled and signature != self._known:
            self._known = signature
            await self._read_again()

    async def _read_again(self) -> None:
        try:
            read = await asyncio.to_thread(self._read)
        except DirectoryError as error:
            for fault in error.faults:
                log.warning("a changed file is wrong, so what was read before stays", fault=fault)
            return
        self._use(read)
        log.info("changed files were read")

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(self._look_every)
            try:
                await self.look()
            except Exception as failure:  # a look that fails must not be the last one
                log.error("changed files could not be read", error=type(failure).__name__)

    def _signature(self) -> Signature:
        return tuple(_signature_of(path) for path in self._paths)


def _signature_of(path: Path) -> tuple[int, int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino
