"""Small writes of the keeper: in order, and each costs only itself when the store cannot take it."""

import asyncio
from collections.abc import Awaitable, Callable

from structlog.testing import capture_logs

from telephony.records.store.keeper import Keeper
from tests.records.store.records_in_memory import Records, keeping, now
from tests.records.store.snapshots import call
from tests.virtual_time import passed


def test_small_writes_are_made_in_order() -> None:
    async def test(keeper: Keeper, records: Records) -> None:
        done: list[int] = []

        def write(number: int) -> Callable[[], Awaitable[None]]:
            async def one() -> None:
                await records.write()
                done.append(number)

            return one

        records.locked = True
        for number in range(250):
            keeper.later("a number", write(number))
        await passed(10)
        assert (done, keeper.behind) == ([], 250)
        records.locked = False
        await passed(10)
        assert done == list(range(250))

    keeping(test)


def test_a_call_that_moves_does_not_wait_for_small_writes_and_they_go_on_beside_it() -> None:
    async def test(keeper: Keeper, records: Records) -> None:
        done: list[int] = []

        async def write() -> None:
            await records.write()
            done.append(1)

        records.takes_s = 0.5
        for _ in range(40):
            keeper.later("a number", write)
        await passed(1.2)
        for version in range(1, 20):
            keeper.keep(call("c1", version))
            await passed(1.1)
            assert records.kept["c1"].version == version
        assert len(done) >= 15

    keeping(test)


def test_small_writes_without_room_cost_the_oldest_and_mark_its_call() -> None:
    async def test(keeper: Keeper, records: Records) -> None:
        done: list[str] = []

        async def write() -> None:
            await records.write()
            done.append("written")

        keeper.keep(call("a"))
        await passed(1)
        records.locked = True
        for name in ("a", "b", "c"):
            keeper.later("a consent", write, call=name)
        assert (keeper.behind, keeper.dropped) == (2, 1)
        records.locked = False
        await passed(10)
        assert (len(done), records.incomplete) == (2, {"a"})

    keeping(test, most_writes=2)


def test_a_small_write_that_the_store_refuses_costs_only_itself() -> None:
    async def test(keeper: Keeper, records: Records) -> None:
        async def refused() -> None:
            raise ValueError("half a character")

        done = asyncio.Event()

        async def write() -> None:
            done.set()

        keeper.keep(call("a"))
        keeper.later("a message", refused, call="a")
        keeper.later("a consent", write)
        await passed(1)
        assert (done.is_set(), keeper.dropped, records.incomplete) == (True, 1, {"a"})

    keeping(test)


def test_a_small_write_whose_own_disk_is_full_is_tried_again_and_keeps_nobody_waiting() -> None:
    async def test(keeper: Keeper, records: Records) -> None:
        full = True
        done: list[str] = []

        async def sound() -> None:
            if full:
                raise OSError("no space left on a device of that name")
            done.append("sound")

        async def write() -> None:
            done.append("consent")

        keeper.later("a message", sound)
        keeper.later("a consent", write)
        keeper.keep(call())
        await passed(60)
        assert (done, keeper.behind, keeper.dropped, set(records.kept)) == (["consent"], 1, 0, {"c1"})
        assert keeper.oldest_unwritten_age(now()) == 60
        full = False
        await passed(10)
        assert (done, keeper.behind) == (["consent", "sound"], 0)

    with capture_logs() as logged:
        keeping(test)
    assert logged[0]["error"] == "OSError"
    assert "of that name" not in str(logged)
