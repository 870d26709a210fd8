"""The `Archive` and the `TokenStore` of a real store."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Final, Protocol

from telephony.records.store import Store
from telephony.records.store.consents import Consent
from telephony.records.store.holds import HOLD_CALLS, Hold
from telephony.records.store.messages import Message
from telephony.records.store.tokens import Token
from telephony.records.store.usage import DayUsage

NOTED_EVERY: Final = timedelta(minutes=1)
"""How exact the last use of a token is."""

MOST_NOTED: Final = 1000


class StoreArchive:
    """Sounds of messages and recordings are files in `data_dir`."""

    def __init__(self, store: Store, data_dir: Path, wall: Callable[[], datetime]) -> None:
        self._store = store
        self._data_dir = data_dir
        self._wall = wall

    async def messages(self, limit: int, before: datetime | None) -> Sequence[Message]:
        return await self._store.messages.recent(limit, before)

    async def sound(self, message: str) -> bytes | None:
        found = await self._store.messages.find(message)
        return await asyncio.to_thread(self._read, found.sound) if found else None

    async def kept_of(self, call: str) -> tuple[Sequence[Consent], bool]:
        return await self._store.consents.of_call(call), await self._store.calls.is_incomplete(call)

    async def recording(self, call: str) -> Path | None:
        found = await self._store.recordings.find(call)
        return await asyncio.to_thread(self._file, found.sound) if found else None

    async def held(self) -> Hold | None:
        return await self._store.holds.find(HOLD_CALLS)

    async def place_hold(self, by: str) -> Hold:
        mine = Hold(HOLD_CALLS, self._wall(), by)
        await self._store.holds.place(mine)
        return await self.held() or mine

    async def lift_hold(self) -> None:
        await self._store.holds.lift(HOLD_CALLS)

    async def usage(self, days: int) -> Sequence[DayUsage]:
        return await self._store.usage.between(self.today() - timedelta(days=days - 1), self.today())

    def today(self) -> date:
        return self._wall().astimezone(UTC).date()

    def _read(self, name: str) -> bytes | None:
        path = self._file(name)
        return path.read_bytes() if path else None

    def _file(self, name: str) -> Path | None:
        """Nothing outside of the data folder is given out."""
        path = (self._data_dir / name).resolve()
        inside = path.is_relative_to(self._data_dir.resolve())
        return path if inside and path.is_file() else None


class FoundTokens(Protocol):
    """The part of the store that has the tokens."""

    async def find(self, secret: str) -> Token | None: ...

    async def used(self, token: str, at: datetime) -> None: ...


class Later(Protocol):
    """Whoever writes to the store when it can (its keeper)."""

    def later(self, name: str, write: Callable[[], Awaitable[object]]) -> None: ...


class StoredTokens:
    """Tokens of the store; that one was used is written by the keeper, once a minute at most."""

    def __init__(self, tokens: FoundTokens, keeper: Later) -> None:
        self._tokens = tokens
        self._keeper = keeper
        self._noted: OrderedDict[str, datetime] = OrderedDict()

    async def find(self, secret: str) -> Token | None:
        return await self._tokens.find(secret)

    def used(self, token: str, at: datetime) -> None:
        before = self._noted.get(token)
        if before is not None and at - before < NOTED_EVERY:
            return
        self._noted[token] = at
        self._noted.move_to_end(token)
        if len(self._noted) > MOST_NOTED:
            self._noted.popitem(last=False)
        self._keeper.later("token used", lambda: self._tokens.used(token, at))
