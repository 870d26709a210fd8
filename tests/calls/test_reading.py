"""How a direction stands, second by second: the ear-voice span, levels, our own delay, and what is paid for."""

import pytest

from telephony.audio import g711
from telephony.audio.level import FLOOR_DBFS
from telephony.calls.observer import Reading, Role, SessionReady
from telephony.calls.reading import EarVoiceSpan, Meter
from telephony.calls.tongues import PARTIES
from tests.calls.put_through import ListeningEngine, Put
from tests.fakes import hum
from tests.virtual_time import in_virtual_time

QUIET = g711.SILENCE * 160
VOICE = g711.encode(hum(440, 1.0))


Times = list[tuple[float, float]]


def talk(heard: Times, spoken: Times, until: float) -> Meter:
    """A talk of so many seconds: when the speaker is voiced, in frames, and the translation, in messages of 240 ms."""
    meter = Meter()
    for frame in range(round(until * 50)):
        at = frame / 50
        meter.heard(sound(heard, at), at + 0.02)
        if frame % 12 == 0 and any(begin - 0.25 < at < end for begin, end in spoken):
            meter.spoken(b"".join(sound(spoken, at + place / 50) for place in range(12)), at)
    return meter


def sound(voiced: Times, at: float) -> bytes:
    return VOICE[round(at * 50) % 50 * 160 :][:160] if any(begin <= at < end for begin, end in voiced) else QUIET


def test_the_span_is_from_the_beginning_of_a_phrase_to_the_beginning_of_its_translation() -> None:
    meter = talk([(1.0, 3.0)], [(4.5, 6.0)], until=8)
    assert meter.span.newest == pytest.approx(3.5, abs=0.03)


def test_the_newest_translation_counts() -> None:
    meter = talk([(1.0, 3.0), (10.0, 11.0)], [(4.0, 6.0), (12.0, 13.0)], until=15)
    assert meter.span.newest == pytest.approx(2.0, abs=0.03)


def test_two_phrases_that_were_answered_as_one_do_not_make_the_next_answer_look_late() -> None:
    meter = talk([(1.0, 2.0), (3.0, 5.0), (12.0, 13.0)], [(4.0, 9.0), (15.0, 16.0)], until=18)
    assert meter.span.newest == pytest.approx(3.0, abs=0.03)


def test_a_phrase_that_was_never_answered_is_given_up() -> None:
    span = EarVoiceSpan()
    span.phrase(1.0)
    span.translation(60.0)
    assert span.newest is None


def test_there_is_no_span_before_anything_was_translated() -> None:
    meter = talk([(1.0, 3.0)], [], until=5)
    assert meter.span.newest is None


def test_levels_and_delay_are_the_highest_since_the_last_reading() -> None:
    meter = Meter()
    meter.heard(VOICE[:160], 0.02)
    meter.heard(QUIET, 0.04)
    meter.delayed(0.003)
    meter.delayed(0.001)
    heard, spoken, own_delay = meter.take()
    assert heard == pytest.approx(-15.05, abs=0.3)
    assert (spoken, own_delay) == (FLOOR_DBFS, 0.003)
    assert meter.take() == (FLOOR_DBFS, FLOOR_DBFS, 0.0)


def test_voice_is_counted_in_seconds() -> None:
    meter = talk([(1.0, 1.5), (3.0, 3.5)], [], until=5)
    assert meter.voice == pytest.approx(1.0, abs=0.05)


def readings(call: Put, speaker: Role) -> list[Reading]:
    return [reading for reading in call.of(Reading) if reading.speaker is speaker]


def test_every_second_both_directions_are_read_while_they_have_sessions() -> None:
    async def call() -> Put:
        async with Put("es", "en", ListeningEngine()) as put:
            put.connect()
            await put.talk(10.0, Role.CALLER)
        return put

    put = in_virtual_time(call)
    for role in PARTIES:
        told = readings(put, role)
        assert len(told) in (10, 11)
        assert all(reading.lag_s == 0.25 and not reading.resting for reading in told)
    assert readings(put, Role.CALLER)[5].heard_dbfs == pytest.approx(-15.05, abs=0.3)
    assert readings(put, Role.AGENT)[5].heard_dbfs == FLOOR_DBFS


def test_what_is_read_as_paid_for_is_what_the_sessions_lived_from_setup_to_close() -> None:
    async def call() -> Put:
        async with Put("es", "en", ListeningEngine(setup=0.7)) as put:
            put.connect()
            await put.talk(5.3, Role.CALLER)
            put.bridge.speak(Role.CALLER, "fr")
            await put.talk(4.4, Role.AGENT)
            put.bridge.interpret(False)
            await put.talk(30.0)
            put.bridge.interpret(True)
            await put.talk(3.3)
        return put

    put = in_virtual_time(call)
    lived = sum(session.seconds for session in put.engine.sessions)
    assert sum(reading.session_s for reading in put.of(Reading)) == pytest.approx(lived)
    assert len(put.engine.sessions) == 5
    assert lived < 40


def test_nothing_is_read_while_the_sessions_rest() -> None:
    async def call() -> Put:
        async with Put("en", "en", ListeningEngine()) as put:
            put.connect()
            await put.talk(10.0, Role.CALLER)
        return put

    put = in_virtual_time(call)
    assert put.of(Reading) == []
    assert put.bridge.language(Role.CALLER) == "en"


def test_it_is_told_how_long_a_session_took_to_set_up() -> None:
    async def call() -> Put:
        async with Put("es", "en", ListeningEngine(setup=0.7)) as put:
            await put.talk(2.0)
        return put

    ready = in_virtual_time(call).of(SessionReady)
    assert {news.speaker for news in ready} == set(PARTIES)
    assert [news.setup_s for news in ready] == pytest.approx([0.7, 0.7])


def test_our_own_delay_is_that_of_two_filters_where_nothing_waits() -> None:
    async def call() -> Put:
        async with Put("es", "en", ListeningEngine()) as put:
            put.connect()
            await put.talk(10.0, Role.CALLER)
        return put

    later = readings(in_virtual_time(call), Role.CALLER)[3:-1]
    assert all(0.0 < reading.own_delay_s < 0.01 for reading in later)
