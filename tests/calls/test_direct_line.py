"""When the two hear each other directly because nobody need interpret, or because it is not known yet into what."""

import asyncio

import pytest

from telephony.calls.observer import Caption, LanguageHeard, Reading, Role
from telephony.calls.tongues import AUTO, PARTIES
from telephony.engines.base import Side, Transcript
from telephony.replay.memory_stream import now
from tests.calls.put_through import ListeningEngine, Put
from tests.virtual_time import in_virtual_time


async def speak_english_by_turns(put: Put) -> None:
    """Caller and agent, both in English, for half a minute."""
    for into in ("en", "es", "en", "es"):
        await put.hears(into, "en-US", 7)


def test_two_who_chose_the_same_cost_no_session_and_hear_no_tone() -> None:
    async def call() -> Put:
        async with Put("pt-BR", "pt-PT", ListeningEngine()) as put:
            put.connect()
            await put.talk(5.0, Role.CALLER)
            assert not put.bridge.interpreting
        return put

    put = in_virtual_time(call)
    assert put.engine.asked == []
    assert put.caller.direct
    assert put.agent.direct
    assert put.agent.overheard == 250
    assert put.agent.played == []


def test_two_who_turn_out_to_speak_the_same_hear_each_other_and_then_the_sessions_are_closed() -> None:
    async def call() -> Put:
        async with Put("es", "en", ListeningEngine()) as put:
            put.connect()
            await put.hears("en", "en-US", 6)
            assert put.caller.direct
            assert put.agent.direct
            assert len(put.engine.live()) == 2
            await speak_english_by_turns(put)
            assert put.engine.live() == {}
            assert not put.bridge.interpreting
            await put.talk(600.0, Role.CALLER)
        return put

    put = in_virtual_time(call)
    assert len(put.engine.sessions) == 2
    assert (put.caller.tones, put.agent.tones) == (1, 1)
    assert sum(reading.session_s for reading in put.of(Reading)) < 70


def test_what_is_foreign_between_them_is_still_interpreted_and_what_is_not_is_not_heard_twice() -> None:
    async def call() -> Put:
        async with Put("es", "en", ListeningEngine()) as put:
            put.connect()
            await put.hears("en", "en-US", 6)
            put.engine.live()["en"].speak()
            await put.talk(0.1)
            assert put.agent.translations() == []
            put.engine.live()["en"].hears("es", "una palabra")
            put.engine.live()["en"].speak()
            await put.talk(0.1)
        return put

    assert len(in_virtual_time(call).agent.translations()) == 1


def test_a_caller_who_goes_back_to_the_language_chosen_is_interpreted_again_within_three_seconds() -> None:
    async def call() -> Put:
        async with Put("es", "en", ListeningEngine()) as put:
            put.connect()
            await put.hears("en", "en-US", 8)
            assert put.agent.direct
            await put.hears("en", "es-MX", 3)
            assert not put.agent.direct
            assert not put.caller.direct
        return put

    put = in_virtual_time(call)
    assert (put.caller.tones, put.agent.tones) == (2, 2)
    assert len(put.engine.sessions) == 2


def test_who_asks_for_interpretation_after_a_rest_has_it_and_keeps_it() -> None:
    async def call() -> Put:
        async with Put("es", "en", ListeningEngine()) as put:
            put.connect()
            await put.hears("en", "en-US", 6)
            await speak_english_by_turns(put)
            put.bridge.interpret(True)
            await put.talk(1.0)
            assert put.bridge.interpreting
            assert sorted(put.engine.live()) == ["en", "es"]
            assert not put.agent.direct
            await put.hears("en", "en-US", 6)
            assert put.agent.direct
            await speak_english_by_turns(put)
            await speak_english_by_turns(put)
            assert sorted(put.engine.live()) == ["en", "es"]
            assert put.bridge.interpreting, "it rests once only"
        return put

    in_virtual_time(call)


def test_interpretation_is_switched_off_and_on_with_a_tone_and_without_a_gap() -> None:
    async def call() -> Put:
        async with Put("es", "en", ListeningEngine(setup=1.0)) as put:
            put.connect()
            await put.talk(3.0)
            put.bridge.interpret(False)
            assert put.caller.direct
            assert put.agent.direct
            await put.talk(20.0, Role.CALLER)
            assert put.engine.live() == {}
            put.bridge.interpret(True)
            await put.talk(0.5, Role.CALLER)
            assert put.agent.direct, "until there is a session"
            await put.talk(1.0, Role.CALLER)
            assert not put.agent.direct
            assert not put.caller.direct
            assert put.engine.live()["en"].heard_ms < 700, "what was heard directly is not interpreted"
        return put

    put = in_virtual_time(call)
    assert (put.caller.tones, put.agent.tones) == (2, 2)


