"""The file behind SQLAlchemy's pool, where it is given up while it is being opened."""

import asyncio
import sqlite3
from pathlib import Path
from typing import Any

import aiosqlite
import pytest

from telephony.records.store.address import sqlite_address
from telephony.records.store.sqlite_file import SqliteFile


class Opened(sqlite3.Connection):
    """A connection that is counted until it is closed."""

    still: int = 0

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        Opened.still += 1

    def close(self) -> None:
        super().close()
        Opened.still -= 1


@pytest.mark.parametrize("turns", range(1, 40, 4))
async def test_who_gives_up_while_the_file_is_opened_leaves_no_connection(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, turns: int
) -> None:
    connect = aiosqlite.connect
    monkeypatch.setattr(Opened, "still", 0)
    monkeypatch.setattr(aiosqlite, "connect", lambda *args, **more: connect(*args, factory=Opened, **more))
    path = tmp_path / "calls.db"
    path.touch()
    file = SqliteFile(sqlite_address(path), path, busy_s=1.0, pool_timeout_s=1.0)
    connecting = file.engine.connect()
    asking = asyncio.create_task(connecting.start())
    for _ in range(turns):
        await asyncio.sleep(0)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    await file.close()
    assert Opened.still == 0
