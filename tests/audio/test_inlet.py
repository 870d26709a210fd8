"""What goes up to a session, in virtual time."""

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telephony.audio import g711
from telephony.audio.inlet import Inlet
from tests.audio.signals import tone

FRAME = 160
CHUNK = 800
QUIET = g711.SILENCE * FRAME
VOICE = b"\x10" * FRAME


def is_voice(frame: bytes) -> bool:
    return frame != QUIET


def new(opened: bool = True, **settings: float) -> Inlet:
    inlet = Inlet(CHUNK, QUIET, voiced=is_voice, **settings)
    if opened:
        inlet.open()
    return inlet


def word(index: int) -> bytes:
    """A frame with voice that differs from its neighbours."""
    return bytes([0x10 + index % 64]) * FRAME


def feed(inlet: Inlet, frames: list[tuple[float, bytes]], until: float) -> list[tuple[float, bytes]]:
    """Push frames at their times; every chunk with the time it left."""
    chunks = []
    now = 0.0
    for at, frame in [*frames, (until, b"")]:
        while (moment := inlet.next_due()) < at:
            now = max(now, moment)
            chunks += [(now, chunk) for chunk in inlet.due(now)]
        now = max(now, at)
        inlet.push(frame, now)
    return chunks + [(now, chunk) for chunk in inlet.due(now)]


def steady(count: int, start: float = 0.0, frame: bytes = VOICE) -> list[tuple[float, bytes]]:
    return [(start + 0.02 * index + 0.02, frame) for index in range(count)]


def sound(chunks: list[tuple[float, bytes]]) -> bytes:
    return b"".join(chunk for _, chunk in chunks)


def ahead(chunks: list[tuple[float, bytes]], now: float) -> float:
    return len(sound(chunks)) / 8000 - now


class TestAnEvenLeg:
    def test_chunks_are_exact_and_leave_as_soon_as_they_are_complete(self) -> None:
        chunks = feed(new(), steady(50), until=1.01)
        assert [len(chunk) for _, chunk in chunks] == [CHUNK] * 10
        assert [at for at, _ in chunks] == pytest.approx([0.1 * (index + 1) for index in range(10)])

    def test_what_was_said_goes_up_as_it_was(self) -> None:
        frames = [(0.02 * (index + 1), word(index)) for index in range(50)]
        inlet = new()
        assert sound(feed(inlet, frames, until=1.01)) == b"".join(frame for _, frame in frames)
        assert (inlet.filled_ms, inlet.skipped_ms, inlet.dropped_ms) == (0, 0, 0)

    def test_silence_goes_up_too(self) -> None:
        assert sound(feed(new(), steady(50, frame=QUIET), until=1.01)) == QUIET * 50

    def test_jitter_within_the_tolerance_is_not_filled(self) -> None:
        rng = random.Random(1)
        frames = sorted((at + rng.uniform(0, 0.18), frame) for at, frame in steady(3000))
        inlet = new()
        feed(inlet, frames, until=61)
        assert inlet.skipped_ms == inlet.dropped_ms == 0
        assert inlet.filled_ms <= 1000  # after the last frame only

    @pytest.mark.parametrize("chunk", [160, 320, 480, 800])
    def test_chunks_have_the_length_that_the_engine_wants(self, chunk: int) -> None:
        inlet = Inlet(chunk, QUIET)
        inlet.open()
        chunks = feed(inlet, steady(60), until=1.201)
        assert {len(part) for _, part in chunks} == {chunk}
        assert sound(chunks) == VOICE * 60

    def test_pieces_of_any_size_make_the_same_chunks(self) -> None:
        whole = b"".join(word(index) for index in range(50))
        pieces = [((at + 70) / 8000, whole[at : at + 70]) for at in range(0, len(whole), 70)]
        assert sound(feed(new(), pieces, until=1.02)) == whole


