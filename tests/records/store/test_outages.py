"""What calls tell while the database is locked, full, gone or stopped is in the record when it is back."""

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import event, text

from telephony.records.store import Store, StoreUnavailable, migrate
from telephony.records.store.address import database_address
from telephony.records.store.consents import Consent
from telephony.records.store.database import Database
from telephony.records.store.keeper import Keeper, Patience
from tests.records.store.cluster import Cluster
from tests.records.store.snapshots import NOON, call, ended

IMPATIENT = Patience(first_s=0.01, longest_s=0.05, write_s=1.0)
YES = Consent("c1", "caller", "1", "es", True, NOON)


@asynccontextmanager
async def keeping(store: Store, **bounds: int) -> AsyncIterator[Keeper]:
    keeper = Keeper(store.calls, time.monotonic, IMPATIENT, **bounds)
    try:
        yield keeper
    finally:
        await keeper.close(10)


async def moved(path: Path, to: Path) -> None:
    await asyncio.to_thread(path.rename, to)


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not true():
            await asyncio.sleep(0.005)


async def tell_and_wait_for_trouble(keeper: Keeper, store: Store, beside: int = 0) -> None:
    """Two calls move and a consent is given; nothing of it can be written, nor what waits `beside`."""
    for snapshot in (call("c1"), call("c2"), ended("c1")):
        keeper.keep(snapshot)
    keeper.later("a consent", lambda: store.consents.keep(YES), call="c1")
    await until(lambda: keeper.struggling)
    assert keeper.behind == 3 + beside
    assert keeper.oldest_unwritten_age(time.monotonic()) > 0


async def everything_is_caught_up(keeper: Keeper, store: Store) -> None:
    await until(lambda: keeper.behind == 0)
    assert [await store.calls.find(name) for name in ("c1", "c2")] == [ended("c1"), call("c2")]
    assert await store.consents.of_call("c1") == [YES]
    assert keeper.dropped == 0
    assert not await store.calls.is_incomplete("c1")


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Another process's transaction that does not end."""
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    try:
        yield
    finally:
        other.close()


async def test_a_locked_file_is_caught_up_with(file_store: Store, tmp_path: Path) -> None:
    async with keeping(file_store) as keeper:
        with locked(tmp_path / "telephony.db"):
            await tell_and_wait_for_trouble(keeper, file_store)
            with pytest.raises(StoreUnavailable, match="SQLITE_BUSY"):
                await file_store.usage.add(NOON.date(), calls=1)
        await everything_is_caught_up(keeper, file_store)


async def test_what_had_no_room_during_a_lock_is_marked_incomplete(file_store: Store, tmp_path: Path) -> None:
    async with keeping(file_store, most_calls=2) as keeper:
        keeper.keep(call("c1"))
        await until(lambda: keeper.behind == 0)
        with locked(tmp_path / "telephony.db"):
            for snapshot in (ended("c1"), call("c2"), call("c3")):
                keeper.keep(snapshot)
            await until(lambda: keeper.struggling)
            assert (keeper.behind, keeper.dropped) == (2, 1)
        await until(lambda: keeper.behind == 0 and not keeper.struggling)
        assert [await file_store.calls.is_incomplete(name) for name in ("c1", "c2", "c3")] == [True, False, False]


async def test_closing_during_a_lock_ends_in_time_and_leaves_no_task(file_store: Store, tmp_path: Path) -> None:
    with locked(tmp_path / "telephony.db"):
        keeper = Keeper(file_store.calls, time.monotonic, IMPATIENT)
        await tell_and_wait_for_trouble(keeper, file_store)
        assert await keeper.close(0.1) == 3
    assert [task.get_name() for task in asyncio.all_tasks() if task is not asyncio.current_task()] == []


