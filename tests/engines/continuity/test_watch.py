"""What a connection has to do to be taken for ill, and what it may do."""

import pytest

from telephony.audio.format import PCM16_24K
from telephony.engines.base import Reason
from telephony.engines.continuity.policy import Policy
from telephony.engines.continuity.spoken import Spoken
from telephony.engines.continuity.watch import Watch, language_of
from tests.fakes import hum

ZEROS = bytes(12000)
"""A message of 250 ms."""


class Watched:
    """A connection that sends a message every 250 ms."""

    def __init__(self, target: str = "en") -> None:
        self.watch = Watch(Policy(), target, PCM16_24K)
        self.spoken = Spoken(PCM16_24K)
        self.now = 0.0
        self.alarmed_at: tuple[float, Reason] | None = None

    def goes_on(self, seconds: float, said: bytes | None = ZEROS, *, hears_voice: bool = False) -> "Watched":
        for _ in range(round(seconds * 4)):
            self.now += 0.25
            self.watch.heard(12 if hears_voice else 0, self.now)
            if said is not None:
                self.watch.messaged(self.now)
                self.watch.said(said, self.spoken.take(said), self.now)
            if self.alarmed_at is None and (reason := self.watch.alarm(self.now)):
                self.alarmed_at = self.now, reason
        return self


def lively(message: int) -> bytes:
    """250 ms as uneven as speech."""
    parts = [hum(300.0, 0.1, 24000), bytes(1200), hum(300.0, 0.125, 24000)]
    quiet = bytes(b // 4 if at % 2 else b for at, b in enumerate(parts[message % 2 * 2]))
    return (quiet + parts[1] + parts[0])[:12000].ljust(12000, b"\0")


def test_an_engine_may_be_mute_for_ever_while_nobody_speaks() -> None:
    assert Watched().goes_on(3600, None).alarmed_at is None
    assert Watched().goes_on(3600, ZEROS).alarmed_at is None


def test_messages_that_stop_for_two_seconds_are_a_stall() -> None:
    assert Watched().goes_on(10).goes_on(5, None).alarmed_at == (12.0, Reason.STALLED)


def test_voice_without_an_answer_for_six_seconds_is_a_silent_engine() -> None:
    assert Watched().goes_on(10).goes_on(10, hears_voice=True).alarmed_at == (16.25, Reason.UNANSWERED)
    assert Watched().goes_on(10, None, hears_voice=True).alarmed_at == (6.25, Reason.UNANSWERED)


def test_a_cough_now_and_then_is_no_speech_that_wants_an_answer() -> None:
    watched = Watched()
    for _ in range(100):
        watched.goes_on(0.75, hears_voice=True).goes_on(15)
    assert watched.alarmed_at is None


def test_an_answer_within_the_engines_lag_is_in_time() -> None:
    watched = Watched()
    for number in range(100):
        watched.goes_on(4.0, hears_voice=True).goes_on(1.0, lively(number)).goes_on(2.0)
    assert watched.alarmed_at is None


def test_a_constant_tone_for_three_seconds_is_found_within_a_quarter_more() -> None:
    tone = hum(440.0, 0.25, 24000)
    alarmed = Watched().goes_on(10).goes_on(5, tone).alarmed_at
    assert alarmed is not None
    assert alarmed[1] is Reason.TONE
    assert 13.0 <= alarmed[0] <= 13.25


def test_a_constant_offset_is_a_tone_too() -> None:
    alarmed = Watched().goes_on(5, b"\x00\x10" * 6000).alarmed_at
    assert alarmed is not None
    assert alarmed[1] is Reason.TONE


def test_minutes_of_speech_are_no_tone() -> None:
    watched = Watched()
    for number in range(400):
        watched.goes_on(0.25, lively(number), hears_voice=True)
    assert watched.alarmed_at is None


def test_one_piece_of_transcript_in_another_language_is_a_name_and_two_in_a_row_are_a_drift() -> None:
    watched = Watched("en")
    for language in ("en", "fr", "en-US", "fr"):
        watched.watch.said_words(language)
        assert watched.watch.alarm(0.0) is None
    watched.watch.said_words("fr-CA")
    assert watched.watch.alarm(0.0) is Reason.WRONG_LANGUAGE


@pytest.mark.parametrize(
    ("one", "other"), [("zh-Hant", "cmn"), ("nb", "no"), ("iw", "he"), ("pt-BR", "pt"), ("en_US", "EN"), ("tl", "fil")]
)
def test_a_language_has_many_names(one: str, other: str) -> None:
    assert language_of(one) == language_of(other)
    assert language_of(one) != language_of("xx")


def test_words_heard_in_the_target_language_are_not_waited_for() -> None:
    watched = Watched("es")
    for _ in range(20):
        watched.goes_on(3.0, hears_voice=True)
        assert watched.watch.heard_words("es-MX")
    assert watched.alarmed_at is None
    assert not watched.watch.heard_words("en")


def test_a_connection_proves_itself_by_words_of_the_right_language_or_by_lively_sound() -> None:
    assert not Watched().goes_on(20).watch.proven
    assert not Watched().goes_on(2.5, hum(440.0, 0.25, 24000)).watch.proven
    by_sound = Watched()
    for number in range(8):
        by_sound.goes_on(0.25, lively(number))
    assert by_sound.watch.proven
    by_words = Watched()
    by_words.watch.said_words("en")
    assert by_words.watch.proven
    by_words.watch.said_words("fr")
    assert not by_words.watch.proven
