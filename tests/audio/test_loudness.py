"""Is speech at a telephone's level whatever level it came with, and is everything else left alone?"""

from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from telephony.audio import g711, wav
from telephony.audio.level import DBM0_OF_0_DBFS, VoiceTracker, peak, rms_dbfs
from telephony.audio.loudness import CEILING, CLOSE, HIGHEST, LOWEST, TARGET, UP, Loudness
from telephony.audio.resampler import resample
from tests.audio.signals import Samples, from_pcm, to_pcm, tone

RATE = 24000
SECOND = 2 * RATE
MESSAGE = SECOND // 4
CALLS = Path(__file__).parents[2] / "fixtures" / "calls"


@cache
def speech() -> Samples:
    """Half a minute of two voices at 24 kHz with a pause after each line, full scale being 32768."""
    pcm = b""
    for path in sorted(CALLS.glob("clinic-appointment/*.en.wav")):
        pcm += resample(g711.decode(wav.read(path)[0]), 8000, RATE) + bytes(SECOND // 2)
    return from_pcm(pcm)


def active_dbfs(pcm: bytes, rate: int = RATE) -> float:
    """The mean level of the frames in which somebody speaks."""
    voice, size = VoiceTracker(9.0, -60.0), rate // 50 * 2
    frames = [pcm[at : at + size] for at in range(0, len(pcm) - size + 1, size)]
    powers = [10 ** (rms_dbfs(frame) / 10) for frame in frames if voice.push(frame)]
    return 10 * float(np.log10(np.mean(powers)))


def at_level(dbfs: float) -> bytes:
    """The speech with an active level of `dbfs`, clipped where it does not fit."""
    factor = 10 ** ((dbfs - active_dbfs(to_pcm(speech()))) / 20)
    return to_pcm(np.clip(speech() * factor, -32768, 32767))


def passed(loudness: Loudness, pcm: bytes, size: int = MESSAGE) -> tuple[bytes, list[float]]:
    """What leaves, and the gain after each message."""
    out, gains = b"", []
    for at in range(0, len(pcm), size):
        out += loudness.push(pcm[at : at + size])
        gains.append(loudness.gain)
    return out, gains


class TestSpeech:
    @pytest.mark.parametrize("dbfs", [-40, -35, -30, -25, -20, -15, -10, -5])
    def test_it_leaves_at_19_dbm0_give_or_take_6_from_the_second_second_on(self, dbfs: float) -> None:
        out, _ = passed(Loudness(RATE), at_level(dbfs))
        levels = [active_dbfs(out[at : at + 3 * SECOND]) for at in range(SECOND, len(out) - 3 * SECOND, SECOND)]
        assert all(abs(level + DBM0_OF_0_DBFS + 19) < 6 for level in levels)

    @pytest.mark.parametrize("dbfs", [-40, -10])
    def test_it_is_near_that_within_its_first_second(self, dbfs: float) -> None:
        out, gains = passed(Loudness(RATE), at_level(dbfs))
        assert abs(active_dbfs(out[SECOND // 2 : 2 * SECOND]) - TARGET) < 6
        assert abs(gains[4] - gains[-1]) < 4

    @pytest.mark.parametrize("dbfs", [-40, -30, -20, -10])
    def test_the_gain_then_stays_where_it_is(self, dbfs: float) -> None:
        _, gains = passed(Loudness(RATE), at_level(dbfs) * 3)
        settled = gains[40:]
        assert max(settled) - min(settled) < CLOSE

    def test_at_the_right_level_it_passes_to_the_bit(self) -> None:
        pcm = at_level(TARGET)
        assert passed(Loudness(RATE), pcm)[0] == pcm

    @pytest.mark.parametrize("dbfs", [-35, -12])
    def test_each_quarter_of_a_second_still_correlates_with_what_came(self, dbfs: float) -> None:
        pcm = at_level(dbfs)
        out, _ = passed(Loudness(RATE), pcm)
        for at in range(0, len(pcm) - MESSAGE, MESSAGE):
            before, after = from_pcm(pcm[at : at + MESSAGE]), from_pcm(out[at : at + MESSAGE])
            if rms_dbfs(pcm[at : at + MESSAGE]) > dbfs - 20:
                assert before @ after / np.sqrt((before @ before) * (after @ after)) > 0.97

    def test_a_speaker_who_turns_soft_is_followed_slowly(self) -> None:
        loudness = Loudness(RATE)
        passed(loudness, at_level(TARGET))
        _, gains = passed(loudness, at_level(TARGET - 12))
        assert all(0 <= after - before <= UP * 0.26 + 1e-9 for before, after in pairwise(gains))
        assert 9 < gains[-1] < 15

    def test_it_serves_the_way_up_as_well(self) -> None:
        pcm = resample(at_level(-38), RATE, 16000)
        out, _ = passed(Loudness(16000), pcm, 3200)
        assert abs(active_dbfs(out[32000:], 16000) - TARGET) < 4


class TestEverythingElse:
    @pytest.mark.parametrize("dbfs", [-60, -50, -40, -30, -20])
    def test_noise_is_not_drawn_up(self, dbfs: float) -> None:
        noise = np.random.default_rng(1).normal(0, 32768 * 10 ** (dbfs / 20), 10 * RATE)
        pcm = bytes(SECOND) + to_pcm(np.clip(noise, -32768, 32767))
        assert passed(Loudness(RATE), pcm)[0] == pcm

    def test_a_tone_keeps_its_level(self) -> None:
        pcm = bytes(SECOND) + tone(425, RATE, 5.0, 2000)
        assert passed(Loudness(RATE), pcm)[0] == pcm

    def test_silence_stays_silence_and_pauses_move_nothing(self) -> None:
        loudness = Loudness(RATE)
        passed(loudness, at_level(-35))
        gain = loudness.gain
        out, _ = passed(loudness, bytes(60 * SECOND))
        assert not any(out)
        assert loudness.gain == gain

    def test_noise_between_words_moves_nothing_either(self) -> None:
        loudness = Loudness(RATE)
        passed(loudness, at_level(-30))
        noise = to_pcm(np.random.default_rng(1).normal(0, 60, 10 * RATE))
        _, gains = passed(loudness, noise)
        assert max(gains[8:]) - min(gains[8:]) == 0


class TestPeaks:
    def test_a_shout_after_soft_speech_is_not_clipped(self) -> None:
        loudness = Loudness(RATE)
        passed(loudness, at_level(-40))
        assert loudness.gain > 10
        shout = at_level(-15)
        out, _ = passed(loudness, shout[: len(shout) // 2])
        assert peak(out) <= max(CEILING, peak(shout[: len(shout) // 2]))
        samples = np.abs(from_pcm(out))
        assert np.count_nonzero(samples >= 32767) <= np.count_nonzero(np.abs(from_pcm(shout)) >= 32767)

    def test_sound_that_starts_at_full_scale_right_after_it_is_rounded_off(self) -> None:
        loudness = Loudness(RATE)
        passed(loudness, at_level(-40))
        out = loudness.push(tone(300, RATE, 0.25, 20000))
        assert 20000 < peak(out) <= CEILING
        steepest = np.abs(np.diff(from_pcm(tone(300, RATE, 0.25, 20000)))).max()
        assert np.abs(np.diff(from_pcm(out))).max() < 4.8 * steepest

    def test_the_gain_has_bounds(self) -> None:
        assert passed(Loudness(RATE), at_level(-55) * 2)[1][-1] <= HIGHEST
        assert passed(Loudness(RATE), at_level(0))[1][-1] >= LOWEST


class TestMessages:
    @settings(max_examples=30, deadline=None)
    @given(st.lists(st.binary(max_size=2000), max_size=20))
    def test_every_whole_sample_that_came_leaves_at_once(self, messages: list[bytes]) -> None:
        loudness, came, left = Loudness(8000), 0, 0
        for message in messages:
            came += len(message)
            left += len(loudness.push(message))
            assert left == came - came % 2

    @pytest.mark.parametrize("size", [1, 321, 960, 4801])
    def test_messages_of_any_size_are_brought_to_the_same_level(self, size: int) -> None:
        pcm = at_level(-38)[: 12 * SECOND] if size > 1 else at_level(-38)[:SECOND]
        out, _ = passed(Loudness(RATE), pcm, size)
        whole, _ = passed(Loudness(RATE), pcm)
        assert len(out) == len(pcm)
        assert rms_dbfs(out) == pytest.approx(rms_dbfs(whole), abs=1.0)
