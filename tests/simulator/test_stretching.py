import numpy as np
import pytest

from telephony.simulator.stretching import stretched
from tests.simulator.spoken import Samples, quiet, voice


def tone(hertz: float, seconds: float) -> Samples:
    sound: Samples = np.rint(8000 * np.sin(2 * np.pi * hertz * np.arange(round(8000 * seconds)) / 8000)).astype(
        np.int16
    )
    return sound


def loudest(sound: Samples) -> float:
    return float(np.fft.rfftfreq(sound.size, 1 / 8000)[np.argmax(np.abs(np.fft.rfft(sound)))])


@pytest.mark.parametrize("factor", [0.8, 1.3, 2.0])
def test_it_takes_so_many_times_as_long_at_the_same_pitch_and_level(factor: float) -> None:
    sound = stretched(tone(310, 2.0), factor)
    assert sound.size == round(16000 * factor)
    assert loudest(sound) == pytest.approx(310, abs=1.0)
    inner = sound[800:-800].astype(float)
    assert np.sqrt(np.mean(inner**2)) == pytest.approx(8000 / np.sqrt(2), rel=0.03)


def test_speech_keeps_its_level_and_does_not_clip() -> None:
    said = voice(3, 2.0)
    slow = stretched(said, 1.3)
    assert np.sqrt(np.mean(slow.astype(float) ** 2)) == pytest.approx(
        np.sqrt(np.mean(said.astype(float) ** 2)), rel=0.1
    )
    assert np.abs(slow).max() < 1.3 * np.abs(said).max()


def test_at_its_own_pace_nothing_is_changed() -> None:
    assert np.array_equal(stretched(voice(1, 0.5), 1.0), voice(1, 0.5))


def test_silence_stays_silent() -> None:
    assert not stretched(quiet(0.5), 1.3).any()
    assert stretched(quiet(0.0), 1.3).size == 0
