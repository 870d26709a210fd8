"""The last of what was said: bounded, numbered, and known where it is quiet."""

from telephony.audio.format import PCM16_16K
from telephony.engines.continuity.ring import Ring
from tests.fakes import hum

QUIET = bytes(640)


def voice(frames: int) -> bytes:
    return hum(440.0, frames * 0.02, 16000)


def ring_of(*lengths: int, seconds: float = 30.0, most_bytes: int = 10_000_000) -> Ring:
    """Silence and voice in turns, so many frames each."""
    ring = Ring(PCM16_16K, seconds, most_bytes)
    for turn, frames in enumerate(lengths):
        ring.push(voice(frames) if turn % 2 else QUIET * frames)
    return ring


def test_sound_of_any_length_comes_out_as_it_went_in() -> None:
    ring, sound = Ring(PCM16_16K, 30.0, 10_000_000), voice(20)
    for at in range(0, len(sound), 150):
        ring.push(sound[at : at + 150])
    assert b"".join(frame.audio for frame in ring.frames(0, 20)) == sound
    assert ring.end == 20


def test_it_holds_no_more_than_so_many_seconds() -> None:
    ring = ring_of(100, seconds=1.0)
    assert (ring.start, ring.end) == (50, 100)


def test_it_holds_no_more_than_so_many_bytes() -> None:
    ring = ring_of(100, most_bytes=6400)
    assert (ring.start, ring.end) == (90, 100)


def test_what_is_forgotten_keeps_its_number() -> None:
    ring = ring_of(10, 10, 10)
    ring.forget(15)
    assert ring.start == 15
    assert [frame.voiced for frame in ring.frames(0, 30)] == [True] * 5 + [False] * 10
    ring.forget(3)
    assert ring.start == 15


def test_late_and_early_frames_are_found_alike() -> None:
    ring = ring_of(10, 10, 10, 10)
    assert ring.voice(0, 40) == 20
    assert [ring.voice(at, at + 1) for at in range(40)] == [0] * 10 + [1] * 10 + [0] * 10 + [1] * 10


def test_it_knows_for_how_long_it_has_been_quiet() -> None:
    assert ring_of(10, 10, 7).quiet == 7
    assert ring_of(10, 10).quiet == 0


def test_a_phrase_begins_after_a_pause_and_not_after_a_gap_between_words() -> None:
    ring = ring_of(10, 10, 10, 10, 4, 10)
    assert ring.phrase_start(50) == 30
    assert ring.phrase_start(30) == 30
    assert ring.phrase_start(18) == 10


def test_where_there_is_no_pause_the_last_quiet_point_is_taken() -> None:
    ring = ring_of(20, 60, 3, 60, 3, 60, 3, 60)
    assert ring.quiet_point(269, 200) == 208
    assert ring.phrase_start(269) == 208


def test_the_pauses_are_told_with_the_voice_before_them() -> None:
    assert ring_of(10, 10, 12, 20, 4, 5, 15).pauses(0, 76) == [(32, 10), (76, 35)]


def test_a_replay_does_not_begin_with_silence() -> None:
    ring = ring_of(10, 10, 50, 10)
    assert ring.next_voice(25) == 65
    assert ring.next_voice(0) == 5
    assert ring_of(10, 10, 50).next_voice(25) == 70
