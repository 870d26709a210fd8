from datetime import timedelta

from telephony.records.store import Store
from telephony.records.store.callers import Returning
from tests.records.store.snapshots import DIGEST, NOON

LATER = NOON + timedelta(days=1)


async def test_a_caller_is_remembered_by_the_last_language(store: Store) -> None:
    await store.callers.remember(DIGEST, "es", NOON)
    await store.callers.remember(DIGEST, "fr", LATER)
    assert await store.callers.find(DIGEST) == Returning("fr", LATER)


async def test_what_comes_late_does_not_undo_what_was_later(store: Store) -> None:
    await store.callers.remember(DIGEST, "fr", LATER)
    await store.callers.remember(DIGEST, "es", NOON)
    assert await store.callers.find(DIGEST) == Returning("fr", LATER)


async def test_a_caller_without_a_number_is_nobody(store: Store) -> None:
    await store.callers.remember("", "es", NOON)
    assert await store.callers.find("") is None


async def test_a_caller_can_be_forgotten(store: Store) -> None:
    await store.callers.remember(DIGEST, "es", NOON)
    assert [await store.callers.forget(DIGEST), await store.callers.forget(DIGEST)] == [True, False]
    assert await store.callers.find(DIGEST) is None


async def test_callers_who_stayed_away_are_purged(store: Store) -> None:
    await store.callers.remember("a", "es", NOON)
    await store.callers.remember("b", "es", LATER)
    assert await store.callers.purge(LATER) == 1
    assert [await store.callers.find("a"), await store.callers.find("b")] == [None, Returning("es", LATER)]
