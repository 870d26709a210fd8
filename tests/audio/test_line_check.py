"""What a line may do to its messages, what is made of it, and how it is counted."""

import random
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from telephony.audio import g711
from telephony.audio.line_check import LineCheck, LineFigures
from telephony.audio.silence import is_silent

QUIET = b"\xff\x7f" * 80


def frame(number: int) -> bytes:
    """20 ms of sound that tells which message it is."""
    one, other = 0x90 + number % 64, 0x90 + number // 64 % 64
    return bytes([one, one ^ 0x80, other, other ^ 0x80]) * 40


class Line:
    """Messages on their way to a check: in real time, unless told otherwise."""

    def __init__(self) -> None:
        self.check = LineCheck()
        self.now = 100.0
        self.used: list[bytes] = []

    def sends(self, *numbers: int, apart: float = 0.02) -> "Line":
        for number in numbers:
            self.comes(frame(number), number)
            self.now += apart
        return self

    def comes(self, audio: bytes, chunk: int, timestamp_ms: int | None = None) -> None:
        stamp = 155 + 20 * (chunk - 1) if timestamp_ms is None else timestamp_ms
        self.used += self.check.push(audio, chunk, stamp, self.now)

    @property
    def sound(self) -> bytes:
        return b"".join(self.used)

    @property
    def figures(self) -> LineFigures:
        return self.check.figures(self.now)


def frames(*numbers: int) -> bytes:
    return b"".join(map(frame, numbers))


def test_a_good_line_passes_bit_for_bit_at_once_and_is_not_troubled() -> None:
    line = Line()
    for number in range(1, 3001):
        line.sends(number)
        assert line.used[-1] == frame(number)
        line.used.clear()
    assert line.figures == LineFigures(heard_ms=60_000.0)
    assert not line.figures.troubled


def test_two_messages_that_changed_places_are_put_back() -> None:
    line = Line().sends(1, 3, 2, 4)
    assert line.sound == frames(1, 2, 3, 4)
    assert line.figures == LineFigures(heard_ms=80.0, out_of_order=1)


def test_a_message_that_comes_twice_is_used_once() -> None:
    line = Line().sends(1, 2, 2, 3, 1, 4)
    assert line.sound == frames(1, 2, 3, 4)
    assert line.figures.doubled == 2


def test_a_lost_message_is_waited_for_no_longer_than_60_ms_and_becomes_silence() -> None:
    line = Line().sends(1, 3, 4, 5)
    assert line.sound == frames(1)
    line.sends(6)
    assert line.sound == frame(1) + g711.SILENCE * 160 + frames(3, 4, 5, 6)
    assert line.figures.lost == 1


def test_a_message_that_was_given_up_is_left_out_when_it_comes() -> None:
    line = Line().sends(1, 3, 4, 5, 6, 2, 7)
    assert line.sound == frame(1) + g711.SILENCE * 160 + frames(3, 4, 5, 6, 7)
    assert (line.figures.lost, line.figures.late, line.figures.doubled) == (1, 1, 0)


def test_a_long_hole_is_left_to_the_inlet_to_fill() -> None:
    line = Line().sends(1, *range(52, 60))
    assert line.sound == frames(1, *range(52, 60))
    assert line.figures.lost == 50


@pytest.mark.parametrize("jump", [10**9, -(10**9), 1000])
def test_a_number_that_makes_no_sense_costs_no_sound(jump: int) -> None:
    line = Line().sends(*range(1, 400))
    line.comes(frame(400), max(400 + jump, 1))
    line.now += 0.02
    line.sends(*range(401, 500))
    assert line.sound == frames(*range(1, 500))
    assert line.figures.renumbered == 2


def test_a_far_end_that_begins_at_1_again_is_heard_again_within_half_a_second() -> None:
    line = Line().sends(*range(1, 101)).sends(*range(1, 101))
    assert len(line.sound) >= 160 * (200 - 26)
    assert line.figures.renumbered == 1


