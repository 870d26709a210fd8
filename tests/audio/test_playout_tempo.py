"""The listener's wish for slower or faster speech: what becomes of it while little waits, and while much does."""

import pytest

from telephony.audio import g711
from telephony.audio.pace import FASTEST, LIMIT, SLOWEST
from telephony.audio.playout import Playout
from tests.audio.lumps import CUSHION, QUIET
from tests.audio.phone import Phone, play
from tests.audio.signals import decibels, fit, tone
from tests.audio.steady_talk import Talk, listen, numbers
from tests.audio.test_playout_speed import messages, voice


def at_tempo(tempo: float, sound: bytes, rate: float = 1.0) -> tuple[Playout, Phone]:
    playout = Playout()
    playout.tempo = tempo
    return playout, play(playout, messages(sound + QUIET * 4000, rate))


def spoken(phone: Phone) -> tuple[float, float]:
    """When the first sound was heard and when the last had been."""
    line = phone.line
    return (len(line) - len(line.lstrip(QUIET))) / 8000, len(line.rstrip(QUIET)) / 8000


def test_speech_has_its_own_speed_unless_told_otherwise() -> None:
    sound = voice(3.0)
    assert Playout().tempo == 1.0
    assert sound in play(Playout(), messages(sound)).sound


@pytest.mark.parametrize(("wish", "tempo"), [(0.5, SLOWEST), (0.8, 0.8), (1.1, 1.1), (9.0, LIMIT)])
def test_a_wish_beyond_the_bounds_is_the_bound(wish: float, tempo: float) -> None:
    playout = Playout()
    playout.tempo = wish
    assert playout.tempo == tempo
    assert (SLOWEST, LIMIT) == (0.8, 1.3)


@pytest.mark.parametrize("tempo", [0.8, 0.9])
def test_a_phrase_is_as_much_slower_as_wished(tempo: float) -> None:
    playout, phone = at_tempo(tempo, voice(2.0))
    begun, over = spoken(phone)
    assert over - begun == pytest.approx(2.0 / tempo, abs=0.12)
    assert playout.slowed_ms == pytest.approx((1 / tempo - 1) * 2000, abs=120)
    assert (playout.stretched_ms, playout.underruns, phone.gaps()) == (0, 0, [])


@pytest.mark.parametrize("tempo", [1.1, 1.2, 1.3])
def test_two_seconds_are_faster_even_if_they_come_no_faster_than_they_are_spoken(tempo: float) -> None:
    playout, phone = at_tempo(tempo, voice(2.0))
    begun, over = spoken(phone)
    assert over - begun == pytest.approx(2.0 / tempo, abs=0.12)
    assert over <= 2.0 + CUSHION + 0.12
    assert (playout.slowed_ms, playout.underruns, phone.gaps()) == (0, 0, [])


def test_what_comes_after_those_has_the_speed_it_comes_at() -> None:
    playout, phone = at_tempo(1.2, voice(10.0))
    assert spoken(phone)[1] == pytest.approx(10.0 + CUSHION, abs=0.1)
    assert playout.underruns == 0


def test_five_seconds_at_once_are_never_faster_than_the_limit() -> None:
    _, phone = at_tempo(1.3, voice(5.0), rate=1000.0)
    begun, over = spoken(phone)
    assert 5.0 / LIMIT - 0.01 <= over - begun < 5.0 / FASTEST


@pytest.mark.parametrize("tempo", [0.8, 0.9, 1.1, 1.3])
def test_a_tone_keeps_its_frequency(tempo: float) -> None:
    _, phone = at_tempo(tempo, g711.encode(tone(400, 8000, 2.0, 8000)))
    heard = g711.decode(phone.sound.strip(QUIET))
    amplitude, _, rest = fit(heard[: len(heard) // 2 * 2], 400, 8000)
    assert decibels(amplitude / rest) > 20


@pytest.mark.parametrize("tempo", [0.8, 0.9, 1.15, 1.3])
def test_nobody_loses_a_word_or_falls_behind_for_long(tempo: float) -> None:
    playout = Playout()
    playout.tempo = tempo
    heard = listen(Talk(minutes=3), playout)
    said, _ = numbers(heard.line)
    assert said == [number % 64 for number in range(heard.words)]
    assert heard.percentiles()[1] <= (5.0 if tempo < 1 else 4.0)
    assert (playout.dropped_ms, playout.late) == (0, 0)


def test_slow_speech_yields_to_an_interpreter_that_pauses_little() -> None:
    playout = Playout()
    playout.tempo = 0.8
    heard = listen(Talk(rest=1.0, rate=1.0, minutes=3), playout)
    assert heard.percentiles()[2] < 3.0
    assert playout.slowed_ms > 5000


def test_the_wish_may_change_in_mid_speech() -> None:
    playout, sound = Playout(), voice(6.0) + QUIET * 4000
    first, second = messages(sound)[:8], messages(sound)[8:]
    phone = Phone()
    for at, message in first:
        while (moment := playout.next_due()) is not None and moment < at:
            phone.take(playout.due(moment), moment)
        playout.push(message, at)
    playout.tempo = 0.8
    for at, message in [*second, (20.0, b"")]:
        while (moment := playout.next_due()) is not None and moment < at:
            phone.take(playout.due(moment), moment)
        playout.push(message, at)
    assert phone.gaps() == []
    assert 500 < playout.slowed_ms < 1200
