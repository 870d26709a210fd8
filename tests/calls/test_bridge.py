"""Who hears whom, proved by giving each party a frequency of its own, on memory streams in virtual time."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import cast

import pytest

from telephony.audio.format import PCMU_8K
from telephony.calls.bridge import Bridge
from telephony.calls.leg import Leg
from telephony.calls.observer import Observers, Role
from telephony.calls.tongues import PARTIES
from telephony.carriers.base import StreamStarted
from telephony.engines.base import Trouble
from telephony.replay.memory_stream import MemoryStream, now
from telephony.simulator.phone import Phone
from tests.calls.put_through import ListeningEngine, Put, Session
from tests.fakes import EchoEngine, HummingPhone, share_of
from tests.virtual_time import in_virtual_time

CALLER_TONE, AGENT_TONE = 440.0, 1000.0


class Line:
    """A bridge between two humming phones."""

    def __init__(
        self, caller: HummingPhone, agent: HummingPhone, engine: EchoEngine, languages: tuple[str, str]
    ) -> None:
        self.caller, self.agent, self.engine = caller, agent, engine
        self.bridge = Bridge("call", *languages, engine, Observers(), now)
        self.legs = [
            Leg(role, role, language, lambda _: None, now) for role, language in zip(PARTIES, languages, strict=True)
        ]

    async def talk(self, seconds: float, then: "Callable[[Line], Awaitable[None]] | None" = None) -> None:
        """Connects the two for a time; `then` happens before they are separated."""
        streams = [
            MemoryStream(_started(leg), cast(Phone, p))
            for leg, p in zip(self.legs, (self.caller, self.agent), strict=True)
        ]
        async with asyncio.TaskGroup() as tasks:
            running = tasks.create_task(self.bridge.run(), name="bridge")
            for leg, stream in zip(self.legs, streams, strict=True):
                tasks.create_task(leg.carry(stream), name="carry")
                tasks.create_task(stream.run(), name="stream")
            await asyncio.sleep(0)
            self.bridge.connect(*self.legs)
            await asyncio.sleep(seconds)
            if then:
                await then(self)
            for stream in streams:
                await stream.close("the test is over")
            running.cancel()


def _started(leg: Leg) -> StreamStarted:
    return StreamStarted("call", leg.name, {}, PCMU_8K)


def test_each_party_hears_the_other_and_nothing_else_for_a_minute() -> None:
    line: Line

    async def call() -> None:
        nonlocal line
        line = Line(HummingPhone(CALLER_TONE), HummingPhone(AGENT_TONE), EchoEngine(), ("es", "en"))
        await line.talk(60.0)

    in_virtual_time(call)
    for phone, other in ((line.caller, AGENT_TONE), (line.agent, CALLER_TONE)):
        heard = bytes(phone.heard)[8000 * 2 :]
        assert len(heard) >= 57 * 8000
        assert share_of(other, heard) > 0.999
        assert share_of(phone.frequency, heard) < 1e-4


def test_two_who_speak_the_same_language_hear_each_other_directly_and_cost_no_session() -> None:
    line: Line

    async def call() -> None:
        nonlocal line
        line = Line(HummingPhone(CALLER_TONE), HummingPhone(AGENT_TONE), EchoEngine(), ("en", "en"))
        await line.talk(5.0)

    in_virtual_time(call)
    assert line.engine.sessions == {}
    assert share_of(AGENT_TONE, bytes(line.caller.heard)[8000:]) > 0.999
    assert share_of(CALLER_TONE, bytes(line.agent.heard)[8000:]) > 0.999


def test_sessions_are_fed_without_a_gap_from_the_moment_they_open() -> None:
    async def call() -> EchoEngine:
        line = Line(
            HummingPhone(CALLER_TONE, start=1.0, stop=3.0),
            HummingPhone(AGENT_TONE, start=9e9),
            EchoEngine(),
            ("es", "en"),
        )
        await line.talk(10.0)
        return line.engine

    engine = in_virtual_time(call)
    for session in engine.sessions.values():
        assert 9700 <= session.heard_ms <= 10300
    assert 1900 <= engine.sessions["en"].voiced_ms <= 2200
    assert engine.sessions["es"].voiced_ms == 0


def test_nothing_that_is_said_before_the_two_are_connected_reaches_a_session() -> None:
    async def call() -> EchoEngine:
        engine = EchoEngine()
        bridge = Bridge("call", "es", "en", engine, Observers(), now)
        running = asyncio.create_task(bridge.run(), name="bridge")
        await asyncio.sleep(5.0)
        running.cancel()
        await asyncio.wait((running,))
        return engine

    engine = in_virtual_time(call)
    assert all(session.closed and session.voiced_ms == 0 for session in engine.sessions.values())
    assert all(4700 <= session.heard_ms <= 5100 for session in engine.sessions.values())


def test_the_end_of_what_the_leaver_said_is_heard_before_the_bridge_is_finished() -> None:
    caller, agent = HummingPhone(CALLER_TONE, start=0.5, stop=4.0), HummingPhone(AGENT_TONE, start=9e9)

    async def wait_for_the_end(line: Line) -> None:
        await line.bridge.finish(Role.CALLER, line.legs[1])

    async def call() -> None:
        await Line(caller, agent, EchoEngine(lag=2.5), ("es", "en")).talk(4.0, wait_for_the_end)

    in_virtual_time(call)
    loud = sum(
        share_of(CALLER_TONE, bytes(agent.heard)[at : at + 1600]) > 0.9
        for at in range(0, len(agent.heard) - 1600, 1600)
    )
    assert loud >= 16


def test_finishing_is_immediate_when_nobody_has_spoken() -> None:
    async def call() -> float:
        line = Line(
            HummingPhone(CALLER_TONE, start=9e9), HummingPhone(AGENT_TONE, start=9e9), EchoEngine(), ("es", "en")
        )
        took: list[float] = []

        async def finish(line: Line) -> None:
            began = now()
            await line.bridge.finish(Role.CALLER, line.legs[1])
            took.append(now() - began)

        await line.talk(8.0, finish)
        return took[0]

    assert in_virtual_time(call) < 0.5


def test_another_session_takes_over_where_a_party_chose_another_language_and_the_last_sentence_is_ended() -> None:
    async def call() -> tuple[Put, list[tuple[float, list[str]]]]:
        live = []
        async with Put("es", "en", ListeningEngine(setup=1.0)) as put:
            put.connect()
            await put.talk(3.0, Role.AGENT)
            put.bridge.speak(Role.CALLER, "fr")
            for _ in range(100):
                put.engine.live().get("es", Session("")).speak(0.1)
                await put.talk(0.1, Role.AGENT)
                live.append((now(), sorted(put.engine.live())))
        return put, live

    put, live = in_virtual_time(call)
    assert [session.target for session in put.engine.sessions] == ["en", "es", "fr"]
    assert [targets for at, targets in live if at < 3.95] == [["en", "es"]] * 9
    assert [targets for at, targets in live if 4.15 < at < 9.95] == [["en", "es", "fr"]] * 58
    assert live[-1][1] == ["en", "fr"]
    _, spanish, french = put.engine.sessions
    assert spanish.voiced_ms == pytest.approx(3000, abs=1200)
    assert french.voiced_ms + spanish.voiced_ms == pytest.approx(13000 - 100, abs=200)
    assert len(put.caller.translations()) > 60
    assert put.caller.tones == 0


def test_the_last_sentence_is_over_when_the_one_who_took_over_begins_to_speak() -> None:
    async def call() -> Put:
        async with Put("es", "en", ListeningEngine()) as put:
            put.connect()
            await put.talk(3.0, Role.AGENT)
            put.bridge.speak(Role.CALLER, "fr")
            await put.talk(1.0, Role.AGENT)
            assert sorted(put.engine.live()) == ["en", "es", "fr"]
            put.engine.live()["fr"].rest()
            await put.talk(0.1)
            assert sorted(put.engine.live()) == ["en", "es", "fr"]
            put.engine.live()["fr"].speak()
            await put.talk(0.1)
            assert sorted(put.engine.live()) == ["en", "fr"]
        return put

    assert len(in_virtual_time(call).caller.translations()) == 1


def test_a_party_that_chose_another_language_twice_hears_the_second() -> None:
    async def call() -> Put:
        async with Put("es", "en", ListeningEngine()) as put:
            put.connect()
            await put.talk(3.0)
            put.bridge.speak(Role.CALLER, "fr")
            await put.talk(0.2)
            put.bridge.speak(Role.CALLER, "de")
            await put.talk(3.0)
            assert sorted(put.engine.live()) == ["de", "en"]
        return put

    assert [session.target for session in in_virtual_time(call).engine.sessions] == ["en", "es", "de"]


def test_who_left_for_another_language_and_is_back_before_it_was_there_has_the_same_session() -> None:
    async def call() -> Put:
        async with Put("es", "en", ListeningEngine()) as put:
            put.connect()
            await put.talk(3.0)
            put.bridge.speak(Role.CALLER, "fr")
            await put.talk(0.2)
            put.bridge.speak(Role.CALLER, "es")
            await put.talk(3.0)
        return put

    assert [session.target for session in in_virtual_time(call).engine.sessions] == ["en", "es"]


def test_a_language_that_cannot_be_had_leaves_the_session_before_it_in_its_place() -> None:
    async def call() -> Put:
        async with Put("es", "en", ListeningEngine()) as put:
            put.engine.refuses["fr"] = Trouble.LANGUAGE
            put.connect()
            await put.talk(3.0)
            put.bridge.speak(Role.CALLER, "fr")
            await put.talk(100.0)
            assert sorted(put.engine.live()) == ["en", "es"]
            assert put.bridge.failing_since is None
        return put

    put = in_virtual_time(call)
    assert [language for _, language in put.engine.asked].count("fr") == 2
    assert not put.caller.direct


def test_every_frame_of_the_others_voice_is_given_to_each() -> None:
    async def call() -> Put:
        async with Put("es", "en", ListeningEngine()) as put:
            put.connect()
            await put.talk(3.0)
        return put

    put = in_virtual_time(call)
    assert (put.caller.overheard, put.agent.overheard) == (150, 150)


def test_the_last_translation_can_be_heard_again_by_the_one_it_was_for() -> None:
    async def call() -> tuple[bytes, bytes]:
        async with Put("es", "en", ListeningEngine()) as put:
            put.connect()
            await put.talk(2.0, Role.AGENT)
            put.engine.live()["es"].speak(0.5)
            await put.talk(3.0)
            return put.bridge.repeat(Role.CALLER), put.bridge.repeat(Role.AGENT)

    to_caller, to_agent = in_virtual_time(call)
    assert share_of(1000, to_caller) > 0.98
    assert len(to_caller) == pytest.approx(4000, abs=300)
    assert to_agent == b""


def test_the_seconds_of_both_sessions_are_summed() -> None:
    async def call() -> tuple[float, float]:
        async with Put("es", "en", ListeningEngine(setup=0.5)) as put:
            await asyncio.sleep(10.5)
            running = put.bridge.session_s
        return running, put.bridge.session_s

    assert in_virtual_time(call) == pytest.approx((20.0, 20.0))
