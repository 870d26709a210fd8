"""Is a path learned fast from its echo, and hardly from anything else?"""

import numpy as np
import pytest

from telephony.audio import g711
from telephony.audio.echo_line import Samples
from telephony.audio.echo_path import BLOCK, LESSON, TAPS, YOUNG, EchoPath
from telephony.simulator.speakerphone import room
from tests.audio.echoes import at_level, clipped, lines
from tests.audio.signals import from_pcm

FAR = at_level(np.concatenate(lines("clinic-appointment/a*.en.wav")), -25).astype(np.float32)
NEAR = at_level(np.concatenate(lines("clinic-appointment/c*.es.wav")), -20).astype(np.float32)


def coded(samples: Samples) -> Samples:
    return from_pcm(g711.decode(g711.encode(clipped(samples.astype(np.float64))))).astype(np.float32)


def echo_of(far: Samples, level_db: float) -> Samples:
    return np.convolve(far, room(level_db))[: len(far)].astype(np.float32)


def learned(near: Samples, seconds: float, supposed: float = 0.01, start: float = 0.5) -> EchoPath:
    """A path after a lesson every 60 ms of so many seconds of speech."""
    path = EchoPath(supposed)
    for end in range(round(start * 8000), round((start + seconds) * 8000), 480):
        path.learn(FAR[end - BLOCK : end], near[end - LESSON : end])
    return path


def left_of(path: EchoPath, echo: Samples, first: int, last: int) -> float:
    """dB of what the path cannot foretell of the echo, against the echo."""
    rest = echo[first:last] - path.estimate(FAR[first - TAPS + 1 : last])
    return float(10 * np.log10(np.mean(rest**2) / np.mean(echo[first:last] ** 2)))


@pytest.mark.parametrize("level_db", [-10, -20, -30])
def test_a_second_of_speech_is_enough_for_nine_decibels(level_db: float) -> None:
    echo = coded(echo_of(FAR, level_db))
    assert left_of(learned(echo, 1.0), echo, 12_000, 20_000) < -9


def test_five_seconds_bring_twenty() -> None:
    echo = coded(echo_of(FAR, -12))
    path = learned(echo, 5.0)
    assert left_of(path, echo, 48_000, 64_000) < -20
    assert path.gain == pytest.approx(10**-1.2, rel=0.1)


def test_what_is_known_is_not_lost_when_somebody_talks_over_it() -> None:
    echo = echo_of(FAR, -15)
    both = coded(np.concatenate((echo[:44_000], echo[44_000:] + NEAR[: len(echo) - 44_000])))
    assert left_of(learned(both, 9.0), echo, 76_000, 88_000) < -12


def test_nothing_is_learned_of_a_phone_that_gives_nothing_back() -> None:
    path = learned(coded(NEAR[: len(FAR)]), 6.0)
    foretold = path.estimate(FAR[56_000 - TAPS + 1 : 64_000])
    assert np.mean(foretold**2) < 0.02 * np.mean(NEAR[56_000:64_000] ** 2)


def test_silence_teaches_nothing() -> None:
    path = EchoPath(0.1)
    for _ in range(10):
        path.learn(np.zeros(BLOCK, np.float32), np.zeros(LESSON, np.float32))
    assert path.gain == 0


def test_a_path_is_young_for_its_first_lessons() -> None:
    path = EchoPath(0.1)
    assert path.young
    for _ in range(YOUNG):
        path.learn(FAR[:BLOCK], FAR[:LESSON])
    assert not path.young


@pytest.mark.parametrize("size", [1, 37, 160])
def test_as_much_is_foretold_as_is_asked_for(size: int) -> None:
    assert learned(echo_of(FAR, -15), 0.5).estimate(FAR[: TAPS - 1 + size]).size == size
