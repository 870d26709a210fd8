"""The sound that says a translation is coming: when it is heard, how loud, and what it cannot be taken for."""

import numpy as np
import pytest

from telephony.audio import g711
from telephony.audio.comfort import AFTER, DBM0, FORGOTTEN, PATIENCE, SWELL, waves
from telephony.audio.level import dbm0
from telephony.audio.playout import Playout
from tests.audio.line import Event, from_interpreter, from_speaker, listen, pcmu_tone, steepest, switched
from tests.audio.lumps import QUIET
from tests.audio.phone import Phone
from tests.audio.signals import from_pcm

SYLLABLE, BREAK = 0.22, 0.08


def talk(seconds: float) -> bytes:
    """Syllables with short breaks between them, on a line that is quiet but not silent."""
    syllable = pcmu_tone(300.0, SYLLABLE, 6000.0) + b"\xfd" * round(8000 * BREAK)
    return (syllable * 200)[: round(8000 * seconds)]


def still(seconds: float) -> bytes:
    """The same line while nobody speaks."""
    return b"\xfd" * round(8000 * seconds)


def hears(*events: Event, comfort: bool = True, until: float = 60.0) -> tuple[Playout, Phone]:
    """A listener who is to hear comfort, and nothing of the speaker."""
    playout = Playout()
    playout.comfort, playout.original_under = comfort, None
    return playout, listen(playout, events, until)


def begun(phone: Phone) -> float:
    """When the first sound was heard."""
    return next(at for at, audio in phone.heard if audio.strip(QUIET + b"\x7f\x7e\xfe"))


class TestWhenItIsHeard:
    def test_after_a_second_and_a_half_of_speech_without_a_translation(self) -> None:
        _, phone = hears(*from_speaker(still(2.0) + talk(4.0)))
        breaks = AFTER / SYLLABLE * BREAK
        assert 2.0 + AFTER <= begun(phone) <= 2.0 + AFTER + breaks + 0.1

    def test_not_after_less(self) -> None:
        _, phone = hears(*from_speaker(still(2.0) + talk(1.2) + still(9.0)))
        assert phone.heard == []

    def test_not_after_many_short_answers_with_time_between_them(self) -> None:
        answer = talk(0.5) + still(FORGOTTEN + 0.5)
        _, phone = hears(*from_speaker(still(1.0) + answer * 8))
        assert phone.heard == []

    def test_not_while_the_interpreter_is_heard(self) -> None:
        spoken = pcmu_tone(1200.0, 6.0) + QUIET * 8000
        _, phone = hears(*from_speaker(talk(6.5)), *from_interpreter(spoken, first=0.5))
        assert phone.sound.strip(QUIET) == spoken.strip(QUIET)

    def test_not_where_it_is_off_which_it_is_unless_told_otherwise(self) -> None:
        assert not Playout().comfort
        _, phone = hears(*from_speaker(talk(6.0)), comfort=False)
        assert phone.heard == []

    def test_not_where_nobody_interprets(self) -> None:
        sound = talk(6.0)
        _, phone = hears(*switched(0.0, direct=True), *from_speaker(sound))
        assert sound in phone.sound

    def test_zeros_from_the_interpreter_are_no_translation(self) -> None:
        _, phone = hears(*from_speaker(talk(4.0)), *from_interpreter(QUIET * 32000))
        assert begun(phone) < 3.0


class TestWhenItEnds:
    def test_within_60_ms_of_the_first_word_of_the_interpreter(self) -> None:
        word = pcmu_tone(1200.0, 1.0) + b"\xff" * 8000
        _, phone = hears(*from_speaker(talk(6.0)), *from_interpreter(word, first=5.0), until=7.0)
        spoken = phone.line[round(5.2 * 8000) : round(6.0 * 8000)]
        assert g711.decode(spoken) in g711.decode(word)

    def test_down_a_slope(self) -> None:
        soft = pcmu_tone(300.0, 1.0, 600.0) + QUIET * 8000
        _, phone = hears(*from_speaker(talk(6.0)), *from_interpreter(soft, first=5.0), until=7.0)
        loudest = max(steepest(g711.encode(waves())), steepest(soft))
        assert steepest(phone.line) <= loudest * 1.3

    def test_when_the_speaker_has_stopped_and_nothing_came_for_five_seconds(self) -> None:
        playout, phone = hears(*from_speaker(talk(3.0) + still(20.0)))
        assert phone.until == pytest.approx(3.0 + PATIENCE, abs=0.5)
        assert playout.next_due() is None

    def test_when_the_speakers_line_goes_dead_too(self) -> None:
        playout, phone = hears(*from_speaker(talk(3.0)))
        assert phone.until == pytest.approx(3.0 + PATIENCE, abs=0.5)
        assert playout.next_due() is None

    def test_it_comes_back_for_the_next_speech(self) -> None:
        _, phone = hears(*from_speaker(talk(3.0) + still(20.0) + talk(3.0)))
        assert any(at > 23.0 + AFTER for at, _ in phone.heard)
        assert not any(10.0 < at < 23.0 for at, _ in phone.heard)

    def test_at_once_when_it_is_switched_off(self) -> None:
        _, phone = hears(*from_speaker(talk(6.0)), *switched(3.0, comfort=False))
        assert phone.until == pytest.approx(3.0, abs=0.15)

    def test_at_once_when_nobody_interprets_any_more(self) -> None:
        sound = pcmu_tone(300.0, 4.0)
        _, phone = hears(*from_speaker(talk(3.0) + sound), *switched(2.9, direct=True))
        assert sound[3200:] in phone.line

    def test_a_clear_ends_it(self) -> None:
        _, phone = hears(*from_speaker(talk(3.0)), (3.01, lambda playout, now: playout.clear()))
        assert phone.until == pytest.approx(3.01, abs=0.1)


class TestHowItSounds:
    def test_it_has_minus_40_dbm0(self) -> None:
        assert dbm0(waves()[: 2 * SWELL]) == pytest.approx(DBM0, abs=0.1)
        assert DBM0 == -40.0

    def test_it_swells_and_fades_without_an_edge(self) -> None:
        _, phone = hears(*from_speaker(talk(6.0)))
        line = from_pcm(g711.decode(phone.line))
        levels = [np.sqrt(np.mean(line[at : at + 400] ** 2)) for at in range(0, len(line) - 400, 400)]
        assert max(levels) < 300
        assert np.abs(np.diff(levels)).max() < 120

    def test_it_has_no_pitch(self) -> None:
        spectrum = np.abs(np.fft.rfft(from_pcm(waves()[: 2 * SWELL]))) ** 2
        hertz = np.fft.rfftfreq(SWELL, 1 / 8000)
        near = [spectrum[np.abs(hertz - around) < 10].sum() / spectrum.sum() for around in range(400, 1200, 10)]
        assert max(near) < 0.12
        assert spectrum[(hertz < 390) | (hertz > 1210)].sum() / spectrum.sum() < 1e-3

    def test_it_is_sent_in_even_frames_no_further_ahead_than_the_lead(self) -> None:
        _, phone = hears(*from_speaker(talk(6.0)))
        assert phone.gaps() == []
        assert phone.furthest <= 0.06 + 1e-6

    def test_the_speaker_may_be_heard_with_it(self) -> None:
        playout = Playout()
        playout.comfort = True
        phone = listen(playout, from_speaker(talk(4.0) + QUIET * 16000))
        quiet = g711.decode(phone.line[round(4.8 * 8000) : round(5.8 * 8000)])
        assert -60 < dbm0(quiet) < -35
