"""How a playout catches up: speech that is sped up while too much of it waits, and is its own again afterwards."""

import numpy as np
import pytest

from telephony.audio import g711
from telephony.audio.playout import Frame, Mark, Playout
from tests.audio.phone import Phone, play
from tests.audio.signals import to_pcm

QUIET = g711.SILENCE


def voice(seconds: float) -> bytes:
    """A steady vowel without a silent byte for longer than a sample or two."""
    time = np.arange(round(8000 * seconds)) / 8000
    harmonics = [2500 * np.sin(2 * np.pi * 121 * n * time + n) / n for n in range(1, 9)]
    return g711.encode(to_pcm(np.sum(harmonics, axis=0)))


def messages(sound: bytes, rate: float = 1.0) -> list[tuple[float, bytes]]:
    return [(at / 8000 / rate, sound[at : at + 2000]) for at in range(0, len(sound), 2000)]


def test_up_to_a_second_of_backlog_changes_nothing() -> None:
    playout, sound = Playout(), voice(1.0)
    assert play(playout, [(0.0, sound)]).sound.startswith(sound)
    assert playout.stretched_ms == 0


def test_five_seconds_at_once_are_heard_in_little_more_than_four() -> None:
    playout = Playout()
    phone = play(playout, [(0.0, voice(5.0))])
    assert phone.until == pytest.approx(0.08 + 5.0 - playout.stretched_ms / 1000, abs=0.03)
    assert 4.1 < phone.until < 4.4
    assert phone.gaps() == []


def test_the_phrase_after_that_is_its_own_again_to_the_bit() -> None:
    phrase = voice(0.9)
    phone = play(Playout(), [(0.0, voice(5.0) + QUIET * 4800), (6.0, phrase + QUIET * 800)])
    assert phrase in phone.sound


def test_silence_behind_the_last_word_is_no_reason_to_hurry() -> None:
    playout = Playout()
    play(playout, [(0.0, voice(0.9) + QUIET * 16000)])
    assert playout.stretched_ms == 0


def test_speech_that_comes_a_quarter_too_fast_never_breaks_off() -> None:
    sound = voice(20.0) + QUIET * 800
    playout = Playout()
    phone = play(playout, messages(sound, rate=1.25))
    assert (playout.underruns, playout.late, playout.dropped_ms) == (0, 0, 0)
    assert phone.gaps() == []


def test_frames_stay_exact_and_no_further_ahead_than_the_lead() -> None:
    phone = play(Playout(), messages(voice(20.0), rate=1.3))
    assert {len(audio) for _, audio in phone.heard} == {160}
    assert phone.furthest <= 0.06 + 1e-9


def test_the_backlog_counts_what_will_be_left_out_only_when_it_has_been() -> None:
    playout = Playout()
    playout.push(voice(5.0), 0.0)
    assert playout.backlog(0.0) == pytest.approx(5.08)
    phone = Phone()
    while (moment := playout.next_due()) is not None and moment < 2.0:
        phone.take(playout.due(moment), moment)
    assert playout.backlog(2.0) == pytest.approx(3.08 - playout.stretched_ms / 1000, abs=1e-6)


def test_marks_keep_their_order_and_wait_for_the_sound_before_them() -> None:
    playout, names, phone = Playout(), [], Phone()
    for number in range(20):
        playout.push(voice(0.25), 0.0)
        names.append(playout.mark(f"word {number}"))
    items: list[Frame | Mark] = []
    while (moment := playout.next_due()) is not None:
        items += playout.due(moment)
    phone.take(items, 0.0)
    assert [name for _, name in phone.marks] == names
    frames = [sum(isinstance(item, Frame) for item in items[: items.index(Mark(name))]) for name in names[-1:]]
    assert frames == [len(phone.heard)]


def test_what_waits_at_the_carrier_makes_speech_hurry_sooner() -> None:
    sound = voice(0.9) + QUIET * 8000
    relaxed, hurried = Playout(), Playout()
    relaxed.push(sound, 0.0)
    hurried.push(sound, 0.0)
    hurried.unplayed = 0.8
    for playout in (relaxed, hurried):
        while (moment := playout.next_due()) is not None and moment < 0.7:
            playout.due(moment)
    assert relaxed.stretched_ms == 0 < hurried.stretched_ms
