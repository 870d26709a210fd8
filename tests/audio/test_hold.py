"""The sound of waiting in line: soft, alive, and no ringback."""

import numpy as np
import pytest

from telephony.audio import g711, silence
from telephony.audio.hold import CYCLE_S, NOTES, PEAK_DBM0, Hold
from telephony.audio.level import sine_amplitude
from tests.audio.signals import from_pcm

CYCLE = round(CYCLE_S * 50)


def played(frames: int) -> bytes:
    hold = Hold()
    return b"".join(hold.frame() for _ in range(frames))


def test_it_comes_in_frames_of_20_ms_and_goes_round() -> None:
    hold = Hold()
    assert {len(hold.frame()) for _ in range(3 * CYCLE)} == {160}
    assert played(2 * CYCLE) == 2 * played(CYCLE)


@pytest.mark.parametrize(("begins", "frequency"), NOTES)
def test_each_note_sounds_at_its_time(begins: float, frequency: float) -> None:
    start = round((begins + 0.05) * 8000)
    samples = from_pcm(g711.decode(played(CYCLE)))[start : start + 1600]
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(samples.size)))
    assert np.argmax(spectrum) * 5 == pytest.approx(frequency, abs=5)


def test_it_is_softer_than_speech_and_silent_in_between() -> None:
    samples = from_pcm(g711.decode(played(CYCLE)))
    assert np.abs(samples).max() <= 1.5 * sine_amplitude(PEAK_DBM0)
    assert np.abs(samples[-1600:]).max() < 0.01 * np.abs(samples).max()


def test_it_clicks_nowhere_and_ends_down_a_slope() -> None:
    hold = Hold()
    sound = b"".join(hold.frame() for _ in range(CYCLE + 7)) + hold.end()
    steps = np.abs(np.diff(from_pcm(g711.decode(sound))))
    assert steps.max() <= 2 * np.pi * NOTES[1][1] / 8000 * 1.5 * sine_amplitude(PEAK_DBM0)
    assert silence.is_silent(sound[-320:])
