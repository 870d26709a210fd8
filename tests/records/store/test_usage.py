import asyncio
from datetime import date

from telephony.records.store import Store
from telephony.records.store.usage import DayUsage

DAY = date(2030, 5, 4)


async def test_a_day_without_calls_cost_nothing(store: Store) -> None:
    assert await store.usage.of(DAY) == DayUsage(DAY, 0.0, 0, 0)


async def test_what_is_used_adds_up(store: Store) -> None:
    await store.usage.add(DAY, calls=1)
    await store.usage.add(DAY, session_s=1.5, spend_micro=300)
    await store.usage.add(DAY, session_s=2.0, calls=1, spend_micro=400)
    assert await store.usage.of(DAY) == DayUsage(DAY, 3.5, 2, 700)


async def test_nothing_is_lost_when_many_add_at_once(store: Store) -> None:
    await asyncio.gather(*(store.usage.add(DAY, calls=1, spend_micro=7) for _ in range(20)))
    assert await store.usage.of(DAY) == DayUsage(DAY, 0.0, 20, 140)


async def test_days_are_apart_and_come_in_order(store: Store) -> None:
    for number in (6, 4, 5, 9):
        await store.usage.add(date(2030, 5, number), calls=number)
    kept = await store.usage.between(DAY, date(2030, 5, 6))
    assert [(day.day.day, day.calls) for day in kept] == [(4, 4), (5, 5), (6, 6)]
