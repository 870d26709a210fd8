"""How loud, and whether somebody speaks."""

import math

import numpy as np
import pytest

from telephony.audio import g711
from telephony.audio.level import FLOOR_DBFS, VoiceTracker, dbm0, peak, rms_dbfs
from tests.audio.signals import to_pcm, tone

MILLIWATT = bytes.fromhex("1e0b0b1e9e8b8b9e")
"""ITU-T G.711, table 6: the sequence that is 1 kHz at 0 dBm0."""


def test_the_digital_milliwatt_of_g711_is_0_dbm0() -> None:
    assert dbm0(g711.decode(MILLIWATT * 100)) == pytest.approx(0, abs=0.03)


def test_a_sine_of_full_scale_has_minus_3_dbfs() -> None:
    assert rms_dbfs(tone(1000, 8000, amplitude=32767)) == pytest.approx(-3.01, abs=0.01)


def test_half_the_amplitude_is_6_db_less() -> None:
    louder, softer = (rms_dbfs(tone(1000, 8000, amplitude=amplitude)) for amplitude in (16000, 8000))
    assert louder - softer == pytest.approx(6.02, abs=0.01)


def test_the_level_that_speech_should_have_is_an_rms_of_1798() -> None:
    assert dbm0(to_pcm(np.full(800, 1798.0))) == pytest.approx(-19, abs=0.01)


@pytest.mark.parametrize("pcm", [b"", bytes(320)])
def test_silence_and_nothing_have_the_floor(pcm: bytes) -> None:
    assert rms_dbfs(pcm) == FLOOR_DBFS
    assert peak(pcm) == 0


def test_the_softest_sound_is_above_the_floor() -> None:
    assert rms_dbfs(to_pcm(np.ones(160))) > FLOOR_DBFS


def test_the_peak_counts_either_way() -> None:
    assert peak(to_pcm(np.array([0.0, 5.0, -7.0]))) == 7
    assert peak(to_pcm(np.array([-32768.0, 32767.0]))) == 32768


def line(snr: float, seed: int = 1) -> tuple[list[bytes], list[bool]]:
    """Syllables of 200 ms, four to a phrase of 1.2 s, in noise; and which frames hold one."""
    rng = np.random.default_rng(seed)
    frames, voiced = [], []
    for index in range(500):
        place = index % 90
        syllable = place < 60 and place % 15 < 10
        sound = rng.normal(0, 1800 / math.sqrt(2), 160) if syllable else np.zeros(160)
        noise = rng.normal(0, 1800 / math.sqrt(2) / 10 ** (snr / 20), 160)
        frames.append(to_pcm(np.clip(sound + noise, -32768, 32767)))
        voiced.append(syllable)
    return frames, voiced


@pytest.mark.parametrize("snr", [10, 20, 40])
def test_syllables_are_found_in_noise_and_noise_alone_is_not_voice(snr: float) -> None:
    frames, voiced = line(snr)
    tracker = VoiceTracker(hang=0)
    told = [tracker.push(frame) for frame in frames]
    settled = range(75, 500)
    found = np.mean([told[index] for index in settled if voiced[index]])
    wrong = np.mean([told[index] for index in settled if not voiced[index]])
    assert found >= 0.95
    assert wrong <= 0.02


def test_the_soft_end_of_a_word_belongs_to_it() -> None:
    tracker = VoiceTracker()
    silence = bytes(320)
    for _ in range(10):
        tracker.push(silence)
    assert tracker.push(tone(500, 8000, 0.02, 3000))
    assert [tracker.push(silence) for _ in range(7)] == [True] * 5 + [False] * 2


def test_a_line_that_carries_only_steady_noise_has_no_voice() -> None:
    rng = np.random.default_rng(2)
    tracker = VoiceTracker()
    assert not any(tracker.push(to_pcm(rng.normal(0, 400, 160))) for _ in range(500))


def test_the_smallest_steps_of_a_quiet_line_are_no_voice() -> None:
    tracker = VoiceTracker()
    frame = g711.decode(b"\xff\x7f\xfe\x7e" * 40)
    assert not any(tracker.push(frame) for _ in range(50))
