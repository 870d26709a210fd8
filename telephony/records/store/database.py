"""One database behind an engine with a pool: transactions that read, transactions that write, and its pragmas."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy import URL, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from telephony.records.store.address import file_of, shown
from telephony.records.store.sqlite_file import SqliteFile
from telephony.records.store.trouble import FROM_THE_DATABASE, StoreUnavailable, named, passing

BUSY_S = 5.0
"""How long one try waits for SQLite's lock."""

ANSWER_S = 10.0
"""How long one statement may take on PostgreSQL, how long one waits for a free connection or for SQLite's turn."""

CONNECT_S = 5.0


class Database:
    """Owns the pool. Every transaction is short; what is wrong for now comes out as StoreUnavailable."""

    def __init__(self, url: URL, busy_s: float = BUSY_S) -> None:
        self.url = url
        self.file = file_of(url)
        self._sqlite = SqliteFile(url, self.file, busy_s, ANSWER_S) if self.file else None
        self.engine = self._sqlite.engine if self._sqlite else _postgresql(url)
        self._one_writes = asyncio.Lock()
        self._writes = self.engine.execution_options(begin="BEGIN IMMEDIATE")

    @property
    def shown(self) -> str:
        """Its address without a password."""
        return shown(self.url)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """A transaction that changes nothing; on SQLite it does not wait for whoever writes."""
        async with _told_apart(), self.engine.connect() as connection:
            yield connection

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncConnection]:
        """A transaction that is committed at the end; on SQLite it has the lock from the start."""
        async with _told_apart(), self._turn(), self._writes.begin() as connection:
            yield connection

    @asynccontextmanager
    async def _turn(self) -> AsyncIterator[None]:
        """SQLite has one writer at a time; those of this process queue here, in order, instead of polling its lock."""
        if self.file is None:
            yield
            return
        async with asyncio.timeout(ANSWER_S):
            await self._one_writes.acquire()
        try:
            yield
        finally:
            self._one_writes.release()

    def insert(self, table: Table) -> sqlite.Insert | postgresql.Insert:
        """An INSERT that knows ON CONFLICT, which both databases write alike."""
        return sqlite.insert(table) if self.file else postgresql.insert(table)

    async def close(self) -> None:
        await (self._sqlite.close() if self._sqlite else self.engine.dispose())


@asynccontextmanager
async def _told_apart() -> AsyncIterator[None]:
    """Passing trouble becomes StoreUnavailable; what the database will never take stays what it is."""
    try:
        yield
    except FROM_THE_DATABASE as failure:
        if passing(failure):
            raise StoreUnavailable(named(failure)) from None
        raise


def _postgresql(url: URL) -> AsyncEngine:
    return create_async_engine(
        url,
        connect_args={"timeout": CONNECT_S, "command_timeout": ANSWER_S},
        pool_pre_ping=True,
        pool_timeout=ANSWER_S,
        hide_parameters=True,
    )
