from dataclasses import replace
from datetime import timedelta

import pytest

from telephony.records.store import Store
from telephony.records.store.recordings import Recording
from tests.records.store.snapshots import NOON

SOUND = "recordings/c1.wav"
MADE = Recording("c1", NOON, SOUND, 62.5, NOON + timedelta(seconds=63))


async def test_a_recording_is_known_from_its_beginning(store: Store) -> None:
    await store.recordings.begin("c1", NOON, SOUND)
    assert await store.recordings.find("c1") == Recording("c1", NOON, SOUND)
    assert await store.recordings.find("c2") is None


async def test_a_recording_that_is_made_has_its_length(store: Store) -> None:
    await store.recordings.begin("c1", NOON, SOUND)
    await store.recordings.end(MADE)
    assert await store.recordings.find("c1") == MADE


async def test_the_end_alone_is_enough(store: Store) -> None:
    await store.recordings.end(MADE)
    assert await store.recordings.find("c1") == MADE


async def test_one_that_goes_on_keeps_its_beginning_and_is_being_made_again(store: Store) -> None:
    await store.recordings.end(MADE)
    await store.recordings.begin("c1", NOON + timedelta(minutes=5), SOUND)
    assert await store.recordings.find("c1") == replace(MADE, ended=None)


async def test_one_that_nobody_ended_is_incomplete_for_good_when_it_goes_on(store: Store) -> None:
    await store.recordings.begin("c1", NOON, SOUND)
    await store.recordings.begin("c1", NOON + timedelta(minutes=5), SOUND)
    await store.recordings.end(MADE)
    assert await store.recordings.find("c1") == replace(MADE, incomplete=True)


@pytest.mark.parametrize("incomplete_first", [True, False])
async def test_one_part_with_gaps_makes_the_whole_incomplete(store: Store, incomplete_first: bool) -> None:
    for incomplete in (incomplete_first, not incomplete_first):
        await store.recordings.begin("c1", NOON, SOUND)
        await store.recordings.end(replace(MADE, incomplete=incomplete))
    assert await store.recordings.find("c1") == replace(MADE, incomplete=True)


async def test_what_began_before_a_time_is_removed_and_its_file_named(store: Store) -> None:
    await store.recordings.end(MADE)
    await store.recordings.end(replace(MADE, call="c2", began=NOON + timedelta(days=1), sound="recordings/c2.wav"))
    assert await store.recordings.purge(NOON + timedelta(seconds=1)) == (SOUND,)
    assert await store.recordings.find("c1") is None
    assert await store.recordings.find("c2") is not None
