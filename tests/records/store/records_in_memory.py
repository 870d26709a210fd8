"""A store in memory that can be locked, slow, or unable to take a call, and a keeper that writes to it."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable

from telephony.calls.snapshot import CallSnapshot
from telephony.records.store.keeper import Keeper, Patience
from telephony.records.store.trouble import StoreUnavailable
from tests.virtual_time import in_virtual_time


class Records:
    """A store in memory that can be locked, slow, or unable to take a call."""

    def __init__(self) -> None:
        self.kept: dict[str, CallSnapshot] = {}
        self.incomplete: set[str] = set()
        self.tries: list[float] = []
        self.locked = False
        self.takes_s = 0.0
        self.refuses: set[str] = set()

    async def keep(self, snapshots: Iterable[CallSnapshot]) -> None:
        await self.write()
        told = list(snapshots)
        if {snapshot.id for snapshot in told} & self.refuses:
            raise ValueError("half a character")
        self.kept.update((snapshot.id, snapshot) for snapshot in told)

    async def mark_incomplete(self, ids: Iterable[str]) -> set[str]:
        await self.write()
        found = set(ids) & set(self.kept)
        self.incomplete |= found
        return found

    async def write(self) -> None:
        self.tries.append(now())
        await asyncio.sleep(self.takes_s)
        if self.locked:
            raise StoreUnavailable("SQLITE_BUSY")


def now() -> float:
    return asyncio.get_running_loop().time()


def keeping(test: Callable[[Keeper, Records], Awaitable[None]], **options: int | Patience) -> None:
    """Runs a test with a keeper, in virtual time."""

    async def whole() -> None:
        records = Records()
        keeper = Keeper(records, now, **options)  # type: ignore[arg-type]
        await test(keeper, records)
        records.locked, records.takes_s = False, 0.0
        await keeper.close(60)

    in_virtual_time(whole)
