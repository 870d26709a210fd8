"""The keeper writes every call to the store soon, catches up when the store was locked or slow, and closes in time."""

import asyncio

import pytest
from structlog.testing import capture_logs

from telephony.records.store.keeper import Keeper, Patience
from tests.records.store.records_in_memory import Records, keeping, now
from tests.records.store.snapshots import call, ended
from tests.virtual_time import passed


def test_what_is_kept_is_written_soon() -> None:
    async def test(keeper: Keeper, records: Records) -> None:
        keeper.keep(call())
        assert (keeper.behind, records.kept) == (1, {})
        await passed(0.01)
        assert (keeper.behind, records.kept) == (0, {"c1": call()})

    keeping(test)


def test_a_locked_store_is_caught_up_with_when_it_is_free_again() -> None:
    async def test(keeper: Keeper, records: Records) -> None:
        records.locked = True
        for second in range(60):
            keeper.keep(call(f"c{second % 20}", version=second))
            await passed(1)
        assert (keeper.behind, keeper.struggling, records.kept) == (20, True, {})
        assert keeper.oldest_unwritten_age(now()) == 60
        records.locked = False
        await passed(5)
        assert records.kept == {f"c{number}": call(f"c{number}", version=40 + number) for number in range(20)}
        assert (keeper.behind, keeper.struggling, keeper.dropped) == (0, False, 0)
        assert keeper.oldest_unwritten_age(now()) == 0
        assert records.incomplete == set()

    keeping(test)


def test_pauses_grow_up_to_the_longest() -> None:
    async def test(keeper: Keeper, records: Records) -> None:
        records.locked = True
        keeper.keep(call())
        await passed(13)
        pauses = [later - sooner for sooner, later in zip(records.tries, records.tries[1:], strict=False)]
        assert pauses == pytest.approx([0.5, 1.0, 2.0, 3.0, 3.0, 3.0])

    keeping(test, patience=Patience(first_s=0.5, longest_s=3.0))


def test_a_store_that_never_answers_is_tried_again() -> None:
    async def test(keeper: Keeper, records: Records) -> None:
        records.takes_s = 1e6
        keeper.keep(call())
        await passed(25)
        assert len(records.tries) == 3
        records.takes_s = 0.0
        await passed(15)
        assert records.kept == {"c1": call()}

    keeping(test, patience=Patience(write_s=10.0))


def test_trouble_is_logged_once_and_so_is_its_end() -> None:
    async def test(keeper: Keeper, records: Records) -> None:
        records.locked = True
        keeper.keep(call())
        await passed(60)
        records.locked = False
        await passed(10)

    with capture_logs() as logged:
        keeping(test)
    assert [(entry["log_level"], entry["event"].split(";")[0]) for entry in logged] == [
        ("error", "the store is unavailable"),
        ("info", "the store is available again"),
    ]


def test_while_a_slow_store_writes_the_newest_of_a_call_wins() -> None:
    async def test(keeper: Keeper, records: Records) -> None:
        records.takes_s = 10.0
        for version in range(1, 30):
            keeper.keep(call(version=version))
            await passed(1)
        assert len(records.tries) == 3
        await passed(20)
        assert records.kept == {"c1": call(version=29)}

    keeping(test)


def test_a_call_without_room_is_counted_and_its_record_marked_incomplete() -> None:
    async def test(keeper: Keeper, records: Records) -> None:
        keeper.keep(call("ending"))
        await passed(1)
        records.locked = True
        for snapshot in (ended("ending"), call("a"), call("b"), call("c")):
            keeper.keep(snapshot)
        assert (keeper.behind, keeper.dropped) == (3, 1)
        records.locked = False
        await passed(10)
        assert set(records.kept) == {"ending", "a", "b", "c"}
        assert records.incomplete == {"ending"}

    keeping(test, most_calls=3)


def test_a_call_that_was_dropped_before_it_was_ever_written_is_marked_when_it_is() -> None:
    async def test(keeper: Keeper, records: Records) -> None:
        records.locked = True
        for name in ("a", "b", "c"):
            keeper.keep(call(name))
        records.locked = False
        await passed(10)
        assert (set(records.kept), records.incomplete) == ({"b", "c"}, set())
        keeper.keep(call("a", version=2))
        await passed(10)
        assert (records.kept["a"].version, records.incomplete) == (2, {"a"})

    keeping(test, most_calls=2)


def test_a_call_that_the_store_refuses_costs_only_itself() -> None:
    async def test(keeper: Keeper, records: Records) -> None:
        records.refuses = {"b"}
        for name in ("a", "b", "c"):
            keeper.keep(call(name))
        await passed(1)
        assert (set(records.kept), keeper.behind, keeper.dropped) == ({"a", "c"}, 0, 1)
        records.refuses = set()
        keeper.keep(ended("b"))
        await passed(1)
        assert records.incomplete == {"b"}

    with capture_logs() as logged:
        keeping(test)
    assert [entry["error"] for entry in logged] == ["ValueError"]
    assert "half a character" not in str(logged)


def test_closing_writes_what_waits() -> None:
    async def test(keeper: Keeper, records: Records) -> None:
        records.locked = True
        keeper.keep(ended())
        await passed(100)
        asyncio.get_running_loop().call_later(2, setattr, records, "locked", False)
        assert await keeper.close(5) == 0
        assert now() == pytest.approx(102.05, abs=0.1)
        assert records.kept == {"c1": ended()}

    keeping(test)


def test_closing_waits_no_longer_than_it_may() -> None:
    async def test(keeper: Keeper, records: Records) -> None:
        records.locked = True
        keeper.keep(ended())
        keeper.later("a consent", records.write)
        assert await keeper.close(5) == 2
        assert now() == pytest.approx(5)
        assert keeper.dropped == 2

    with capture_logs() as logged:
        keeping(test)
    assert "records are lost" in logged[-1]["event"]
