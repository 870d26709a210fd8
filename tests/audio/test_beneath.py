"""How loud a listener hears the speaker beneath the interpreter: by level, in decibels, and without clicks."""

import numpy as np
import pytest

from telephony.audio import g711
from telephony.audio.beneath import ALONE, NOTICE, UNDER
from telephony.audio.playout import Playout
from tests.audio.line import (
    DELAY,
    INTERPRETER,
    SPEAKER,
    Event,
    from_interpreter,
    from_speaker,
    level,
    listen,
    pcmu_tone,
    steepest,
    switched,
)
from tests.audio.lumps import QUIET, messages, speech
from tests.audio.phone import Phone, play

NEAR = 0.5
"""dB: mu-law alone moves a tone by a tenth or two."""


def phrase(seconds: float = 2.0) -> bytes:
    """What the interpreter says, and the zeros that follow it."""
    return pcmu_tone(INTERPRETER, seconds) + QUIET * 8000


def both(playout: Playout, *more: Event, talk: float = 6.0) -> Phone:
    """The speaker talks from 0 on, the interpreter from 2 to 4."""
    return listen(
        playout, [*from_speaker(pcmu_tone(SPEAKER, talk)), *from_interpreter(phrase(), first=2.0), *more], until=20.0
    )


class TestWhileOneInterprets:
    def test_the_speaker_is_heard_lower_until_the_interpreter_speaks(self) -> None:
        assert level(both(Playout()).line, SPEAKER, 0.5, 1.9) == pytest.approx(ALONE, abs=NEAR)

    @pytest.mark.parametrize("under", [-12.0, UNDER, -24.0])
    def test_and_ducked_as_long_as_the_interpreter_speaks(self, under: float) -> None:
        playout = Playout()
        playout.original_under = under
        line = both(playout).line
        assert level(line, SPEAKER, 2.3, 4.0) == pytest.approx(under, abs=NEAR)
        assert level(line, INTERPRETER, 2.3, 4.0) == pytest.approx(0.0, abs=0.1)

    def test_by_eighteen_decibels_unless_told_otherwise(self) -> None:
        assert (Playout().original_under, Playout().original_alone) == (-18.0, -6.0)

    def test_and_comes_up_again_after_the_last_word(self) -> None:
        line = both(Playout()).line
        assert level(line, SPEAKER, 4.8, 5.9) == pytest.approx(ALONE, abs=NEAR)

    def test_it_is_down_within_60_ms_of_the_first_word(self) -> None:
        line = both(Playout()).line
        onset = 2.0 + 0.08
        assert level(line, SPEAKER, onset + 0.06, onset + 0.26) == pytest.approx(UNDER, abs=NEAR + 0.1)

    def test_and_up_200_to_600_ms_after_the_last(self) -> None:
        line = both(Playout()).line
        over = 4.0 + 0.08
        assert level(line, SPEAKER, over + 0.0, over + 0.15) == pytest.approx(UNDER, abs=1.0)
        assert level(line, SPEAKER, over + 0.55, over + 0.75) == pytest.approx(ALONE, abs=NEAR)

    def test_a_pause_between_two_words_does_not_bring_it_up(self) -> None:
        words = (pcmu_tone(INTERPRETER, 0.4) + QUIET * 1200) * 4 + QUIET * 8000
        events = [*from_speaker(pcmu_tone(SPEAKER, 6.0)), *from_interpreter(words, first=2.0)]
        line = listen(Playout(), events, until=20.0).line
        assert level(line, SPEAKER, 2.2, 3.8) == pytest.approx(UNDER, abs=1.0)

    def test_zeros_from_the_interpreter_do_not_duck_the_speaker(self) -> None:
        events = [*from_speaker(pcmu_tone(SPEAKER, 4.0)), *from_interpreter(QUIET * 32000)]
        assert level(listen(Playout(), events).line, SPEAKER, 0.5, 3.9) == pytest.approx(ALONE, abs=NEAR)

    def test_neither_does_the_breath_between_its_words(self) -> None:
        breath = g711.encode(np.random.default_rng(1).normal(0, 25, 32000).astype("<i2").tobytes())
        events = [*from_speaker(pcmu_tone(SPEAKER, 4.0)), *from_interpreter(breath)]
        assert level(listen(Playout(), events).line, SPEAKER, 0.5, 3.9) == pytest.approx(ALONE, abs=NEAR)

    def test_a_message_that_has_come_but_is_not_heard_yet_does_not_duck_the_speaker(self) -> None:
        late = QUIET * 1900 + phrase()
        events = [*from_speaker(pcmu_tone(SPEAKER, 6.0)), *from_interpreter(late, first=2.0)]
        assert level(listen(Playout(), events).line, SPEAKER, 2.0, 2.3) == pytest.approx(ALONE, abs=NEAR)

    def test_what_sets_in_by_itself_is_at_its_level_at_once(self) -> None:
        line = both(Playout()).line
        assert level(line, SPEAKER, DELAY, DELAY + 0.2) == pytest.approx(ALONE, abs=NEAR)

    def test_the_interpreter_is_no_later_for_it(self) -> None:
        alone = play(Playout(), [(2.0 + at, part) for at, part in messages(phrase())])
        first = next(at for at, audio in alone.heard if audio.strip(QUIET))
        line = both(Playout()).line
        assert level(line, INTERPRETER, first - 0.13, first - 0.011) < -40
        assert level(line, INTERPRETER, first + 0.02, first + 0.2) == pytest.approx(0.0, abs=0.1)


