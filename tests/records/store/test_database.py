from datetime import date

import pytest
from sqlalchemy import text

from telephony.records.store import Store, StoreUnavailable
from tests.records.store.snapshots import NOON, call


@pytest.mark.parametrize(
    "record",
    [call(version=2**70), call(line=None), call(began=None), call(line="\ud83d"), call(began="yesterday")],
    ids=["too-large", "nothing-where-something-must-be", "no-time", "half-a-character", "text-for-a-time"],
)
async def test_a_record_at_fault_is_not_taken_for_trouble_that_passes(store: Store, record: object) -> None:
    with pytest.raises(Exception) as refused:
        await store.calls.keep([record])  # type: ignore[list-item]
    assert not isinstance(refused.value, (StoreUnavailable, OSError))
    assert await store.calls.recent(9) == []


async def test_a_number_that_postgresql_cannot_hold_is_the_records_fault(store: Store) -> None:
    await store.usage.add(date(2030, 5, 4), spend_micro=2**63 - 1)
    with pytest.raises(Exception) as refused:
        await store.usage.add(date(2030, 5, 4), spend_micro=2**63)
    assert not isinstance(refused.value, (StoreUnavailable, OSError))


async def test_a_table_that_is_gone_is_trouble_that_may_pass(store: Store) -> None:
    await store.callers.remember("a", "es", NOON)
    async with store.database.writing() as connection:
        await connection.execute(text("ALTER TABLE callers RENAME TO elsewhere"))
    try:
        with pytest.raises(StoreUnavailable):
            await store.callers.find("a")
    finally:
        async with store.database.writing() as connection:
            await connection.execute(text("ALTER TABLE elsewhere RENAME TO callers"))
    assert await store.callers.find("a") is not None


async def test_no_error_repeats_what_was_to_be_written(store: Store) -> None:
    with pytest.raises(Exception) as refused:
        await store.calls.keep([call("c1", line="what was said", began=None)])
    assert "what was said" not in str(refused.value)
    assert "what was said" not in repr(refused.value)


async def test_a_transaction_that_fails_leaves_nothing(store: Store) -> None:
    async def half() -> None:
        async with store.database.writing() as connection:
            await connection.execute(text("INSERT INTO holds (key, since, by) VALUES ('a', '2030-01-01', 'b')"))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await half()
    assert await store.holds.standing() == []
