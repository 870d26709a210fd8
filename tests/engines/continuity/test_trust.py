"""Hold music and noise get no translation and are no outage; a silent engine is one still, whatever came before."""

import pytest

from telephony.audio.format import PCM16_24K
from telephony.audio.level import rms_dbfs
from telephony.engines.base import Degraded, HandedOver, Reason, Restored
from telephony.engines.continuity.policy import Policy
from telephony.engines.continuity.trust import TalkLike, Trust
from telephony.engines.continuity.watch import Watch
from tests.engines.continuity.hold import Held, music, noise
from tests.engines.continuity.playing import play
from tests.engines.continuity.talk import IN_BYTES, Talk
from tests.engines.continuity.word_engine import Ways, WordEngine


def levels(sound: bytes) -> list[float]:
    return [rms_dbfs(sound[at : at + IN_BYTES]) for at in range(0, len(sound), IN_BYTES)]


def talk_like(sound: bytes) -> bool:
    judge = TalkLike()
    judge.push(levels(sound))
    return bool(judge)


def test_talk_is_talk_and_music_and_noise_are_not() -> None:
    assert all(talk_like(b"".join(Talk(seed, 8.0).chunks(5))) for seed in range(20))
    assert not any(talk_like(music(8.0, seed)) for seed in range(20))
    assert not talk_like(noise(8.0))


def test_talk_in_a_din_is_talk() -> None:
    din = noise(8.0, -42.0)
    for seed in range(10):
        talk = b"".join(Talk(seed, 8.0).chunks(5))
        louder = [max(pair) for pair in zip(levels(talk), levels(din), strict=False)]
        judge = TalkLike()
        judge.push(louder)
        assert judge


def test_what_is_too_short_to_be_judged_is_taken_for_talk() -> None:
    assert talk_like(music(1.8))
    assert talk_like(b"")


def trusting() -> Watch:
    trust = Trust()
    trust.given = True
    return Watch(Policy(), "en", PCM16_24K, trust)


def alarmed_at(watch: Watch, sound: bytes, began: float = 0.0) -> float | None:
    """When it complains of no answer to this sound, sent in chunks of 100 ms."""
    now, told = began, levels(sound)
    for at in range(0, len(told), 5):
        now += 0.1
        part = told[at : at + 5]
        watch.heard(sum(level > -55 for level in part), now, part)
        if watch.alarm(now) is Reason.UNANSWERED:
            return now - began
    return None


def test_a_watch_that_trusts_lets_music_play_for_ten_minutes() -> None:
    assert alarmed_at(trusting(), music(600.0)) is None


def test_a_watch_that_trusts_still_finds_an_engine_that_is_silent_to_talk() -> None:
    watch = trusting()
    assert alarmed_at(watch, music(60.0)) is None
    found = alarmed_at(watch, b"".join(Talk(3, 30.0).chunks(5)), 60.0)
    assert found is not None
    assert found <= 10.0


def test_words_that_were_understood_end_the_trust() -> None:
    watch = trusting()
    assert alarmed_at(watch, music(60.0)) is None
    watch.heard_words("es")
    assert alarmed_at(watch, music(20.0), 60.0) is not None


@pytest.mark.parametrize("level", [-50.0, -30.0])
def test_a_hiss_that_sets_in_again_and_again_is_nothing_to_answer(level: float) -> None:
    watch, hiss = Watch(Policy(), "en", PCM16_24K), noise(2.0, level)
    for burst in range(20):
        assert alarmed_at(watch, hiss + bytes(10 * IN_BYTES * 50), 12.0 * burst) is None


def test_a_hiss_does_not_hide_the_talk_that_follows_it() -> None:
    watch = Watch(Policy(), "en", PCM16_24K)
    assert alarmed_at(watch, noise(3.0, -30.0)) is None
    assert alarmed_at(watch, b"".join(Talk(5, 20.0).chunks(5)), 3.0) is not None


def test_hold_music_is_no_outage_and_the_talk_after_it_is_interpreted() -> None:
    played = play(Held(41, 60.0, music(180.0)), Ways(language="en"))
    assert [type(event) for event in played.news()] == [HandedOver, HandedOver]
    assert played.lost == []
    assert played.repeated == []
    assert min(at for at, _, _ in played.listener.heard) > 180.0


def test_music_that_comes_again_and_again_is_no_outage_either() -> None:
    held = Held(42, 40.0, music(60.0), after=music(90.0))
    played = play(held, Ways(language="en"))
    assert not [event for event in played.news() if isinstance(event, Degraded)]
    assert played.lost == []


@pytest.mark.parametrize("level", [-60.0, -40.0, -25.0])
def test_noise_of_a_line_is_not_even_a_reason_for_another_connection(level: float) -> None:
    played = play(Held(43, 20.0, noise(120.0, level)), Ways(language="en"))
    assert played.news() == []
    assert played.lost == []


def test_an_engine_that_is_silent_to_talk_after_music_is_an_outage_within_half_a_minute() -> None:
    held = Held(44, 60.0, music(60.0))

    async def fall_silent(engine: WordEngine) -> None:
        await engine.later(held.held)
        engine.sessions[-1].fault = engine.ways.fault = "mute"

    played = play(held, Ways(language="en"), None, fall_silent)
    [degraded] = [at for at, event in played.listener.events if isinstance(event, Degraded)]
    assert held.held < degraded <= held.held + 30.0


def test_an_outage_during_music_is_over_when_somebody_talks_and_is_understood() -> None:
    async def broken_at_first(engine: WordEngine) -> None:
        engine.ways.fault = "mute"
        for session in engine.sessions:
            session.fault = "mute"
        await engine.later(40.0)
        engine.ways.fault = ""

    held = Held(45, 30.0, b"", after=music(60.0))
    talk = Held(46, 60.0, b"".join(held.chunks(5)))
    played = play(talk, Ways(language="en"), None, broken_at_first)
    kinds = [type(event) for event in played.news()]
    assert kinds[:2] == [HandedOver, Degraded]
    assert kinds[-1] is Restored
    [restored] = [at for at, event in played.listener.events if isinstance(event, Restored)]
    assert restored <= talk.held + 12.0
