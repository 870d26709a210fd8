"""How much of what was heard has been answered, as far as it can be told."""

import pytest

from telephony.audio.format import PCM16_16K
from telephony.engines.continuity.answered import LONG, PRIOR, Answered, Pace
from telephony.engines.continuity.ring import Ring
from tests.fakes import hum


class Exchange:
    """A speaker and an interpreter, in turns; each hears the other in messages of 100 ms."""

    def __init__(self, pace: float = 1.0) -> None:
        self.pace = Pace()
        self.ring = Ring(PCM16_16K, 60.0, 10_000_000)
        self.answered = Answered(self.ring, self.pace, 0)
        self.now = 0.0
        self._real = pace
        self._silence = 100.0

    def hears(self, seconds: float, *, voice: bool = True) -> None:
        """The speaker says something, or nothing."""
        for _ in range(round(seconds * 10)):
            self.now += 0.1
            first = self.ring.end
            self.ring.push(hum(500.0, 0.1, 16000) if voice else bytes(3200))
            self.answered.heard(self.ring.end, self.ring.end if voice else None, self.now)
            assert self.ring.end == first + 5

    def says(self, seconds: float) -> None:
        """The interpreter translates so many seconds of speech."""
        for _ in range(round(seconds * self._real * 10)):
            self.now += 0.1
            self._silence = 0.0
            self.answered.spoke(0.1, 0.0, self.now)

    def rests(self, seconds: float) -> None:
        for _ in range(round(seconds * 10)):
            self.now += 0.1
            self._silence += 0.1
            self.answered.spoke(0.0, self._silence, self.now)

    def both_rest(self, seconds: float) -> None:
        for _ in range(round(seconds * 10)):
            self.hears(0.1, voice=False)
            self.now -= 0.1
            self.rests(0.1)

    @property
    def from_second(self) -> float:
        """Where a replay would begin."""
        return self.answered.replay_from() * 0.02


def test_before_anything_is_said_everything_is_to_be_replayed() -> None:
    one = Exchange()
    one.both_rest(1.0)
    one.hears(1.4)
    assert one.from_second <= 1.0
    assert one.answered.owes()


def test_a_phrase_that_is_being_translated_is_replayed_from_its_beginning() -> None:
    one = Exchange()
    one.both_rest(1.0)
    one.hears(1.2)
    one.says(0.8)
    assert one.from_second == pytest.approx(1.0, abs=0.05)


def test_when_both_are_silent_and_all_is_accounted_for_nothing_is_replayed() -> None:
    one = Exchange()
    one.both_rest(1.0)
    one.hears(1.4)
    one.says(1.4)
    one.both_rest(1.5)
    assert one.answered.base * 0.02 >= 2.4
    assert not one.answered.owes()


def test_of_two_phrases_the_one_without_an_answer_is_replayed() -> None:
    one = Exchange()
    one.both_rest(1.0)
    one.hears(1.2)
    one.both_rest(0.5)
    one.hears(0.3)
    one.both_rest(0.3)
    one.says(1.2)
    one.both_rest(2.0)
    assert one.from_second == pytest.approx(2.7, abs=0.05)
    assert not one.answered.settled()


@pytest.mark.parametrize("pace", [0.7, 1.0, 1.4])
def test_the_pace_of_the_engine_is_learnt(pace: float) -> None:
    one = Exchange(pace)
    assert one.pace.ratio == PRIOR
    for _ in range(25):
        one.hears(1.4)
        one.says(1.4)
        one.both_rest(LONG + 1)
    assert one.pace.ratio == pytest.approx(pace, rel=0.1)


def test_voice_that_stays_without_an_answer_for_long_needs_none() -> None:
    """A cough, or music: while the engine is quiet nothing is to be expected for it any more."""
    one = Exchange()
    one.both_rest(1.0)
    one.hears(0.5)
    one.both_rest(LONG + 0.5)
    assert one.answered.base * 0.02 >= 1.5


def test_words_of_the_target_language_need_no_answer() -> None:
    one = Exchange()
    one.both_rest(1.0)
    one.hears(1.4)
    one.answered.transcribed(foreign=False)
    assert one.answered.base == 120


def test_nothing_is_owed_for_voice_without_words_where_words_are_given() -> None:
    one = Exchange()
    one.both_rest(1.0)
    one.hears(1.0)
    one.answered.transcribed(foreign=True)
    assert one.answered.owes()
    other = Exchange()
    other.pace.transcribes = True
    other.both_rest(1.0)
    other.hears(1.0)
    assert not other.answered.owes()


def test_what_turns_out_to_be_no_translation_is_taken_back() -> None:
    one = Exchange()
    one.both_rest(1.0)
    one.hears(1.2)
    one.says(1.2)
    one.both_rest(0.6)
    assert one.from_second > 2.0
    one.answered.without(1.2)
    assert one.from_second == pytest.approx(0.0, abs=1.0)
