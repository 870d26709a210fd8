from datetime import timedelta

from telephony.records.store import Store
from telephony.records.store.holds import HOLD_CALLS, Hold
from tests.records.store.snapshots import NOON

HOLD = Hold(HOLD_CALLS, NOON, "ana")


async def test_a_hold_stands_until_it_is_lifted(store: Store) -> None:
    await store.holds.place(HOLD)
    assert await store.holds.find(HOLD_CALLS) == HOLD
    assert [await store.holds.lift(HOLD_CALLS), await store.holds.lift(HOLD_CALLS)] == [True, False]
    assert await store.holds.find(HOLD_CALLS) is None


async def test_a_hold_that_is_placed_again_keeps_its_time(store: Store) -> None:
    await store.holds.place(HOLD)
    await store.holds.place(Hold(HOLD_CALLS, NOON + timedelta(hours=1), "bea"))
    assert await store.holds.standing() == [HOLD]


async def test_holds_are_apart(store: Store) -> None:
    other = Hold("dial-out", NOON, "bea")
    for hold in (HOLD, other):
        await store.holds.place(hold)
    await store.holds.lift(HOLD_CALLS)
    assert await store.holds.standing() == [other]