def test_messages_without_a_number_are_used_as_they_come() -> None:
    line = Line()
    for number in (3, 1, 2):
        line.comes(frame(number), 0, 0)
    assert line.sound == frames(3, 1, 2)


def test_a_line_that_stops_is_counted_even_while_it_still_does() -> None:
    line = Line().sends(1, 2)
    line.now += 2.98
    assert (line.figures.stops, line.figures.stopped_ms) == (1, 3000.0)
    line.sends(3)
    line.now += 0.1
    assert (line.figures.stops, line.figures.stopped_ms) == (1, 3000.0)
    assert line.sound == frames(1, 2, 3)


def test_bunches_of_five_pass_as_they_are_and_are_counted() -> None:
    line = Line()
    for number in range(1, 501, 5):
        line.sends(*range(number, number + 5), apart=0.0)
        line.now += 0.1
    assert line.sound == frames(*range(1, 501))
    assert line.figures == LineFigures(heard_ms=10_000.0, bunches=100, largest_bunch=5)


@pytest.mark.parametrize("rate", [0.9, 1.02, 2.0])
@pytest.mark.parametrize("jitter", [0.0, 0.06])
def test_a_rate_that_is_wrong_is_measured_whatever_the_jitter(rate: float, jitter: float) -> None:
    line, chance = Line(), random.Random(1)
    began = line.now
    for number in range(1, round(30 * rate * 50)):
        line.now = max(line.now, began + number * 0.02 / rate + chance.random() * jitter)
        line.comes(frame(number), number)
    assert line.figures.rate == pytest.approx(rate, abs=0.01)
    assert line.figures.stamped_rate == 1.0
    assert 15_000 <= line.figures.off_rate_ms <= 30_000


def test_jitter_losses_and_stops_are_no_wrong_rate() -> None:
    line, chance = Line(), random.Random(2)
    began, number = line.now, 0
    for tick in range(1, 60 * 50):
        number += 2 if chance.random() < 0.02 else 1
        began += 2.0 if tick % 900 == 0 else 0.0
        line.now = max(line.now, began + number * 0.02 + chance.random() * 0.08)
        line.comes(frame(number), number)
    assert line.figures.off_rate_ms == 0.0
    assert line.figures.lost > 30


def test_timestamps_that_do_not_fit_the_sound_are_a_wrong_rate() -> None:
    line = Line()
    for number in range(1, 1500):
        line.comes(frame(number), number, 155 + 22 * number)
        line.now += 0.02
    assert line.figures.rate == 1.0
    assert line.figures.stamped_rate == pytest.approx(20 / 22, abs=0.003)


def speech_like(seconds: float, level: float = 3000.0) -> np.ndarray:
    """Bursts of a harmonic sound with pauses, in a little noise; its mean is zero."""
    time = np.arange(round(seconds * 8000)) / 8000
    carrier = np.sin(2 * np.pi * 180 * time) + 0.5 * np.sin(2 * np.pi * 900 * time)
    noise = np.random.default_rng(1).normal(0.0, 60.0, time.size)
    return np.trunc(level * carrier * (np.sin(2 * np.pi * 1.5 * time) > -0.3) + noise)


def through(samples: np.ndarray) -> tuple[np.ndarray, LineFigures]:
    """The sound after a check, as samples, and what was counted."""
    line = Line()
    pcmu = g711.encode(np.clip(samples, -32768, 32767).astype("<i2").tobytes())
    for number, at in enumerate(range(0, len(pcmu), 160), start=1):
        line.comes(pcmu[at : at + 160], number)
        line.now += 0.02
    return np.frombuffer(g711.decode(line.sound), "<i2").astype(float), line.figures


