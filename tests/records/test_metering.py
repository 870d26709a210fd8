"""What calls cost is added up, written in one go whatever their number, and survives a store that is away."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from telephony.calls.guards.limits import Bounds, Limits
from telephony.calls.observer import CallMoved, Reading, Role
from telephony.calls.state import CallState, Outcome
from telephony.records import metering as room
from telephony.records.office import Office
from telephony.records.store.trouble import StoreUnavailable
from telephony.records.store.usage import DayUsage, Usage

NOON = datetime(2030, 5, 4, 12, tzinfo=UTC)
TODAY = NOON.date()


class House:
    """An office whose day a test moves, and what is told to its metering."""

    def __init__(self) -> None:
        self.wall = NOON
        self.limits = Limits(Bounds(minute_price=0.6))

    async def open(self, folder: Path) -> None:
        self.office = await Office.open(None, folder, asyncio.get_running_loop().time, lambda: self.wall)
        self.metering = self.office.metering(self.limits)

    def reads(self, session_s: float) -> None:
        self.metering.tell(Reading("c1", Role.CALLER, 0.0, -60.0, -60.0, None, 0.0, session_s))

    def ends(self) -> None:
        self.metering.tell(CallMoved("c1", CallState.ENDED, Outcome.CALLER_HUNG_UP))

    async def kept(self) -> DayUsage:
        return await self.office.store.usage.of(TODAY)

    async def comes_to(self, wanted: DayUsage) -> None:
        async with asyncio.timeout(20):
            while await self.kept() != wanted:
                await asyncio.sleep(0.01)


@pytest.fixture
async def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[House]:
    monkeypatch.setattr(room, "WRITE_WITHIN", 0.05)
    house = House()
    await house.open(tmp_path)
    yield house
    await house.office.close()


def counted(monkeypatch: pytest.MonkeyPatch, fails: int = 0) -> list[DayUsage]:
    """Every time that something is added to a day, the first `fails` times in vain."""
    add: Callable[..., Awaitable[None]] = Usage.add
    added: list[DayUsage] = []

    async def counting(usage: Usage, day: Any, session_s: float = 0.0, calls: int = 0, spend_micro: int = 0) -> None:
        added.append(DayUsage(day, session_s, calls, spend_micro))
        if len(added) <= fails:
            raise StoreUnavailable("away")
        await add(usage, day, session_s, calls, spend_micro)

    monkeypatch.setattr(Usage, "add", counting)
    return added


async def test_what_all_calls_say_in_a_while_is_one_write(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    added = counted(monkeypatch)
    for _ in range(40):
        house.reads(1.5)
    house.ends()
    await house.comes_to(DayUsage(TODAY, 60.0, 1, 600_000))
    assert len(added) == 1
    assert house.limits.used(NOON).session_s == 60.0


async def test_each_day_has_its_own(house: House) -> None:
    house.reads(30.0)
    house.wall = NOON + timedelta(days=1)
    house.reads(60.0)
    await house.comes_to(DayUsage(TODAY, 30.0, 0, 300_000))
    async with asyncio.timeout(20):
        while (await house.office.store.usage.of(house.wall.date())).session_s != 60.0:
            await asyncio.sleep(0.01)


async def test_nothing_is_lost_or_counted_twice_while_the_store_is_away(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    added = counted(monkeypatch, fails=2)
    house.reads(30.0)
    while not added:
        await asyncio.sleep(0.01)
    house.reads(30.0)
    await house.comes_to(DayUsage(TODAY, 60.0, 0, 600_000))


async def test_what_is_not_written_when_the_service_ends_is_written_then(tmp_path: Path) -> None:
    house = House()
    await house.open(tmp_path)
    house.reads(30.0)
    await house.office.close()
    await house.open(tmp_path)
    assert await house.kept() == DayUsage(TODAY, 30.0, 0, 300_000)
    await house.office.close()
