"""How long what is kept stays: older calls, callers, consents, messages, recordings and transcripts are removed.

Rows are removed by what they say, files by their age too: in a house of several nodes the one that removes a row need
not be the one that has the file.
"""

import asyncio
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import datetime, timedelta
from math import inf
from pathlib import Path

import structlog

from telephony.records.recorder import TRANSCRIPTS
from telephony.records.recording import RECORDINGS
from telephony.records.register import MESSAGES
from telephony.records.store.store import Store
from telephony.records.store.trouble import StoreUnavailable

log = structlog.get_logger(__name__)

FOLDERS = (TRANSCRIPTS, RECORDINGS, MESSAGES)
CLEAR_EVERY = 3600.0
"""Seconds between two rounds; the first is at the start."""


class Retention:
    """`days` is how long anything stays."""

    def __init__(self, store: Store, data_dir: Path, days: int, wall: Callable[[], datetime]) -> None:
        self._store = store
        self._data_dir = data_dir
        self._stays = timedelta(days=days)
        self._wall = wall

    async def run(self) -> None:
        """For ever. A store that is away is asked again the next time."""
        while True:
            try:
                await self.clear()
            except StoreUnavailable:
                log.warning("what is kept too long cannot be removed now: the store is not available")
            await asyncio.sleep(CLEAR_EVERY)

    async def clear(self) -> None:
        """One round. Raises StoreUnavailable."""
        older_than = self._wall() - self._stays
        purged = await self._store.purge(older_than)
        files = await asyncio.to_thread(self._remove, purged.sounds, older_than)
        if files or purged.calls or purged.callers or purged.consents:
            log.info("what was kept long enough is removed", calls=purged.calls, callers=purged.callers, files=files)

    def _remove(self, sounds: Iterable[str], older_than: datetime) -> int:
        named = [self._data_dir / sound for sound in sounds]
        there = [file for folder in FOLDERS for file in (self._data_dir / folder).rglob("*.*")]
        old = [file for file in there if _last_written(file) < older_than.timestamp()]
        return sum(_unlinked(file) for file in dict.fromkeys((*named, *old)))


def _last_written(file: Path) -> float:
    """Unix time; never, for one that is gone."""
    try:
        return file.stat().st_mtime
    except OSError:
        return inf


def _unlinked(file: Path) -> bool:
    """Whether it was there. The folder of a call's transcript goes with it."""
    try:
        file.unlink()
    except FileNotFoundError:
        return False
    except OSError as kept:
        log.error("a file that is kept too long cannot be removed", reason=kept.strerror)
        return False
    if file.parent.parent.name == TRANSCRIPTS:
        with suppress(OSError):
            file.parent.rmdir()
    return True
