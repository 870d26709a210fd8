"""Is sped-up speech the same speech, only shorter? By frequency, by level, sample by sample, and by its spectrum."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from telephony.audio import g711, wav
from telephony.audio.sound_queue import SoundQueue
from telephony.audio.stretch import ALIKE, KEPT, LONGEST, OVERLAP, SHORTEST, WINDOW, Stretch, best_skip
from tests.audio.signals import Samples, decibels, fit, from_pcm, to_pcm, tone

FRAME = 160
CALLS = Path(__file__).parents[2] / "fixtures" / "calls"
SPOKEN = sorted(CALLS.glob("clinic-appointment/*.wav"))


def sped_up(pcmu: bytes, speed: float, spare: int = 10**6) -> bytes:
    """Everything in `pcmu` at `speed`, as a playout takes it: frame by frame."""
    queue, stretch, out = SoundQueue(len(pcmu)), Stretch(), b""
    queue.append(pcmu)
    while len(queue) >= FRAME:
        stretch.shorten(queue, FRAME, speed, spare)
        out += queue.take(FRAME)
    return out + queue.take(FRAME)


def in_pcm(samples: Samples, every: int) -> Samples:
    """A skip for every `every` samples, without the noise that mu-law adds."""
    rest, out = samples, [np.zeros(0)]
    while len(rest) >= WINDOW + every:
        skip = best_skip(rest[:WINDOW])
        rest = np.concatenate((rest[: skip.at], skip.blend, rest[skip.at + OVERLAP + skip.cut :]))
        out.append(rest[:every])
        rest = rest[every:]
    return np.concatenate((*out, rest))


def vowel(pitch: float, seconds: float = 2.0) -> Samples:
    """Twelve harmonics under two formants, about the level of speech."""
    time = np.arange(round(8000 * seconds)) / 8000
    parts = [np.sin(2 * np.pi * pitch * n * time + n * n) / (1 + ((pitch * n - 600) / 300) ** 2) for n in range(1, 13)]
    sound: Samples = 6000 * np.sum(parts, axis=0)
    return sound


def two_tone_snr(first: float, second: float) -> float:
    """dB between two tones and all that is neither, at 1.25 times the speed, in stretches of 32 ms."""
    time = np.arange(16000) / 8000
    sound = 8000 * np.sin(2 * np.pi * first * time) + 8000 * np.sin(2 * np.pi * second * time)
    heard = in_pcm(sound, every=320)
    power, rest = 0.0, 0.0
    for at in range(0, len(heard) - 256, 256):
        angle = 2 * np.pi * np.outer(np.arange(256), (first, second)) / 8000
        basis = np.hstack((np.sin(angle), np.cos(angle)))
        piece = heard[at : at + 256]
        left = piece - basis @ np.linalg.lstsq(basis, piece, rcond=None)[0]
        power, rest = power + float(piece @ piece), rest + float(left @ left)
    return decibels(np.sqrt(power / rest))


def test_at_its_own_speed_sound_is_the_same_to_the_bit() -> None:
    sound = g711.encode(to_pcm(vowel(120)))
    assert sped_up(sound, 1.0) == sound


@pytest.mark.parametrize("speed", [1.05, 1.15, 1.25])
@pytest.mark.parametrize("path", SPOKEN, ids=lambda path: path.stem)
def test_speech_becomes_as_much_shorter_as_asked(path: Path, speed: float) -> None:
    sound, _ = wav.read(path)
    assert len(sound) / len(sped_up(sound, speed, spare=0)) == pytest.approx(speed, abs=0.015)


@pytest.mark.parametrize("pitch", [70, 85, 123.4, 180, 251.7, 390])
def test_a_voice_keeps_its_pitch_and_its_level(pitch: float) -> None:
    sound = vowel(pitch)
    heard = from_pcm(g711.decode(sped_up(g711.encode(to_pcm(sound)), 1.25)))
    assert len(sound) / len(heard) == pytest.approx(1.25, abs=0.02)
    spectrum = np.abs(np.fft.rfft(heard * np.hanning(len(heard)), 1 << 17))
    strongest = np.argmax(np.abs(np.fft.rfft(sound * np.hanning(len(sound)), 1 << 17)))
    assert abs(np.argmax(spectrum) - strongest) * 8000 / (1 << 17) < 0.01 * strongest * 8000 / (1 << 17)
    assert decibels(float(np.std(heard) / np.std(sound))) == pytest.approx(0, abs=0.5)


def test_tones_with_a_common_period_of_whole_samples_stay_clean() -> None:
    assert two_tone_snr(200, 500) > 80


@pytest.mark.parametrize(("first", "second"), [(211.3, 434.9), (440, 997), (523.25, 659.26)])
def test_tones_without_one_are_clean_beyond_what_mu_law_adds(first: float, second: float) -> None:
    assert two_tone_snr(first, second) > 20


def test_a_tone_keeps_its_amplitude_through_every_skip() -> None:
    heard = in_pcm(from_pcm(tone(437.0, 8000, 2.0)), every=320)
    size = 160
    levels = [np.std(heard[at : at + size]) for at in range(0, len(heard) - size, size)]
    assert decibels(float(min(levels) / max(levels))) > -1.5


@pytest.mark.parametrize("pitch", [85, 123.4, 251.7])
def test_nothing_clicks(pitch: float) -> None:
    sound = g711.encode(to_pcm(vowel(pitch)))
    steepest = np.abs(np.diff(from_pcm(g711.decode(sound)))).max()
    assert np.abs(np.diff(from_pcm(g711.decode(sped_up(sound, 1.25))))).max() <= steepest * 1.05


def test_between_the_skips_every_byte_is_what_it_was() -> None:
    sound = g711.encode(to_pcm(vowel(123.4)))
    heard = sped_up(sound, 1.25)
    pieces = {sound[at : at + 64] for at in range(len(sound) - 64)}
    same = sum(heard[at : at + 64] in pieces for at in range(len(heard) - 64))
    assert same / len(heard) > 0.2


def test_a_skip_is_put_off_over_a_click_as_long_as_it_can_be() -> None:
    sound = np.random.default_rng(1).normal(0, 30, 8000)
    sound[4000:4024] = 12000
    queue, stretch = SoundQueue(8000), Stretch()
    queue.append(g711.encode(to_pcm(sound)))
    out = b""
    while len(queue) >= FRAME:
        stretch.shorten(queue, FRAME, 1.15, 0)
        out += queue.take(FRAME)
    loud = np.abs(from_pcm(g711.decode(out))) > 9000
    assert np.count_nonzero(loud) == 24


class TestAQuietPause:
    """A pause that a synthesiser fills with breath: nobody hears it, but it is not silence to the bit."""

    def paused(self, seconds: float) -> bytes:
        breath = np.random.default_rng(1).normal(0, 25, round(8000 * seconds))
        return g711.encode(to_pcm(np.concatenate((vowel(120, 0.5), breath, vowel(120, 0.5)))))

    def test_it_is_shortened_to_60_ms(self) -> None:
        with_pause, without = sped_up(self.paused(0.4), 1.25), sped_up(self.paused(0.06), 1.25)
        assert len(with_pause) - len(without) == pytest.approx(0, abs=400)

    def test_it_is_not_shortened_by_more_than_there_is_to_spare(self) -> None:
        queue = SoundQueue(8000)
        queue.append(self.paused(0.4)[4000:])
        assert Stretch().shorten(queue, FRAME, 1.01, 800) == 800

    def test_a_pause_as_short_as_that_is_left_alone(self) -> None:
        queue = SoundQueue(8000)
        queue.append(self.paused(0.06)[4000:])
        assert Stretch().shorten(queue, FRAME, 1.01, 8000) == 0

    def test_at_its_own_speed_speech_keeps_its_pauses(self) -> None:
        assert sped_up(self.paused(0.4), 1.0) == self.paused(0.4)


@settings(deadline=None)
@given(st.binary(max_size=3000), st.floats(1.0, 1.25), st.integers(0, 3000))
def test_any_sound_at_any_speed_gets_shorter_by_what_it_says_and_by_no_more_than_asked(
    sound: bytes, speed: float, spare: int
) -> None:
    queue, stretch, left_out, taken = SoundQueue(3000), Stretch(), 0, 0
    queue.append(sound)
    while len(queue) >= FRAME:
        left_out += stretch.shorten(queue, FRAME, speed, 0)
        taken += len(queue.take(FRAME))
        assert len(queue) + taken + left_out == len(sound)
        assert left_out <= taken * (speed - 1.0) + LONGEST


@settings(deadline=None)
@given(st.binary(min_size=WINDOW, max_size=WINDOW))
def test_any_sound_has_a_best_place_within_bounds(sound: bytes) -> None:
    skip = best_skip(from_pcm(g711.decode(sound)))
    assert SHORTEST <= skip.cut <= LONGEST
    assert 0 <= skip.at <= WINDOW - skip.cut - OVERLAP
    assert -1.0001 <= skip.likeness <= 1.0001
    assert len(skip.blend) == OVERLAP


def test_a_steady_voice_is_alike_at_its_period() -> None:
    skip = best_skip(vowel(100)[:WINDOW])
    assert skip.cut == 80
    assert skip.likeness > 0.999 > ALIKE


def test_what_is_kept_of_a_pause_is_whole_frames() -> None:
    assert KEPT % FRAME == 0


def test_a_tone_keeps_its_frequency() -> None:
    heard = sped_up(g711.encode(tone(400, 8000, 2.0, 8000)), 1.25)
    amplitude, _, rest = fit(g711.decode(heard), 400, 8000)
    assert decibels(amplitude / rest) > 33


class TestSlower:
    @pytest.mark.parametrize("speed", [0.8, 0.9])
    @pytest.mark.parametrize("path", SPOKEN, ids=lambda path: path.stem)
    def test_speech_becomes_as_much_longer_as_asked(self, path: Path, speed: float) -> None:
        sound, _ = wav.read(path)
        assert len(sound) / len(sped_up(sound, speed, spare=0)) == pytest.approx(speed, abs=0.015)

    @pytest.mark.parametrize("pitch", [70, 85, 123.4, 180, 251.7, 390])
    def test_a_voice_keeps_its_pitch_and_its_level(self, pitch: float) -> None:
        sound = vowel(pitch)
        heard = from_pcm(g711.decode(sped_up(g711.encode(to_pcm(sound)), 0.8)))
        assert len(sound) / len(heard) == pytest.approx(0.8, abs=0.02)
        assert decibels(np.sqrt(np.mean(heard**2) / np.mean(sound**2))) == pytest.approx(0.0, abs=0.2)
        spectrum = np.abs(np.fft.rfft(heard[:16000] * np.hanning(16000)))
        strongest = np.argmax(spectrum) / 2
        assert min(abs(strongest - pitch * n) for n in range(1, 13)) < 0.02 * pitch

    @pytest.mark.parametrize("pitch", [85, 123.4, 251.7])
    def test_nothing_clicks(self, pitch: float) -> None:
        sound = g711.encode(to_pcm(vowel(pitch)))
        steepest = np.abs(np.diff(from_pcm(g711.decode(sound)))).max()
        assert np.abs(np.diff(from_pcm(g711.decode(sped_up(sound, 0.8))))).max() <= steepest * 1.05

    def test_what_was_owed_one_way_is_not_owed_the_other(self) -> None:
        queue, stretch = SoundQueue(16000), Stretch()
        queue.append(g711.encode(to_pcm(vowel(120))))
        assert stretch.shorten(queue, FRAME, 1.2, 0) == 0
        assert stretch.shorten(queue, FRAME, 0.8, 0) == 0
        assert stretch.shorten(queue, FRAME, 0.8, 0) < 0

    def test_a_click_is_not_heard_twice_if_it_can_be_helped(self) -> None:
        sound = np.random.default_rng(1).normal(0, 30, 8000)
        sound[4000:4024] = 12000
        heard = np.abs(from_pcm(g711.decode(sped_up(g711.encode(to_pcm(sound)), 0.87)))) > 9000
        assert np.count_nonzero(heard) == 24

    @settings(deadline=None)
    @given(st.binary(max_size=3000), st.floats(0.8, 1.0))
    def test_any_sound_gets_longer_by_what_it_says_and_by_no_more_than_asked(self, sound: bytes, speed: float) -> None:
        queue, stretch, put_in, taken = SoundQueue(6000), Stretch(), 0, 0
        queue.append(sound)
        while len(queue) >= FRAME:
            put_in -= stretch.shorten(queue, FRAME, speed, 0)
            taken += len(queue.take(FRAME))
            assert len(queue) + taken - put_in == len(sound)
            assert 0 <= put_in <= taken * (1.0 - speed) + LONGEST