class TestBeforeOpen:
    def test_silence_goes_up_on_the_clock(self) -> None:
        chunks = feed(new(opened=False), [], until=1.01)
        assert sound(chunks) == QUIET * 50
        assert [at for at, _ in chunks] == pytest.approx([0.1 * (index + 1) for index in range(10)])

    def test_what_is_pushed_is_ignored(self) -> None:
        assert sound(feed(new(opened=False), steady(50), until=1.01)) == QUIET * 50

    def test_it_is_not_counted_as_filled(self) -> None:
        inlet = new(opened=False)
        feed(inlet, [], until=1.01)
        assert inlet.filled_ms == 0

    def test_speech_from_the_opening_on_is_whole_with_all_its_tolerance_left(self) -> None:
        inlet = new(opened=False)
        before = feed(inlet, [], until=0.95)
        inlet.open()
        rng = random.Random(3)
        frames = sorted((at + rng.uniform(0, 0.1), word(index)) for index, (at, _) in enumerate(steady(100, 0.95)))
        after = feed(inlet, frames, until=2.95)
        assert sound(before) == QUIET * 45
        heard = sound(after).lstrip(g711.SILENCE)
        assert b"".join(frame for _, frame in frames).startswith(heard)
        assert len(heard) >= 90 * FRAME
        assert inlet.filled_ms == 0

    def test_the_first_question_starts_the_clock(self) -> None:
        inlet = new(opened=False)
        assert inlet.next_due() == -math.inf
        assert inlet.due(7.0) == []
        assert inlet.next_due() == pytest.approx(7.1)


class TestSoundThatStops:
    def test_silence_is_filled_in_200_ms_behind_the_clock_and_then_on_it(self) -> None:
        inlet = new()
        chunks = feed(inlet, steady(50), until=2.01)
        assert sound(chunks) == VOICE * 50 + QUIET * 50
        times = [at for at, _ in chunks[10:]]
        assert times == pytest.approx([1.3, 1.3, 1.3, 1.4, 1.5, 1.6, 1.7, 1.8, 1.9, 2.0])
        assert inlet.filled_ms == pytest.approx(1000)

    def test_a_chunk_in_the_making_is_filled_up(self) -> None:
        chunks = feed(new(), steady(3), until=0.31)
        assert chunks[0][0] == pytest.approx(0.3)
        assert sound(chunks) == VOICE * 3 + QUIET * 12

    def test_sound_that_comes_back_without_what_was_lost_goes_up_whole(self) -> None:
        inlet = new()
        back = [(at, word(index)) for index, (at, _) in enumerate(steady(100, 1.73))]
        chunks = feed(inlet, steady(50) + back, until=3.74)
        assert b"".join(frame for _, frame in back)[: 95 * FRAME] in sound(chunks)
        assert (inlet.skipped_ms, inlet.dropped_ms) == (0, 0)

    def test_a_machine_that_slept_an_hour_sends_no_hour_of_silence(self) -> None:
        inlet = new()
        inlet.push(VOICE, 0.0)
        assert len(b"".join(inlet.due(3600.0))) <= 5.1 * 8000
        assert inlet.next_due() > 3599.9


