"""Who hears whom, proved by giving each party a frequency of its own, on memory streams in virtual time."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import cast

from structlog.testing import capture_logs

from telephony.audio.format import PCMU_8K
from telephony.calls.bridge import Bridge
from telephony.calls.leg import Leg
from telephony.calls.observer import Observers, Role
from telephony.carriers.base import StreamStarted
from telephony.engines.base import Trouble
from telephony.replay.memory_stream import MemoryStream, now
from telephony.simulator.phone import Phone
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
            Leg(role, role, language, lambda _: None, now) for role, language in zip(Role, languages, strict=True)
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


def test_a_session_that_is_lost_ends_the_bridge_and_closes_the_other() -> None:
    async def call() -> EchoEngine:
        engine = EchoEngine()
        bridge = Bridge("call", "es", "en", engine, Observers(), now)
        running = asyncio.create_task(bridge.run(), name="bridge")
        await asyncio.sleep(3.0)
        engine.sessions["en"].lose()
        await asyncio.wait((running,), timeout=1.0)
        assert running.done()
        return engine

    assert all(session.closed for session in in_virtual_time(call).sessions.values())


def test_a_session_that_is_refused_ends_the_bridge_and_closes_the_other() -> None:
    async def call() -> EchoEngine:
        engine = EchoEngine(refuses={"es": Trouble.QUOTA})
        bridge = Bridge("call", "es", "en", engine, Observers(), now)
        async with asyncio.timeout(1.0):
            await bridge.run()
        return engine

    assert [session.closed for session in in_virtual_time(call).sessions.values()] in ([True], [])


def test_the_cause_is_logged_once_when_both_sessions_are_refused_for_it() -> None:
    async def call() -> None:
        engine = EchoEngine(refuses={"es": Trouble.QUOTA, "en": Trouble.QUOTA})
        await Bridge("call", "es", "en", engine, Observers(), now).run()

    with capture_logs() as logged:
        in_virtual_time(call)
    assert [entry["event"] for entry in logged] == ["interpretation ended"]
