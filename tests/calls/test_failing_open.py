"""When no interpretation is to be had, the two hear each other directly, and a tone says so; silence is no answer."""

import asyncio
from itertools import pairwise

import pytest
from structlog.testing import capture_logs

from telephony.calls.bridge import Bridge
from telephony.calls.leg import Leg
from telephony.calls.observer import CallNews, Continuity, Observers, Role
from telephony.calls.tongues import PARTIES
from telephony.engines.base import Degraded, HandedOver, Restored, SessionLost, Trouble
from telephony.engines.continuity import ContinuousEngine
from telephony.replay.memory_stream import now
from tests.calls.put_through import ListeningEngine, Put
from tests.calls.test_bridge import AGENT_TONE, CALLER_TONE, Line
from tests.fakes import EchoEngine, HummingPhone, share_of
from tests.virtual_time import in_virtual_time

LOST_AT, BACK_AT, OVER_AT = 5.0, 20.0, 40.0
BEEP = 880.0


class Diary:
    """Keeps what an observer is told of the interpretation."""

    def __init__(self) -> None:
        self.entries: list[Continuity] = []

    def tell(self, news: CallNews) -> None:
        if isinstance(news, Continuity):
            self.entries.append(news)


def outage(*, ends: bool, trouble: Trouble = Trouble.UNREACHABLE) -> tuple[HummingPhone, HummingPhone, Diary]:
    """A talk whose sessions are both lost after a few seconds; new ones are refused for good, or for a while."""
    caller, agent = HummingPhone(CALLER_TONE, syllable=0.3), HummingPhone(AGENT_TONE, syllable=0.3)
    diary = Diary()

    async def trouble_begins_and_ends(line: Line) -> None:
        for language, session in list(line.engine.sessions.items()):
            line.engine.refuses[language] = trouble
            session.lose(trouble)
        await asyncio.sleep(BACK_AT - LOST_AT)
        if ends:
            line.engine.refuses.clear()
        await asyncio.sleep(OVER_AT - BACK_AT)

    async def call() -> None:
        line = Line(caller, agent, EchoEngine(), ("es", "en"))
        line.bridge = Bridge("call", "es", "en", ContinuousEngine(line.engine, now), Observers(diary), now)
        line.legs = [Leg(role, role, role, lambda _: None, now) for role in PARTIES]
        await line.talk(LOST_AT, trouble_begins_and_ends)

    in_virtual_time(call)
    return caller, agent, diary


def heard(phone: HummingPhone, frequency: float, since: float, until: float) -> float:
    return share_of(frequency, bytes(phone.heard[round(since * 8000) : round(until * 8000)]))


def test_both_hear_each_other_directly_while_no_session_is_to_be_had() -> None:
    caller, agent, _ = outage(ends=False)
    assert heard(agent, CALLER_TONE, 12, OVER_AT - 1) > 0.95
    assert heard(caller, AGENT_TONE, 12, OVER_AT - 1) > 0.95


def test_a_tone_tells_both_that_the_line_is_another_one() -> None:
    caller, agent, _ = outage(ends=False)
    for phone in (caller, agent):
        beeps = [heard(phone, BEEP, at / 10, at / 10 + 0.1) for at in range(50, 120)]
        assert max(beeps) > 0.9


def test_interpretation_resumes_by_itself_when_it_can() -> None:
    _, agent, diary = outage(ends=True)
    for speaker in PARTIES:
        events = [type(entry.event) for entry in diary.entries if entry.speaker is speaker]
        assert [event for event in events if event is not HandedOver] == [Degraded, Restored]
    assert heard(agent, CALLER_TONE, 36, 40) > 0.95


def test_a_key_that_is_withdrawn_in_the_middle_of_a_talk_leaves_the_two_connected() -> None:
    caller, agent, _ = outage(ends=False, trouble=Trouble.KEY)
    assert heard(agent, CALLER_TONE, 12, OVER_AT - 1) > 0.95
    assert heard(caller, AGENT_TONE, 12, OVER_AT - 1) > 0.95


def test_a_session_that_is_refused_from_the_start_leaves_the_two_connected_with_a_tone_and_a_notice() -> None:
    async def call() -> Put:
        engine = ListeningEngine()
        engine.refuses = {"es": Trouble.QUOTA, "en": Trouble.QUOTA}
        async with Put("es", "en", engine) as put:
            await put.talk(2.0)
            put.connect()
            assert put.caller.direct
            assert put.agent.direct
            await put.talk(60.0, Role.CALLER)
            assert put.bridge.failing_since == pytest.approx(0.5)
        return put

    put = in_virtual_time(call)
    assert (put.caller.tones, put.agent.tones) == (1, 1)
    assert put.agent.overheard == 3000
    assert len(put.of(Continuity)) == 2


