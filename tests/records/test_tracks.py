from hypothesis import given
from hypothesis import strategies as st

from telephony.records.tracks import BLOCK, MOST_AHEAD, Block, Tracks

FRAME = 0.02
QUIET = b"\xff" * 160


def frame(value: int) -> bytes:
    return bytes([value]) * 160


def voices(blocks: list[Block], many: int = 2) -> list[bytes]:
    """Each voice from the beginning to the end of the last block, silence where there is no block."""
    whole = bytearray()
    for block in blocks:
        whole += b"\xff" * (block.at * many - len(whole)) + block.audio
    return [bytes(whole[voice::many]) for voice in range(many)]


def test_two_who_speak_at_once_are_on_two_tracks_at_one_time() -> None:
    tracks = Tracks(2, began=100.0)
    for number in range(50):
        tracks.put(0, frame(1), 100.0 + number * FRAME)
        tracks.put(1, frame(2), 100.0 + number * FRAME)
    assert voices(tracks.rest()) == [b"\x01" * 8000, b"\x02" * 8000]


def test_who_speaks_later_is_later_on_the_track() -> None:
    tracks = Tracks(2, began=100.0)
    tracks.put(0, frame(1), 100.0)
    tracks.put(1, frame(2), 100.5)
    assert voices(tracks.rest()) == [
        b"\x01" * 160 + b"\xff" * 4000,
        b"\xff" * 4000 + b"\x02" * 160,
    ]


@given(st.lists(st.floats(min_value=-0.05, max_value=0.05), min_size=1, max_size=60))
def test_an_uneven_line_tears_no_hole_into_what_is_said(unevenness: list[float]) -> None:
    tracks = Tracks(1, began=0.0)
    for number, late in enumerate(unevenness):
        tracks.put(0, frame(1), 0.001 + number * FRAME + late)
    assert voices(tracks.rest(), 1) == [b"\x01" * 160 * len(unevenness)]


def test_a_bunch_is_kept_whole_and_the_next_pause_brings_it_back_in_time() -> None:
    tracks = Tracks(1, began=0.0)
    for _ in range(50):
        tracks.put(0, frame(1), 2.0)  # a second at once
    for number in range(100):
        tracks.put(0, QUIET, 2.0 + number * FRAME)
    tracks.put(0, frame(3), 4.0)
    (track,) = voices(tracks.rest(), 1)
    assert track.count(1) == 8000
    assert 31_500 <= track.index(3) <= 32_500


def test_whole_seconds_come_when_they_are_past_and_settled() -> None:
    tracks = Tracks(1, began=0.0)
    for number in range(100):
        tracks.put(0, frame(1), number * FRAME)
    assert tracks.due(1.4) == []
    assert tracks.due(1.6) == [Block(0, b"\x01" * BLOCK)]
    assert tracks.due(2.6) == [Block(BLOCK, b"\x01" * BLOCK)]


def test_seconds_of_silence_are_left_out() -> None:
    tracks = Tracks(2, began=0.0)
    tracks.put(1, frame(1), 0.0)
    tracks.put(1, frame(2), 300.0)
    assert [block.at for block in (*tracks.due(302.0), *tracks.rest())] == [0, 300 * BLOCK]


def test_a_voice_that_runs_far_ahead_of_its_time_is_lost_and_counted() -> None:
    tracks = Tracks(1, began=0.0)
    for _ in range(MOST_AHEAD // 160 + 11):
        tracks.put(0, frame(1), 0.0)
    assert tracks.lost == 10 * 160
    assert sum(len(block.audio) for block in tracks.rest()) == MOST_AHEAD + 160


def test_sound_does_not_show_in_a_repr() -> None:
    assert "x01" not in repr(Block(0, b"\x01"))
