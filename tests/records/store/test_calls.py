from dataclasses import replace
from datetime import timedelta
from itertools import permutations, product

import pytest
from hypothesis import HealthCheck, given, settings
from sqlalchemy import delete, update

from telephony.calls.snapshot import CallSnapshot, Direction
from telephony.calls.state import CallState, LegState, Outcome
from telephony.records.store import Store
from telephony.records.store.tables import calls, legs
from tests.records.store.snapshots import AGENT, CALLER, NOON, TALK, call, ended, snapshots


async def test_a_call_comes_back_as_it_was_kept(store: Store) -> None:
    await store.calls.keep([TALK])
    assert await store.calls.find("c1") == TALK


async def test_a_call_that_never_was_is_not_found(store: Store) -> None:
    assert await store.calls.find("c1") is None


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(snapshot=snapshots)
async def test_whatever_a_call_is_called_it_comes_back(store: Store, snapshot: CallSnapshot) -> None:
    await forget(store, snapshot.id)
    await store.calls.keep([snapshot])
    assert await store.calls.find(snapshot.id) == snapshot


async def forget(store: Store, call: str) -> None:
    """Examples share a store; none may meet the call of another."""
    async with store.database.writing() as connection:
        await connection.execute(delete(calls).where(calls.c.id == call))
        await connection.execute(delete(legs).where(legs.c.call == call))


async def test_a_newer_snapshot_replaces_all_of_an_older_one(store: Store) -> None:
    later = CallSnapshot(
        "c1",
        4,
        Direction.OUT,
        "other",
        CallState.ENDED,
        Outcome.AGENT_HUNG_UP,
        NOON + timedelta(seconds=1),
        NOON + timedelta(seconds=9),
        "a0" * 32,
        (replace(CALLER, language="fr", state=LegState.GONE, carrier_call=None, party="bea"),),
        20.0,
    )
    await store.calls.keep([TALK])
    await store.calls.keep([later])
    assert await store.calls.find("c1") == later


@pytest.mark.parametrize("version", [2, 3])
async def test_an_older_or_equal_snapshot_changes_nothing(store: Store, version: int) -> None:
    await store.calls.keep([TALK])
    await store.calls.keep([call(version=version, line="other", legs=())])
    assert await store.calls.find("c1") == TALK


async def test_any_order_and_any_repetition_of_snapshots_end_in_the_same_record(store: Store) -> None:
    told = (
        call(version=1, state=CallState.RINGING, legs=(CALLER,)),
        call(version=2, legs=(CALLER, AGENT)),
        ended(version=3, legs=(CALLER, AGENT)),
    )
    orders = {order for length in (3, 4) for order in product(told, repeat=length) if set(order) == set(told)}
    assert set(permutations(told)) < orders
    for place, order in enumerate(sorted(orders, key=str)):
        mine = [replace(snapshot, id=f"one-by-one-{place}") for snapshot in order]
        for snapshot in mine:
            await store.calls.keep([snapshot])
        at_once = [replace(snapshot, id=f"at-once-{place}") for snapshot in order]
        await store.calls.keep(at_once)
        for name in (f"one-by-one-{place}", f"at-once-{place}"):
            assert await store.calls.find(name) == replace(told[-1], id=name)


async def test_open_calls_are_those_that_have_not_ended(store: Store) -> None:
    closing = call("c2", state=CallState.CLOSING, began=NOON - timedelta(seconds=1))
    await store.calls.keep([TALK, closing, ended("c3")])
    assert await store.calls.open_calls() == [TALK, closing]


async def test_recent_calls_come_a_page_at_a_time(store: Store) -> None:
    told = [call(f"c{number}", began=NOON + timedelta(seconds=number)) for number in range(5)]
    await store.calls.keep(told)
    first = await store.calls.recent(2)
    second = await store.calls.recent(2, before=first[-1].began)
    assert [kept.id for kept in (*first, *second)] == ["c4", "c3", "c2", "c1"]


async def test_a_leg_keeps_its_place(store: Store) -> None:
    legs = tuple(replace(CALLER, name=name) for name in ("z", "a", "m"))
    await store.calls.keep([call(legs=legs)])
    found = await store.calls.find("c1")
    assert found is not None
    assert found.legs == legs


async def test_a_record_is_whole_until_it_is_said_to_be_incomplete(store: Store) -> None:
    await store.calls.keep([TALK, call("c2")])
    assert await store.calls.mark_incomplete(["c1", "c9"]) == {"c1"}
    assert [await store.calls.is_incomplete(name) for name in ("c1", "c2", "c9")] == [True, False, False]


async def test_an_incomplete_record_stays_so_when_more_of_the_call_is_kept(store: Store) -> None:
    await store.calls.keep([call(version=1)])
    await store.calls.mark_incomplete(["c1"])
    await store.calls.keep([ended(version=2)])
    assert await store.calls.is_incomplete("c1")


async def test_purging_removes_calls_that_ended_before_and_nothing_else(store: Store) -> None:
    await store.calls.keep(
        [ended("old", after_s=10), ended("new", after_s=30), call("open", began=NOON - timedelta(9))]
    )
    assert await store.calls.purge(NOON + timedelta(seconds=20)) == 1
    assert {kept.id for kept in await store.calls.recent(9)} == {"new", "open"}
    await store.calls.keep([ended("old", legs=())])
    found = await store.calls.find("old")
    assert found is not None
    assert found.legs == ()


async def test_a_time_without_a_zone_is_refused(store: Store) -> None:
    with pytest.raises(Exception, match="time zone"):
        await store.calls.keep([call(began=NOON.replace(tzinfo=None))])


async def test_a_call_in_a_state_of_a_newer_version_does_not_hide_the_others(store: Store) -> None:
    await store.calls.keep([TALK, call("newer")])
    async with store.database.writing() as connection:
        await connection.execute(update(calls).where(calls.c.id == "newer").values(state="levitating"))
    assert await store.calls.open_calls() == [TALK]
    assert await store.calls.find("newer") is None


async def test_keeping_nothing_is_no_transaction(store: Store) -> None:
    await store.close()
    await store.calls.keep([])
