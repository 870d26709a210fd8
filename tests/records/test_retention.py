"""What is kept of calls goes after the days that are set, on the disk as in the store."""

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from telephony.calls.snapshot import CallSnapshot
from telephony.records import retention
from telephony.records.office import Office
from telephony.records.store import Store
from telephony.records.store.messages import Message
from telephony.records.store.trouble import StoreUnavailable
from tests.records.store.snapshots import NOON, ended

NOW = datetime(2030, 5, 4, 12, tzinfo=UTC)
OLD, NEW = NOW - timedelta(days=31), NOW - timedelta(days=29)
FILES = ("messages/{}.wav", "recordings/{}.wav", "calls/{}/transcript.jsonl")


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    office = await Office.open(None, tmp_path, asyncio.get_running_loop().time, lambda: NOW)
    yield office
    await office.close()


def written(folder: Path, name: str, at: datetime) -> Path:
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(b"what was said")
    os.utime(file, (at.timestamp(), at.timestamp()))
    return file


def over(name: str, at: datetime) -> CallSnapshot:
    """A call that ended at `at`."""
    return ended(name, began=at, after_s=(at - NOON).total_seconds())


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not true():
            await asyncio.sleep(0.01)


async def test_what_is_older_than_the_days_goes_and_the_rest_stays(office: Office, tmp_path: Path) -> None:
    await office.store.calls.keep([over("old", OLD), over("new", NEW)])
    old = [written(tmp_path, name.format("old"), OLD) for name in FILES]
    new = [written(tmp_path, name.format("new"), NEW) for name in FILES]
    office.forget_after(30)
    await until(lambda: not any(file.exists() for file in old))
    assert [call.id for call in await office.store.calls.recent(9)] == ["new"]
    assert all(file.exists() for file in new)
    assert not (tmp_path / "calls" / "old").exists()
    assert (tmp_path / "telephony.db").exists()


async def test_a_sound_goes_with_its_message_however_late_it_was_written(office: Office, tmp_path: Path) -> None:
    await office.store.messages.keep(Message("m", "c", "main", "es", OLD, 3.0, "messages/m.wav"))
    late = written(tmp_path, "messages/m.wav", NEW)
    office.forget_after(30)
    await until(lambda: not late.exists())
    assert await office.store.messages.recent(9) == []


async def test_a_store_that_is_away_is_asked_again(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, purge, tries = written(tmp_path, "messages/m.wav", OLD), Store.purge, []

    async def away_at_first(store: Store, older_than: datetime) -> object:
        tries.append(older_than)
        if len(tries) == 1:
            raise StoreUnavailable("away")
        return await purge(store, older_than)

    monkeypatch.setattr(Store, "purge", away_at_first)
    monkeypatch.setattr(retention, "CLEAR_EVERY", 0.01)
    office.forget_after(30)
    await until(lambda: not old.exists())
    assert len(tries) >= 2


async def test_a_file_that_cannot_be_removed_keeps_no_other(office: Office, tmp_path: Path) -> None:
    folder = tmp_path / "messages" / "a.wav"
    folder.mkdir(parents=True)
    os.utime(folder, (OLD.timestamp(), OLD.timestamp()))
    old = written(tmp_path, "recordings/c.wav", OLD)
    office.forget_after(30)
    await until(lambda: not old.exists())
    assert folder.exists()
