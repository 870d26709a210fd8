import asyncio
from collections.abc import Awaitable, Callable, Iterable

import pytest
from structlog.testing import capture_logs

from telephony.calls.snapshot import CallSnapshot
from telephony.records.store.keeper import Keeper, Patience
from telephony.records.store.trouble import StoreUnavailable
from tests.records.store.snapshots import call, ended
from tests.virtual_time import in_virtual_time, passed


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
