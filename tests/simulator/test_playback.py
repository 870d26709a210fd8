from hypothesis import given
from hypothesis import strategies as st

from telephony.simulator.playback import FRAME_BYTES, Playback
from tests.simulator.scenes import tone

SOUND = tone(440, 1.0)
SILENCE = b"\xff" * FRAME_BYTES


def played(playback: Playback, ticks: int) -> bytes:
    return b"".join(playback.tick()[0] for _ in range(ticks))


@given(st.lists(st.integers(0, 700), max_size=20))
def test_sound_is_played_in_order_however_it_was_cut_into_messages(sizes: list[int]) -> None:
    playback = Playback()
    sound = (SOUND * 2)[: sum(sizes)]
    for start, size in zip([sum(sizes[:n]) for n in range(len(sizes))], sizes, strict=True):
        playback.media(sound[start : start + size])
    heard = played(playback, len(sound) // FRAME_BYTES + 2)
    assert heard[: len(sound)] == sound
    assert set(heard[len(sound) :]) == {0xFF}


def test_nothing_buffered_is_silence() -> None:
    assert Playback().tick() == (SILENCE, [])


def test_a_mark_comes_back_at_once_when_nothing_is_buffered() -> None:
    assert Playback().mark("now") == ["now"]


def test_a_mark_comes_back_with_the_tick_that_plays_the_last_sound_before_it() -> None:
    playback = Playback()
    playback.media(SOUND[: 2 * FRAME_BYTES])
    assert playback.mark("behind two frames") == []
    assert playback.tick()[1] == []
    assert playback.tick()[1] == ["behind two frames"]


def test_a_mark_does_not_wait_for_sound_that_came_after_it() -> None:
    playback = Playback()
    playback.media(SOUND[:200])
    playback.mark("behind 200 bytes")
    playback.media(SOUND[200:1000])
    assert [playback.tick()[1] for _ in range(3)] == [[], ["behind 200 bytes"], []]


def test_several_marks_come_back_in_order_in_one_tick() -> None:
    playback = Playback()
    playback.media(SOUND[:100])
    playback.mark("first")
    playback.mark("second")
    assert playback.tick()[1] == ["first", "second"]


def test_clear_drops_the_sound_and_sends_every_mark_back() -> None:
    playback = Playback()
    playback.media(SOUND)
    playback.mark("first")
    playback.mark("second")
    assert playback.clear() == ["first", "second"]
    assert playback.tick() == (SILENCE, [])
    assert playback.clear() == []
    assert playback.underruns == 0


def test_sound_that_breaks_off_is_one_underrun() -> None:
    playback = Playback()
    playback.media(SOUND[: 3 * FRAME_BYTES])
    played(playback, 10)
    assert playback.underruns == 1
    playback.media(SOUND[: 3 * FRAME_BYTES + 50])
    played(playback, 10)
    assert playback.underruns == 2


def test_sound_that_fades_into_silence_is_no_underrun() -> None:
    playback = Playback()
    playback.media(SOUND + SILENCE)
    played(playback, 60)
    assert playback.underruns == 0


def test_a_tail_of_a_few_quiet_bytes_does_not_hide_that_sound_broke_off() -> None:
    playback = Playback()
    playback.media(SOUND[:FRAME_BYTES] + b"\xff\x7f")
    played(playback, 3)
    assert playback.underruns == 1


def test_sound_that_arrives_in_time_is_no_underrun() -> None:
    playback = Playback()
    for _ in range(50):
        playback.media(SOUND[:FRAME_BYTES])
        playback.tick()
    assert playback.underruns == 0


def test_more_than_ten_minutes_are_not_accepted() -> None:
    playback = Playback()
    playback.media(bytes(600 * 8000))
    assert not playback.discarded
    playback.media(b"\x00")
    assert playback.discarded
    assert playback.buffered == 600 * 8000