async def test_a_full_disk_is_caught_up_with_when_there_is_room(file_store: Store) -> None:
    most_pages = [1]  # less than there are: no page can be added

    @event.listens_for(file_store.database.engine.sync_engine, "begin")
    def limit(connection: object) -> None:
        connection.exec_driver_sql(f"PRAGMA max_page_count={most_pages[0]}")  # type: ignore[attr-defined]

    async with keeping(file_store) as keeper:
        filling = "x" * 100_000
        with pytest.raises(StoreUnavailable, match="SQLITE_FULL"):
            await file_store.calls.keep([call("filling", line=filling)])
        keeper.keep(call("filling", line=filling))
        await tell_and_wait_for_trouble(keeper, file_store, beside=1)
        most_pages[0] = 2**30
        await everything_is_caught_up(keeper, file_store)


async def test_a_data_folder_that_is_taken_away_is_caught_up_with_when_it_is_back(tmp_path: Path) -> None:
    store = await Store.open(None, tmp_path / "data", busy_s=0.05)
    async with keeping(store) as keeper:
        keeper.keep(call("before"))
        await until(lambda: keeper.behind == 0)
        await moved(tmp_path / "data", tmp_path / "elsewhere")
        await tell_and_wait_for_trouble(keeper, store)
        await moved(tmp_path / "elsewhere", tmp_path / "data")
        await everything_is_caught_up(keeper, store)
        assert await store.calls.find("before") == call("before")
    await store.close()


async def test_a_file_that_was_deleted_is_not_written_to_in_secret(file_store: Store, tmp_path: Path) -> None:
    path = tmp_path / "telephony.db"
    async with keeping(file_store) as keeper:
        keeper.keep(call("before"))
        await until(lambda: keeper.behind == 0)
        await asyncio.to_thread(path.unlink)
        await tell_and_wait_for_trouble(keeper, file_store)
        assert not await asyncio.to_thread(path.exists)
        restored = await Store.open(None, tmp_path)
        await restored.close()
        await everything_is_caught_up(keeper, file_store)


async def test_a_folder_in_the_place_of_the_file_is_caught_up_with(file_store: Store, tmp_path: Path) -> None:
    path = tmp_path / "telephony.db"
    async with keeping(file_store) as keeper:
        await moved(path, tmp_path / "copy.db")
        await asyncio.to_thread(path.mkdir)
        await tell_and_wait_for_trouble(keeper, file_store)
        await asyncio.to_thread(path.rmdir)
        await moved(tmp_path / "copy.db", path)
        await everything_is_caught_up(keeper, file_store)


@pytest.fixture
async def served(cluster: Cluster, tmp_path: Path) -> AsyncIterator[Store]:
    """A store on PostgreSQL whose server is up again at the end."""
    url = cluster.new_database()
    database = Database(database_address(url, tmp_path))
    await migrate.upgrade(database)
    await database.close()
    store = await Store.open(url, tmp_path)
    yield store
    await store.close()
    cluster.start()


async def test_a_postgresql_that_is_stopped_is_caught_up_with_when_it_is_back(served: Store, cluster: Cluster) -> None:
    async with keeping(served) as keeper:
        keeper.keep(call("before"))
        await until(lambda: keeper.behind == 0)
        await asyncio.to_thread(cluster.stop)
        await tell_and_wait_for_trouble(keeper, served)
        with pytest.raises(StoreUnavailable):
            await served.calls.open_calls()
        await asyncio.to_thread(cluster.start)
        await everything_is_caught_up(keeper, served)
        assert await served.calls.find("before") == call("before")


async def test_a_postgresql_that_hangs_is_caught_up_with_when_it_goes_on(served: Store, cluster: Cluster) -> None:
    async with keeping(served) as keeper:
        keeper.keep(call("before"))
        await until(lambda: keeper.behind == 0)
        with cluster.frozen():
            await tell_and_wait_for_trouble(keeper, served)
        await everything_is_caught_up(keeper, served)


async def test_connections_that_postgresql_ends_cost_nothing(served: Store) -> None:
    await served.calls.keep([call("before")])
    administrator = Database(served.database.url)
    async with administrator.writing() as connection:
        others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = "
        ended_now = (await connection.execute(text(others + "current_database()"))).scalars().all()
    await administrator.close()
    assert ended_now == [True]
    assert await served.calls.find("before") == call("before")