@pytest.mark.parametrize("offset", [-9000, -600, 600, 2000, 9000])
def test_an_offset_is_gone_after_a_third_of_a_second_and_the_sound_is_not(offset: int) -> None:
    sound = speech_like(6.0)
    heard, figures = through(sound + offset)
    late = slice(3200, None)
    assert abs(heard[late].mean()) < 40
    error = heard[late] - sound[late]
    assert np.sqrt(np.mean(error**2)) < 0.06 * np.sqrt(np.mean(sound**2)) + abs(offset) / 60
    assert figures.offset_ms > 3000


def test_when_the_offset_ends_the_sound_is_soon_bit_for_bit_again() -> None:
    sound = speech_like(12.0)
    shifted = sound + np.where(np.arange(sound.size) < 4 * 8000, 1500, 0)
    heard, figures = through(shifted)
    plain, _ = through(sound)
    assert np.array_equal(heard[7 * 8000 :], plain[7 * 8000 :])
    assert figures.offset_ms < 6000


def test_speech_and_a_small_offset_are_left_as_they_are() -> None:
    for offset in (0, 100, -200):
        samples = speech_like(4.0) + offset
        heard, figures = through(samples)
        assert np.array_equal(heard, np.frombuffer(g711.decode(g711.encode(samples.astype("<i2").tobytes())), "<i2"))
        assert figures.offset_ms == 0.0


def test_clipped_sound_is_counted_and_loud_sound_is_not() -> None:
    assert through(speech_like(5.0, 16000.0))[1].clipped_ms == 0.0
    assert through(speech_like(5.0, 120000.0))[1].clipped_ms > 2000.0


@pytest.mark.parametrize("value", [0x00, 0x80, 0xFF, 0x7F, 0x31])
def test_one_value_for_ten_seconds_is_counted_and_silent_whatever_the_value(value: int) -> None:
    line = Line()
    for number in range(1, 501):
        line.comes(bytes([value]) * 160, number)
        line.now += 0.02
    assert is_silent(line.sound)
    assert len(line.sound) == 80_000
    assert line.figures.zeros_ms == 10_000.0
    assert (line.figures.offset_ms, line.figures.clipped_ms) == (0.0, 0.0)


def test_a_pause_of_one_value_in_a_recording_is_no_trouble() -> None:
    line = Line()
    for number in range(1, 501):
        line.comes(frame(number) if number % 50 == 0 else b"\xff" * 160, number)
        line.now += 0.02
    assert line.figures == LineFigures(heard_ms=10_000.0)


def test_a_quiet_line_is_no_zeros() -> None:
    line = Line()
    for number in range(1, 501):
        line.comes(QUIET, number)
        line.now += 0.02
    assert line.figures == LineFigures(heard_ms=10_000.0)


def test_the_figures_of_two_streams_of_a_leg_add_up_and_the_worst_stays() -> None:
    one = LineFigures(heard_ms=1000.0, lost=2, largest_bunch=5, rate=1.02, stamped_rate=0.99)
    other = LineFigures(heard_ms=500.0, lost=1, largest_bunch=3, rate=0.9, blanked_ms=100.0)
    assert one.plus(other) == LineFigures(
        heard_ms=1500.0, lost=3, largest_bunch=5, rate=0.9, stamped_rate=0.99, blanked_ms=100.0
    )
    assert not replace(LineFigures(), heard_ms=1.0, blanked_ms=5.0, rate=1.005).troubled
    assert one.troubled


@given(
    st.lists(st.tuples(st.integers(-3, 700), st.binary(max_size=200), st.floats(0, 5)), max_size=150),
)
def test_whatever_comes_sound_is_never_made_up_and_nothing_is_held_for_long(
    messages: list[tuple[int, bytes, float]],
) -> None:
    check, now, given_in, used = LineCheck(), 0.0, 0, 0
    for chunk, audio, later in messages:
        now += later
        sounds = check.push(audio, chunk, chunk * 20, now)
        given_in += len(audio)
        used += sum(len(sound) for sound in sounds)
        assert check.figures(now).heard_ms * 8 <= given_in
        assert used <= given_in + check.figures(now).lost * 1600
