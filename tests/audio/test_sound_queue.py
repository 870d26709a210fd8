"""A queue of sound whose front can be looked at and spliced, with its marks in their places."""

import pytest

from telephony.audio.sound_queue import SoundQueue


def holding(sound: bytes) -> SoundQueue:
    queue = SoundQueue(1000)
    queue.append(sound)
    return queue


def test_looking_takes_nothing() -> None:
    queue = holding(b"abcdef")
    assert (queue.peek(3), queue.peek(99), len(queue)) == (b"abc", b"abcdef", 6)


def test_a_splice_replaces_and_leaves_out() -> None:
    queue = holding(b"abcdefgh")
    queue.splice(1, b"XY", 3)
    assert queue.take(99) == b"aXYgh"


@pytest.mark.parametrize(("before", "leaves_after"), [(1, 1), (2, 2), (3, 3), (5, 3), (6, 3), (7, 4), (8, 5)])
def test_a_mark_never_leaves_before_what_is_left_of_the_sound_in_front_of_it(before: int, leaves_after: int) -> None:
    queue = SoundQueue(1000)
    queue.append(b"abcdefgh"[:before])
    name = queue.marks.add("here")
    queue.append(b"abcdefgh"[before:])
    queue.splice(1, b"XY", 3)
    queue.take(leaves_after - 1)
    assert queue.marks.due() == []
    queue.take(1)
    assert queue.marks.due() == [name]


def test_silence_is_found_at_both_ends() -> None:
    queue = holding(b"\xff" * 5 + b"\x10" + b"\x7f" * 3)
    assert (queue.leading_silence(), queue.trailing_silence()) == (5, 3)


def test_the_silence_that_begins_in_a_frame_is_found_to_its_end() -> None:
    assert holding(b"\x10" * 3 + b"\xff" * 4 + b"\x10").silence_within(5) == (3, 4)
    assert holding(b"\x10" * 3 + b"\xff" * 4).silence_within(9) == (3, 4)
    assert holding(b"\xff" * 4 + b"\x10").silence_within(2) == (0, 4)


def test_silence_in_a_frame_whose_end_sounds_is_none_of_it() -> None:
    assert holding(b"\x10\xff\xff\x10\x10\xff").silence_within(4) == (4, 0)


def test_a_splice_may_put_in_more_than_it_replaces() -> None:
    queue = holding(b"abcdefgh")
    queue.splice(1, b"UVWXYZ", -4)
    assert queue.take(99) == b"aUVWXYZdefgh"


@pytest.mark.parametrize(("before", "leaves_after"), [(1, 1), (3, 3), (4, 8), (6, 10), (8, 12)])
def test_a_mark_behind_what_was_put_in_waits_for_it(before: int, leaves_after: int) -> None:
    queue = SoundQueue(1000)
    queue.append(b"abcdefgh"[:before])
    name = queue.marks.add("here")
    queue.append(b"abcdefgh"[before:])
    queue.splice(1, b"UVWXYZ", -4)
    queue.take(leaves_after - 1)
    assert queue.marks.due() == []
    queue.take(1)
    assert queue.marks.due() == [name]