def test_the_cause_is_logged_once_for_both_directions_however_often_it_is_tried() -> None:
    async def call() -> None:
        engine = ListeningEngine()
        engine.refuses = {"es": Trouble.KEY, "en": Trouble.KEY}
        async with Put("es", "en", engine) as put:
            put.connect()
            await put.talk(600.0)

    with capture_logs() as logged:
        in_virtual_time(call)
    assert [(entry["event"], entry["trouble"]) for entry in logged] == [("interpretation fails", "key")]


def test_a_line_that_began_without_interpretation_has_it_as_soon_as_it_can_be_had() -> None:
    async def call() -> Put:
        engine = ListeningEngine()
        engine.refuses = {"es": Trouble.UNREACHABLE, "en": Trouble.UNREACHABLE}
        async with Put("es", "en", engine) as put:
            put.connect()
            await put.talk(10.0, Role.CALLER)
            engine.refuses.clear()
            await put.talk(10.0, Role.CALLER)
            assert not put.caller.direct
            assert not put.agent.direct
            assert put.bridge.failing_since is None
            assert engine.live()["en"].voiced_ms < 10_000, "what was heard directly is not interpreted"
        return put

    put = in_virtual_time(call)
    restored = [entry for entry in put.of(Continuity) if isinstance(entry.event, Restored)]
    assert {entry.speaker for entry in restored} == set(PARTIES)


def test_one_direction_that_fails_does_not_take_the_other_with_it() -> None:
    async def call() -> Put:
        engine = ListeningEngine()
        engine.refuses = {"es": Trouble.QUOTA}
        async with Put("es", "en", engine) as put:
            put.connect()
            await put.talk(5.0, Role.CALLER)
            assert (put.caller.direct, put.agent.direct) == (True, False)
            assert put.bridge.failing_since is not None
            assert sorted(engine.live()) == ["en"]
        return put

    in_virtual_time(call)


@pytest.mark.parametrize(
    ("trouble", "tries"),
    [(Trouble.KEY, 10), (Trouble.MODEL, 10), (Trouble.QUOTA, 8), (Trouble.UNREACHABLE, 23), (Trouble.DROPPED, 23)],
)
def test_what_is_refused_is_asked_for_again_but_not_often(trouble: Trouble, tries: int) -> None:
    async def call() -> list[float]:
        engine = ListeningEngine(setup=0.0)
        engine.refuses = {"es": trouble}
        async with Put("es", "en", engine) as put:
            put.connect()
            await put.talk(599.0)
        return [at for at, language in engine.asked if language == "es"]

    asked = in_virtual_time(call)
    assert len(asked) == tries
    assert min(later - sooner for sooner, later in pairwise(asked)) >= 2.0


def test_a_session_that_takes_long_is_waited_for_with_what_was_said_and_then_not_any_more() -> None:
    async def call(setup: float) -> tuple[list[bool], float]:
        async with Put("es", "en", ListeningEngine(setup)) as put:
            put.connect()
            direct = []
            for _ in range(5):
                await put.talk(1.0, Role.CALLER)
                direct.append(put.agent.direct)
            return direct, put.engine.live()["en"].voiced_ms

    direct, voiced_ms = in_virtual_time(lambda: call(2.5))
    assert not any(direct)
    assert voiced_ms >= 4800, "nothing was lost"
    direct, voiced_ms = in_virtual_time(lambda: call(4.5))
    assert direct == [False, False, True, True, False]
    assert voiced_ms <= 600


def test_a_session_that_is_lost_for_good_is_replaced_as_soon_as_one_can_be_had() -> None:
    async def call() -> Put:
        async with Put("es", "en", ListeningEngine()) as put:
            put.connect()
            await put.talk(20.0)
            put.engine.live()["en"].tell(SessionLost(Trouble.SETUP, "by the test"))
            await put.talk(30.0)
            assert put.agent.direct
            await put.talk(40.0)
            assert not put.agent.direct
            assert not put.caller.direct
        return put

    put = in_virtual_time(call)
    assert [session.target for session in put.engine.sessions] == ["en", "es", "en"]


def test_interpretation_that_is_switched_off_does_not_fail() -> None:
    async def call() -> Put:
        engine = ListeningEngine()
        engine.refuses = {"es": Trouble.QUOTA, "en": Trouble.QUOTA}
        async with Put("es", "en", engine) as put:
            put.connect()
            await put.talk(5.0)
            put.bridge.interpret(False)
            assert put.bridge.failing_since is None
            asked = len(engine.asked)
            await put.talk(60.0)
            assert len(engine.asked) == asked
        return put

    put = in_virtual_time(call)
    assert put.caller.direct
