"""The last utterance of the interpreter, kept to be heard again."""

import pytest

from telephony.audio import g711
from telephony.audio.last_said import APART, LONGEST, LastSaid
from telephony.audio.playout import Playout
from tests.audio.line import pcmu_tone, steepest
from tests.audio.lumps import QUIET, messages, speech
from tests.audio.phone import play

SLOPE = 40


def said(*utterances: bytes, first: float = 0.0) -> tuple[LastSaid, float]:
    """Everything said in messages of 250 ms, and when the last of them was over."""
    last, at = LastSaid(), first
    sound = b"".join(utterances)
    for at, message in messages(sound, first=first):
        last.push(message, at)
    return last, at + 0.25


def kept(last: LastSaid, now: float | None = None) -> bytes:
    """The utterance between its slopes."""
    sound = last.sound() if now is None else last.sound(now)
    return sound[SLOPE : -SLOPE - 160]


def test_before_anything_is_said_there_is_nothing() -> None:
    assert LastSaid().sound() == LastSaid().sound(99.0) == b""


def test_an_utterance_is_kept_once_a_second_of_silence_has_followed() -> None:
    sound = speech(2.3)
    last, _ = said(sound + QUIET * 8000)
    assert kept(last) == sound


def test_while_it_goes_on_the_one_before_is_kept() -> None:
    first, second = speech(2.0), speech(2.0, voice=2)
    last, _ = said(first, QUIET * 12000, second)
    assert kept(last) == first


def test_a_pause_of_less_than_a_second_belongs_to_it() -> None:
    sound = speech(1.0) + QUIET * 7000 + speech(1.0, voice=2)
    last, _ = said(sound + QUIET * 8000)
    assert kept(last) == sound


@pytest.mark.parametrize("size", [7, 160, 1999, 2000, 24000])
def test_messages_of_any_size_make_the_same_of_it(size: int) -> None:
    first, second = speech(1.0), speech(1.0, voice=2)
    sound = first + QUIET * 9000 + second + QUIET * 8001
    last = LastSaid()
    for at in range(0, len(sound), size):
        last.push(sound[at : at + size], at / 8000)
    assert kept(last) == second


def test_when_nothing_more_comes_for_a_second_it_is_over_too() -> None:
    last, end = said(speech(1.0))
    assert kept(last, end + APART - 0.01) == b""
    assert kept(last, end + APART) == speech(1.0)


def test_what_comes_after_such_a_gap_is_another() -> None:
    last, end = said(speech(1.0))
    last.push(speech(0.5, voice=2), end + 1.5)
    assert kept(last) == speech(1.0)


def test_several_messages_at_once_are_not_mistaken_for_a_gap() -> None:
    last, sound = LastSaid(), speech(3.0)
    for at in range(0, len(sound), 2000):
        last.push(sound[at : at + 2000], 0.0)
    last.push(speech(0.5, voice=2), 3.5)
    assert kept(last, 9.0) == sound + speech(0.5, voice=2)


def test_breath_is_silence() -> None:
    sound = speech(1.0)
    last, _ = said(sound + b"\xf2\x72" * 4000)
    assert kept(last) == sound


def test_silence_alone_forgets_nothing() -> None:
    last, _ = said(speech(1.0) + QUIET * 800000)
    assert kept(last) == speech(1.0)


def test_of_a_long_utterance_the_last_20_s_are_kept() -> None:
    sound = speech(31.0)
    last, end = said(sound)
    assert kept(last, end + 2.0) == sound[-LONGEST:]
    assert LONGEST == 20 * 8000


def test_it_neither_clicks_nor_breaks_off_when_it_is_played() -> None:
    tone = pcmu_tone(440.0, 1.0003)
    last, end = said(tone[5:])
    playout = Playout()
    phone = play(playout, [(0.0, last.sound(end + 2.0))])
    assert playout.underruns == 0
    assert steepest(phone.line + QUIET * 10) <= steepest(tone)
    assert g711.decode(tone[5:]) in g711.decode(phone.line)


def test_it_can_be_forgotten() -> None:
    last, end = said(speech(1.0))
    last.clear()
    assert last.sound(end + 2.0) == b""