class TestWhereNobodyInterprets:
    def test_the_speaker_is_heard_bit_for_bit(self) -> None:
        playout, sound = Playout(), speech(5.0)
        playout.direct = True
        line = listen(playout, from_speaker(sound)).line
        assert line.index(sound) == round(DELAY * 8000)

    @pytest.mark.parametrize("under", [None, -24.0])
    def test_whatever_is_set_for_the_time_when_one_does(self, under: float | None) -> None:
        playout, sound = Playout(), bytes(range(256)) * 100
        playout.direct, playout.original_under = True, under
        assert sound in listen(playout, from_speaker(sound)).line

    def test_a_notice_is_heard_above_the_speaker(self) -> None:
        playout = Playout()
        playout.direct = True
        line = both(playout).line
        assert level(line, SPEAKER, 0.5, 1.9) == pytest.approx(0.0, abs=0.1)
        assert level(line, SPEAKER, 2.3, 4.0) == pytest.approx(NOTICE, abs=NEAR)
        assert level(line, INTERPRETER, 2.3, 4.0) == pytest.approx(0.0, abs=0.1)
        assert level(line, SPEAKER, 4.8, 5.9) == pytest.approx(0.0, abs=0.1)

    def test_before_and_after_a_notice_every_bit_is_the_speakers(self) -> None:
        playout, sound = Playout(), speech(8.0)
        playout.direct = True
        line = listen(playout, [*from_speaker(sound), *from_interpreter(phrase(1.0), first=2.0)]).line
        assert line[480 : 480 + 2 * 8000] == sound[: 2 * 8000]
        assert line[480 + 32000 : 480 + 64000] == sound[32000:]


class TestOff:
    def test_the_interpreter_is_heard_bit_for_bit_as_without_a_speaker(self) -> None:
        playout = Playout()
        playout.original_under = None
        sound = speech(3.0) + QUIET * 8000
        heard = listen(playout, [*from_speaker(speech(6.0, voice=2)), *from_interpreter(sound)])
        assert heard.heard == play(Playout(), messages(sound)).heard

    def test_nothing_is_sent_of_the_speaker(self) -> None:
        playout = Playout()
        playout.original_under = None
        assert listen(playout, from_speaker(speech(3.0))).heard == []
        assert playout.next_due() is None


class TestSwitching:
    def test_to_direct_comes_up_within_300_ms(self) -> None:
        line = both(Playout(), *switched(1.0, direct=True)).line
        assert level(line, SPEAKER, 0.5, 0.95) == pytest.approx(ALONE, abs=NEAR)
        assert level(line, SPEAKER, 1.4, 1.9) == pytest.approx(0.0, abs=0.1)

    def test_off_and_on_again(self) -> None:
        off, on = switched(0.8, original_under=None), switched(1.4, original_under=-18.0)
        line = both(Playout(), *off, *on).line
        assert level(line, SPEAKER, 0.95, 1.4) < -100
        assert level(line, SPEAKER, 1.75, 2.0) == pytest.approx(ALONE, abs=NEAR)

    @pytest.mark.parametrize(
        "settings",
        [
            switched(1.003, direct=True),
            switched(1.003, original_under=None),
            [*switched(0.0, original_under=None), *switched(1.003, original_under=-18.0)],
            [*switched(0.0, original_under=None), *switched(1.003, direct=True)],
            [*switched(0.0, direct=True), *switched(1.003, direct=False)],
            [*switched(1.003, direct=True), *switched(1.11, direct=False), *switched(1.15, direct=True)],
        ],
        ids=["direct", "off", "on", "off to direct", "direct to under", "to and fro"],
    )
    def test_nothing_clicks(self, settings: list[Event]) -> None:
        sound = pcmu_tone(SPEAKER, 3.0)
        line = listen(Playout(), [*from_speaker(QUIET * 160 + sound), *settings]).line
        assert steepest(line + QUIET * 10) <= steepest(sound) * 1.05

    def test_nothing_clicks_where_the_interpreter_begins_and_ends(self) -> None:
        sound = pcmu_tone(SPEAKER, 6.0)
        soft = pcmu_tone(300.0, 2.0, 1500.0) + QUIET * 8000
        line = listen(Playout(), [*from_speaker(sound), *from_interpreter(soft, first=2.0)]).line
        assert steepest(line) <= steepest(sound) * 1.05

    def test_a_cut_instead_of_a_fade_would_show_in_such_a_measure(self) -> None:
        sound = pcmu_tone(SPEAKER, 0.1)
        assert steepest(sound[:404] + QUIET * 10) > steepest(sound) * 2
