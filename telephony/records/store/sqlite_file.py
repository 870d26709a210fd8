"""SQLite behind a pool: a thread for each connection, a write-ahead log, the file that was opened and no other."""

import asyncio
import threading
from pathlib import Path
from typing import Any

import aiosqlite
from sqlalchemy import URL, Connection, event
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

PRAGMAS = ("journal_mode=WAL", "synchronous=NORMAL")
"""Who reads does not wait for who writes; a commit is safe from a crash of the process, and after a power cut the file
is whole, if without its last commits (https://www.sqlite.org/pragma.html#pragma_synchronous)."""


class SqliteFile:
    """Owns the engine and the threads of its connections. An engine's transactions begin with the execution option
    `begin`, "BEGIN" if there is none."""

    def __init__(self, url: URL, path: Path, busy_s: float, pool_timeout_s: float) -> None:
        self._path = path
        self._name = f"{url.database}?mode={url.query['mode']}"
        self._busy_s = busy_s
        self._threads: list[threading.Thread] = []
        self._openings: set[asyncio.Task[aiosqlite.Connection]] = set()
        self.engine: AsyncEngine = create_async_engine(
            url, async_creator=self._connect, pool_timeout=pool_timeout_s, hide_parameters=True
        )
        for name, listener in (("connect", self._prepare), ("checkout", self._same_file), ("begin", _begin)):
            event.listen(self.engine.sync_engine, name, listener)

    async def close(self) -> None:
        """Returns when no thread can tell this event loop anything any more."""
        await asyncio.gather(*self._openings, return_exceptions=True)
        await self.engine.dispose()
        await asyncio.to_thread(self._join)

    async def _connect(self) -> aiosqlite.Connection:
        connection = aiosqlite.connect(self._name, uri=True, timeout=self._busy_s)
        # A thread that waits for a lock must not keep the process from ending.
        connection._thread.daemon = True
        self._threads = [*(thread for thread in self._threads if thread.is_alive()), connection._thread]
        opening = asyncio.create_task(_opened(connection), name="a file being opened")
        self._openings.add(opening)
        opening.add_done_callback(self._openings.discard)
        try:
            return await asyncio.shield(opening)
        except asyncio.CancelledError:
            opening.add_done_callback(_closed)
            raise

    def _join(self) -> None:
        for thread in self._threads:
            thread.join(self._busy_s + 1)

    def _prepare(self, connection: Any, record: Any) -> None:
        record.info["file"] = _identity(self._path)
        cursor = connection.cursor()
        for pragma in PRAGMAS:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    def _same_file(self, connection: Any, record: Any, proxy: Any) -> None:
        # A file that was unlinked or replaced takes writes without a complaint, and nobody ever reads them.
        if record.info.get("file") != _identity(self._path):
            raise DisconnectionError


async def _opened(connection: aiosqlite.Connection) -> aiosqlite.Connection:
    return await connection


def _closed(opening: asyncio.Task[aiosqlite.Connection]) -> None:
    # Nobody waits for it any more, and a thread cannot be stopped in the middle of opening a file.
    if not opening.cancelled() and opening.exception() is None:
        opening.result().stop()


def _begin(connection: Connection) -> None:
    """Before every transaction, those with DDL too, for which the driver would begin none of its own
    (https://docs.python.org/3/library/sqlite3.html#transaction-control-via-the-isolation-level-attribute)."""
    connection.exec_driver_sql(connection.get_execution_options().get("begin", "BEGIN"))


def _identity(path: Path) -> tuple[int, int] | None:
    """Device and inode of a file; None where there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino
