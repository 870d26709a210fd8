from hypothesis import given
from hypothesis import strategies as st

from telephony.calls.snapshot import CallSnapshot
from telephony.records.store.unwritten import Unwritten
from tests.records.store.snapshots import call, ended


def test_of_each_call_the_newest_snapshot_waits() -> None:
    unwritten = Unwritten(9)
    for version in (1, 3, 2, 3):
        unwritten.put(call("a", version), 0.0)
    assert unwritten.batch(9) == (call("a", 3),)


def test_calls_wait_in_the_order_of_their_first_news() -> None:
    unwritten = Unwritten(9)
    for place, (name, version) in enumerate([("b", 1), ("a", 1), ("b", 2), ("c", 1)]):
        unwritten.put(call(name, version), float(place))
    assert unwritten.batch(2) == (call("b", 2), call("a", 1))
    assert unwritten.oldest == 0.0


def test_a_batch_waits_until_it_is_said_to_be_written() -> None:
    unwritten = Unwritten(9)
    unwritten.put(call("a"), 1.0)
    batch = unwritten.batch(9)
    assert len(unwritten) == 1
    unwritten.written(batch, 2.0)
    assert (len(unwritten), unwritten.oldest) == (0, None)


def test_news_that_came_while_a_batch_was_written_waits_on() -> None:
    unwritten = Unwritten(9)
    unwritten.put(call("a", 1), 1.0)
    batch = unwritten.batch(9)
    unwritten.put(call("a", 2), 3.0)
    unwritten.written(batch, since=2.0)
    assert (unwritten.batch(9), unwritten.oldest) == ((call("a", 2),), 2.0)


def test_calls_with_more_news_wait_behind_those_that_were_not_written_yet() -> None:
    unwritten = Unwritten(9)
    for name in ("a", "b", "c"):
        unwritten.put(call(name, 1), 1.0)
    batch = unwritten.batch(1)
    unwritten.put(call("a", 2), 3.0)
    unwritten.written(batch, since=2.0)
    assert [snapshot.id for snapshot in unwritten.batch(9)] == ["b", "c", "a"]
    assert unwritten.oldest == 1.0


def test_beyond_the_bound_the_ended_call_that_waits_longest_is_dropped() -> None:
    unwritten = Unwritten(3)
    for snapshot in (call("live"), ended("first"), ended("second")):
        assert unwritten.put(snapshot, 0.0) is None
    assert unwritten.put(call("new"), 1.0) == "first"
    assert [snapshot.id for snapshot in unwritten.batch(9)] == ["live", "second", "new"]


def test_where_none_has_ended_the_call_that_waits_longest_is_dropped() -> None:
    unwritten = Unwritten(2)
    for name in ("a", "b"):
        unwritten.put(call(name), 0.0)
    assert unwritten.put(call("c"), 0.0) == "a"


def test_a_call_that_waits_already_takes_no_room() -> None:
    unwritten = Unwritten(1)
    assert [unwritten.put(call("a", version), 0.0) for version in range(5)] == [None] * 5


calls = st.builds(
    lambda name, version, over: ended(name, version) if over else call(name, version),
    st.sampled_from("abcdef"),
    st.integers(0, 5),
    st.booleans(),
)


@given(steps=st.lists(calls | st.none(), max_size=60))
def test_nothing_is_lost_unless_it_is_said_to_be_dropped(steps: list[CallSnapshot | None]) -> None:
    """A step takes a snapshot in or, where it is None, writes the two calls that wait longest."""
    unwritten, dropped = Unwritten(3), set[str | None]()
    wanted, written = dict[str, int](), dict[str, int]()
    for now, snapshot in enumerate(steps):
        if snapshot is None:
            batch = unwritten.batch(2)
            unwritten.written(batch, float(now))
            written.update((each.id, max(each.version, written.get(each.id, 0))) for each in batch)
            continue
        wanted[snapshot.id] = max(snapshot.version, wanted.get(snapshot.id, 0))
        dropped.add(unwritten.put(snapshot, float(now)))
        assert len(unwritten) <= 3
    waiting = {each.id: each.version for each in unwritten.batch(9)}
    for name, version in wanted.items():
        assert name in dropped or version in (waiting.get(name), written.get(name))
