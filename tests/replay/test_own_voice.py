"""How much of a speaker's own voice a listener heard, and how loud, while an interpreter speaks over it."""

import numpy as np
import pytest

from telephony.replay.likeness import Sound
from telephony.replay.own_voice import NOWHERE, gains_at, level_alone, level_under, own_voice, unheard
from telephony.simulator import mulaw, recordings
from tests.replay.evidence_of import CALLS

RATE = 8000
LATE = 800
"""Samples by which the voice is heard later than it was said."""


def spoken(name: str) -> Sound:
    return recordings.read(CALLS / "clinic-appointment" / f"{name}.wav").astype(np.float32)


def laid(sound: Sound, at: int, size: int) -> Sound:
    recording = np.zeros(size, dtype=np.float32)
    recording[at : at + sound.size] = sound
    return recording


def as_heard(sound: Sound) -> Sound:
    """Through mu-law, as everything on the line."""
    return mulaw.decode(mulaw.encode(np.rint(sound).astype(np.int16))).astype(np.float32)


VOICE, INTERPRETER = spoken("c2.es"), spoken("c2.en")
SIZE = 12 * RATE
SAID = laid(VOICE, RATE, SIZE)
OVER = laid(INTERPRETER, 3 * RATE, SIZE)
SPAN = (RATE, RATE + VOICE.size)
FIRST = (RATE, 2 * RATE)


def delayed(decibels: float, before: float = -6.0) -> Sound:
    """The voice as it is heard: at `before` dB until the interpreter begins, at `decibels` from there on."""
    gain = np.full(SIZE, 10 ** (before / 20), dtype=np.float32)
    gain[3 * RATE :] = 10 ** (decibels / 20)
    return laid(VOICE, RATE + LATE, SIZE) * gain


def test_a_voice_that_is_heard_by_itself_is_found_where_it_is_and_taken_out_whole() -> None:
    heard = as_heard(delayed(-6.0))
    voice = own_voice(SAID, heard)
    assert set((voice.places - np.arange(voice.places.size) * 160).tolist()) == {LATE}
    rest = heard - voice.sound
    assert np.sqrt(np.mean(rest**2)) < 0.03 * np.sqrt(np.mean(heard**2))


def test_nothing_of_it_is_found_in_what_somebody_else_says() -> None:
    voice = own_voice(SAID, as_heard(OVER))
    assert (voice.places == NOWHERE).all()
    assert not voice.sound.any()
    assert unheard(SAID, gains_at(SAID, OVER, voice.places), SPAN, 0.16) > 5.0


@pytest.mark.parametrize("decibels", [-12.0, -18.0, -24.0])
def test_its_level_is_measured_under_the_interpreter(decibels: float) -> None:
    heard = as_heard(delayed(decibels) + OVER)
    places = own_voice(SAID, heard).places
    assert level_under(SAID, heard, OVER, places, SPAN) == pytest.approx(decibels, abs=0.7)
    assert level_alone(SAID, heard, OVER, places, SPAN) == pytest.approx(-6.0, abs=0.2)


def test_its_level_is_measured_though_it_comes_a_frame_later_since_the_interpreter_began() -> None:
    voice = delayed(-18.0)
    voice[3 * RATE :] = np.concatenate((np.zeros(160, np.float32), voice[3 * RATE : -160]))
    heard = as_heard(voice + OVER)
    level = level_under(SAID, heard, OVER, own_voice(SAID, heard).places, SPAN)
    assert level == pytest.approx(-18.0, abs=0.7)


def test_a_voice_that_stops_beneath_the_interpreter_is_missed() -> None:
    heard = as_heard(delayed(-60.0) + OVER)
    level = level_under(SAID, heard, OVER, own_voice(SAID, heard).places, SPAN)
    assert level is not None
    assert level < -28


def test_where_there_is_nothing_to_measure_no_level_is_told() -> None:
    heard = as_heard(delayed(-6.0))
    assert level_under(SAID, heard, np.zeros_like(heard), own_voice(SAID, heard).places, SPAN) is None


def test_what_is_missing_of_a_voice_is_counted_in_seconds_of_sound() -> None:
    heard = as_heard(delayed(0.0, before=0.0))
    heard[2 * RATE + LATE : 3 * RATE + LATE] = 0
    gains = gains_at(SAID, heard, own_voice(SAID, heard).places)
    assert unheard(SAID, gains, FIRST, 0.16) <= 0.04
    assert 0.5 < unheard(SAID, gains, SPAN, 0.16) <= 1.0
