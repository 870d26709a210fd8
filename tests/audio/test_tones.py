"""Ringback."""

import numpy as np
import pytest

from telephony.audio import g711, silence
from telephony.audio.level import dbm0, peak
from telephony.audio.tones import Ringback
from tests.audio.signals import decibels, from_pcm


def seconds(count: float) -> bytes:
    ringback = Ringback()
    return b"".join(ringback.frame() for _ in range(round(count * 50)))


def test_it_comes_in_frames_of_20_ms() -> None:
    ringback = Ringback()
    assert {len(ringback.frame()) for _ in range(700)} == {160}


def test_it_is_two_seconds_on_and_four_off_and_then_the_same_again() -> None:
    sound = seconds(12)
    assert sound[:48000] == sound[48000:]
    frames = [sound[start : start + 160] for start in range(0, 48000, 160)]
    assert [not silence.is_silent(frame) for frame in frames] == [True] * 100 + [False] * 200


def test_it_is_440_and_480_hz_and_nothing_else() -> None:
    samples = from_pcm(g711.decode(seconds(2)))[4000:12000]
    spectrum = np.abs(np.fft.rfft(samples))
    first, second, *rest = np.sort(spectrum)[::-1]
    assert set(np.argsort(spectrum)[-2:]) == {440, 480}
    assert first == pytest.approx(second, rel=0.01)
    assert decibels(rest[0] / first) < -45


def test_it_is_as_loud_as_speech_should_be() -> None:
    assert dbm0(g711.decode(seconds(2)[800:-800])) == pytest.approx(-19, abs=0.2)


def test_it_begins_and_ends_without_a_click() -> None:
    samples = from_pcm(g711.decode(seconds(6)))
    inside = np.abs(np.diff(samples[800:15200])).max()
    edges = np.concatenate((samples[:80], samples[15920:16080]))
    assert np.abs(np.diff(edges)).max() <= inside
    assert abs(samples[0]) <= 8
    assert abs(samples[15999]) <= 8
    assert peak(g711.decode(seconds(6))) < 32124


def test_ringback_that_ends_in_the_middle_of_the_tone_goes_down_a_slope_to_silence() -> None:
    tone = Ringback()
    played = b"".join(tone.frame() for _ in range(30)) + tone.end()
    samples = np.frombuffer(g711.decode(played), "<i2").astype(int)
    assert np.abs(np.diff(samples[4700:])).max() <= np.abs(np.diff(samples[:4700])).max()
    assert not samples[-320:].any()
