import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from sqlalchemy import delete

from telephony.records.store import Store, migrate
from telephony.records.store.address import database_address
from telephony.records.store.database import Database
from telephony.records.store.tables import metadata
from tests.records.store.cluster import Cluster, NoPostgres


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """A PostgreSQL server for all tests of a process."""
    try:
        running = Cluster()
    except NoPostgres as reason:
        pytest.skip(f"no PostgreSQL: {reason}")
    try:
        running.start()
        yield running
    finally:
        running.remove()


@pytest.fixture(scope="session")
def kept_url(cluster: Cluster) -> str:
    """A PostgreSQL database whose tables are made once, for tests that need no empty one."""
    return cluster.new_database()


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest) -> str | None:
    """The setting that leads to an empty database of either kind."""
    if request.param == "sqlite":
        return None
    running: Cluster = request.getfixturevalue("cluster")
    return running.new_database()


@pytest.fixture
async def empty(empty_url: str | None, tmp_path: Path) -> AsyncIterator[Database]:
    """A database without tables."""
    database = Database(database_address(empty_url, tmp_path), busy_s=0.2)
    if database.file is not None:
        await asyncio.to_thread(database.file.touch)
    yield database
    await database.close()


@pytest.fixture(params=["sqlite", "postgresql"])
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Store]:
    """An open store with nothing in it, on SQLite and on PostgreSQL."""
    url = None if request.param == "sqlite" else request.getfixturevalue("kept_url")
    if url:
        await emptied(Database(database_address(url, tmp_path)))
    opened = await Store.open(url, tmp_path, busy_s=0.2)
    yield opened
    await opened.close()


async def emptied(database: Database) -> None:
    await migrate.upgrade(database)
    async with database.writing() as connection:
        for table in metadata.sorted_tables:
            await connection.execute(delete(table))
    await database.close()


@pytest.fixture
async def file_store(tmp_path: Path) -> AsyncIterator[Store]:
    """An open store on SQLite."""
    opened = await Store.open(None, tmp_path, busy_s=0.05)
    yield opened
    await opened.close()
