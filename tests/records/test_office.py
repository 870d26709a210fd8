"""The store at the start of a service: waited for while it is locked, given up in the end."""

import asyncio
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest

from telephony.records import office as room
from telephony.records.office import Office
from telephony.records.store.store import Store
from telephony.records.store.trouble import StoreUnavailable


def wall() -> datetime:
    return datetime(2026, 3, 2, 12, tzinfo=UTC)


async def locked(folder: Path) -> sqlite3.Connection:
    """A store whose file somebody else holds."""
    store = await Store.open(None, folder)
    await store.close()
    other = sqlite3.connect(folder / "telephony.db", isolation_level=None)
    other.execute("PRAGMA locking_mode = EXCLUSIVE")
    other.execute("BEGIN EXCLUSIVE")
    return other


@pytest.fixture(autouse=True)
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    open_store = Store.open
    monkeypatch.setattr(Store, "open", lambda url, folder: open_store(url, folder, 0.05))
    monkeypatch.setattr(room, "TRY_AGAIN_AFTER", 0.01)


async def test_a_locked_store_is_waited_for(tmp_path: Path) -> None:
    other = await locked(tmp_path)
    opening = asyncio.create_task(Office.open(None, tmp_path, asyncio.get_running_loop().time, wall), name="open")
    done, _ = await asyncio.wait((opening,), timeout=0.3)
    assert not done
    other.close()
    async with asyncio.timeout(30):
        office = await opening
    await office.close()


async def test_a_store_that_stays_locked_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "OPEN_WITHIN", 0.0)
    other = await locked(tmp_path)
    with pytest.raises(StoreUnavailable):
        await Office.open(None, tmp_path, asyncio.get_running_loop().time, wall)
    other.close()