class TestSoundThatComesLate:
    def late(self, inlet: Inlet, after: list[bytes], stalled: float = 0.5) -> tuple[list[tuple[float, bytes]], float]:
        """A second of voice, a stall, all of its frames at once, then `after` in time."""
        missed = round(stalled / 0.02)
        end = 1 + stalled
        bunch = [(end, word(index)) for index in range(missed)]
        rest = [(end + 0.02 * (index + 1), frame) for index, frame in enumerate(after)]
        until = end + 0.02 * len(after) + 0.001
        return feed(inlet, steady(50) + bunch + rest, until), until

    def test_every_word_of_it_goes_up_after_the_silence(self) -> None:
        inlet = new()
        chunks, _ = self.late(inlet, [VOICE] * 10)
        assert b"".join(word(index) for index in range(25)) in sound(chunks)
        assert inlet.dropped_ms == 0

    def test_the_stream_is_ahead_until_the_speaker_pauses_and_then_no_more(self) -> None:
        inlet = new()
        chunks, until = self.late(inlet, [VOICE] * 50)
        assert ahead(chunks, until) > 0.3
        inlet = new()
        chunks, until = self.late(inlet, [VOICE] * 50 + [QUIET] * 50 + [VOICE] * 20)
        assert -0.1 <= ahead(chunks, until) <= 0.06
        assert inlet.skipped_ms == pytest.approx(inlet.filled_ms, abs=100)
        assert inlet.dropped_ms == 0

    def test_only_silence_is_left_out(self) -> None:
        inlet = new()
        words = [word(index) if index % 8 < 5 else QUIET for index in range(200)]
        chunks, _ = self.late(inlet, words)
        spoken = b"".join(frame for frame in words if frame != QUIET)
        heard = sound(chunks).replace(QUIET, b"")[75 * FRAME :]
        assert spoken.startswith(heard)
        assert len(heard) >= len(spoken) - CHUNK
        assert inlet.skipped_ms > 0

    def test_a_bunch_within_the_tolerance_leaves_no_trace(self) -> None:
        inlet = new()
        chunks, _ = self.late(inlet, [QUIET] * 50, stalled=0.16)
        assert (
            sound(chunks)
            == (VOICE * 50 + b"".join(word(index) for index in range(8)) + QUIET * 50)[: len(sound(chunks))]
        )
        assert (inlet.filled_ms, inlet.skipped_ms) == (0, 0)

    def test_a_bunch_of_silence_goes_up_unless_the_stream_is_ahead(self) -> None:
        inlet = new()
        frames = steady(50) + [(1.18, QUIET)] * 9
        assert len(sound(feed(inlet, frames, until=1.181))) == 11 * CHUNK
        assert inlet.skipped_ms == 0

    def test_voice_is_dropped_only_beyond_the_bound_and_then_counted(self) -> None:
        inlet = new(bound=1.0)
        chunks, until = self.late(inlet, [], stalled=3.0)
        assert inlet.dropped_ms == pytest.approx(2000, abs=150)
        assert 0.9 <= ahead(chunks, until) <= 1.1

    def test_what_nobody_fetches_does_not_grow_without_end(self) -> None:
        inlet = new(bound=1.0)
        for index in range(500):
            inlet.push(VOICE, 0.02 * index)
        assert len(b"".join(inlet.due(10.0))) <= 2.1 * 8000
        assert inlet.dropped_ms > 8000

    def test_the_line_itself_tells_voice_from_noise_unless_told_otherwise(self) -> None:
        rng = random.Random(5)
        noise = [bytes(rng.choice(b"\xf8\x78\xfb\x7b\xf5\x75") for _ in range(FRAME)) for _ in range(100)]
        speech = g711.encode(tone(300, 8000, 1.0, 5000))
        frames = [(0.02 * (index + 1), noise[index]) for index in range(50)]
        frames += [(1.6, speech[at : at + FRAME]) for at in range(0, 4800, FRAME)]
        frames += [(1.6 + 0.02 * (index + 1), noise[50 + index]) for index in range(50)]
        inlet = Inlet(CHUNK, QUIET)
        inlet.open()
        chunks = feed(inlet, frames, until=2.61)
        assert speech[:4800] in sound(chunks)
        assert inlet.skipped_ms > 400
        assert inlet.dropped_ms == 0


pauses = st.floats(0, 0.6).map(lambda seconds: round(seconds, 3))


@given(st.lists(st.tuples(pauses, st.integers(1, 12), st.booleans()), max_size=30), st.integers(1, 200))
def test_whatever_comes_whenever_voice_goes_up_whole_and_chunks_are_exact(
    bunches: list[tuple[float, int, bool]], piece: int
) -> None:
    inlet = new(bound=1000.0)
    now, pushed, chunks = 0.0, b"", []
    for index, (pause, count, speaks) in enumerate(bunches):
        now += pause
        bunch = (word(index) if speaks else QUIET) * count
        for start in range(0, len(bunch), piece):
            inlet.push(bunch[start : start + piece], now)
        pushed += bunch
        chunks += inlet.due(now)
        assert inlet.next_due() > now
    inlet.push(QUIET * 5, now)
    for _ in range(30):
        now += 0.1
        chunks += inlet.due(now)
    assert {len(chunk) for chunk in chunks} <= {CHUNK}
    assert b"".join(chunks).replace(QUIET, b"") == pushed.replace(QUIET, b"")


@given(st.lists(st.tuples(pauses, st.integers(0, 30)), max_size=40))
def test_the_session_is_never_further_behind_the_clock_than_a_chunk_and_the_tolerance(
    bunches: list[tuple[float, int]],
) -> None:
    inlet = new()
    frames: list[tuple[float, bytes]] = []
    now = 0.0
    for pause, count in bunches:
        now += pause
        frames += [(now, VOICE)] * count
    chunks = feed(inlet, frames, until=now + 1)
    supplied = 0
    for at, chunk in chunks:
        assert supplied / 8000 >= at - 0.1 - 0.2 - 1e-6
        supplied += len(chunk)
