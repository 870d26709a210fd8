import sqlite3
import stat
from datetime import timedelta
from pathlib import Path

from sqlalchemy import inspect

from telephony.records.store import Purged, Store
from telephony.records.store.consents import Consent
from telephony.records.store.messages import Message
from tests.records.store.snapshots import NOON, TALK, ended

EARLY = NOON - timedelta(days=40)


async def test_what_was_kept_is_there_after_a_restart(tmp_path: Path) -> None:
    first = await Store.open(None, tmp_path)
    await first.calls.keep([TALK])
    await first.close()
    second = await Store.open(None, tmp_path)
    assert await second.calls.open_calls() == [TALK]
    await second.close()


async def test_what_is_old_goes_everywhere_at_once(store: Store) -> None:
    await store.calls.keep([TALK, ended("old", began=EARLY, after_s=-86400)])
    await store.callers.remember("a", "es", EARLY)
    await store.consents.keep(Consent("old", "caller", "1", "es", True, EARLY))
    await store.messages.keep(Message("m1", "old", "main", "es", EARLY, 3.0, "messages/m1.wav"))
    await store.recordings.begin("old", EARLY, "recordings/old.wav")
    await store.recordings.begin("new", NOON, "recordings/new.wav")
    sounds = ("messages/m1.wav", "recordings/old.wav")
    assert await store.purge(NOON - timedelta(hours=1)) == Purged(1, 1, 1, sounds)
    assert await store.purge(NOON - timedelta(hours=1)) == Purged(0, 0, 0, ())
    assert await store.calls.open_calls() == [TALK]


async def test_no_column_is_for_a_phone_number(store: Store) -> None:
    async with store.database.reading() as connection:
        columns = await connection.run_sync(
            lambda sync: {
                column["name"]
                for table in inspect(sync).get_table_names()
                for column in inspect(sync).get_columns(table)
            }
        )
    assert {name for name in columns if "number" in name or "phone" in name or "address" in name} == set()


def rights_in(folder: Path) -> dict[str, int]:
    return {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}


async def test_the_files_are_for_their_owner_only(file_store: Store, tmp_path: Path) -> None:
    await file_store.calls.keep([TALK])
    assert rights_in(tmp_path) == dict.fromkeys(("telephony.db", "telephony.db-wal", "telephony.db-shm"), 0o600)


async def test_sqlite_keeps_a_write_ahead_log_and_syncs_at_checkpoints(file_store: Store) -> None:
    async with file_store.database.reading() as connection:
        pragmas = [
            (await connection.exec_driver_sql(f"PRAGMA {name}")).scalar_one()
            for name in ("journal_mode", "synchronous", "busy_timeout")
        ]
    assert pragmas == ["wal", 1, 50]


async def test_who_reads_does_not_wait_for_who_writes(file_store: Store, tmp_path: Path) -> None:
    await file_store.calls.keep([TALK])
    other = sqlite3.connect(tmp_path / "telephony.db", isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    assert await file_store.calls.find("c1") == TALK
    other.close()