def test_where_both_chose_the_same_the_one_who_asks_for_interpretation_speaks_what_is_heard() -> None:
    async def call() -> Put:
        async with Put("en", "en", ListeningEngine()) as put:
            put.connect()
            await put.talk(3.0)
            put.bridge.interpret(True)
            await put.hears("en", "es-MX", 4)
            assert put.bridge.language(Role.CALLER) == "es"
            await put.talk(1.0)
            assert sorted(put.engine.live()) == ["en", "es"]
            assert not put.caller.direct
        return put

    assert [news.language for news in in_virtual_time(call).of(LanguageHeard)] == ["es"]


def test_a_caller_of_any_language_is_heard_at_once_and_interpreted_to_once_it_is_known() -> None:
    async def call() -> Put:
        async with Put(AUTO, "en", ListeningEngine()) as put:
            await put.talk(2.0)
            put.connect()
            assert sorted(put.engine.live()) == ["en"]
            assert put.caller.direct, "the agent's own voice until then"
            assert not put.agent.direct
            await put.hears("en", "es-419", 1)
            assert put.bridge.language(Role.CALLER) is None
            await put.hears("en", "es-419", 1)
            assert put.caller.direct
            await put.talk(1.0)
            assert sorted(put.engine.live()) == ["en", "es"]
            assert not put.caller.direct
        return put

    put = in_virtual_time(call)
    assert put.of(LanguageHeard) == [LanguageHeard("call", Role.CALLER, "es")]
    assert (put.caller.tones, put.agent.tones) == (1, 0)


def test_a_caller_of_any_language_who_switches_for_good_is_followed() -> None:
    async def call() -> Put:
        async with Put(AUTO, "en", ListeningEngine()) as put:
            put.connect()
            await put.hears("en", "es", 20)
            await put.hears("en", "fr", 1)
            await put.hears("en", "es", 5)
            assert sorted(put.engine.live()) == ["en", "es"]
            await put.hears("en", "fr", 6)
            await put.talk(8.0)
            assert sorted(put.engine.live()) == ["en", "fr"]
        return put

    put = in_virtual_time(call)
    assert [news.language for news in put.of(LanguageHeard)] == ["es", "fr"]
    assert put.caller.tones == 1


def test_a_caller_of_any_language_who_speaks_the_agents_is_heard_directly_within_three_seconds() -> None:
    async def call() -> Put:
        async with Put(AUTO, "en", ListeningEngine()) as put:
            put.connect()
            await put.hears("en", "en-GB", 3)
            assert put.agent.direct
            assert put.caller.direct
        return put

    in_virtual_time(call)


def test_where_no_language_is_known_the_two_hear_each_other_until_each_is() -> None:
    async def call() -> Put:
        async with Put(AUTO, AUTO, ListeningEngine()) as put:
            await put.talk(1.0)
            put.connect()
            assert put.caller.direct
            assert put.agent.direct
            of_caller, of_agent = put.engine.sessions
            of_caller.speak()
            of_caller.tell(Transcript(Side.SPOKEN, "into no language in particular", "en"))
            await put.talk(0.1)
            for _ in range(2):
                of_caller.hears("es")
                await put.talk(1.0)
            assert (put.caller.direct, put.agent.direct) == (False, True)
            for _ in range(2):
                of_agent.hears("fr")
                put.engine.live()["es"].hears("fr")
                await put.talk(1.0)
            assert (put.caller.direct, put.agent.direct) == (False, False)
            assert sorted(put.engine.live()) == ["es", "fr"]
        return put

    put = in_virtual_time(call)
    assert put.agent.translations() == []
    assert [caption.side for caption in put.of(Caption)] == [Side.HEARD] * 4
    assert {(news.speaker, news.language) for news in put.of(LanguageHeard)} == {
        (Role.CALLER, "es"),
        (Role.AGENT, "fr"),
    }


def test_choosing_a_language_ends_a_rest_and_choosing_the_same_begins_one() -> None:
    async def call() -> Put:
        async with Put("en", "en", ListeningEngine()) as put:
            put.connect()
            put.bridge.speak(Role.CALLER, "es")
            await put.talk(2.0)
            assert sorted(put.engine.live()) == ["en", "es"]
            assert not put.agent.direct
            put.bridge.speak(Role.AGENT, "es")
            await put.talk(1.0)
            assert put.engine.live() == {}
            assert put.agent.direct
        return put

    assert len(in_virtual_time(call).engine.sessions) == 2


@pytest.mark.parametrize("speaker", PARTIES)
def test_the_end_of_a_direct_talk_is_not_waited_for(speaker: Role) -> None:
    async def call() -> float:
        async with Put("en", "en", ListeningEngine()) as put:
            put.connect()
            await put.talk(2.0, *PARTIES)
            began = now()
            await put.bridge.finish(speaker, put.talkers[speaker])
            assert put.talkers[speaker].finished
            return now() - began

    assert in_virtual_time(call) == 0.0


def test_a_change_of_mind_while_sessions_are_set_up_leaves_none_behind() -> None:
    async def call() -> Put:
        async with Put("es", "en", ListeningEngine(setup=2.0)) as put:
            put.connect()
            for on in (False, True, False, True, False):
                await asyncio.sleep(0.5)
                put.bridge.interpret(on)
            await put.talk(5.0)
        return put

    assert in_virtual_time(call).engine.sessions == []
