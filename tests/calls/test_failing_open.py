"""When no interpretation is to be had, the two hear each other directly, and a tone says so; silence is no answer."""

import asyncio

from telephony.calls.bridge import Bridge
from telephony.calls.leg import Leg
from telephony.calls.observer import CallNews, Continuity, Observers, Role
from telephony.engines.base import Degraded, HandedOver, Restored, Trouble
from telephony.engines.continuity import ContinuousEngine
from telephony.replay.memory_stream import now
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
        line.legs = [Leg(role, role, role, lambda _: None, now) for role in Role]
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
    for speaker in Role:
        events = [type(entry.event) for entry in diary.entries if entry.speaker is speaker]
        assert [event for event in events if event is not HandedOver] == [Degraded, Restored]
    assert heard(agent, CALLER_TONE, 36, 40) > 0.95


def test_a_key_that_is_withdrawn_in_the_middle_of_a_talk_leaves_the_two_connected() -> None:
    caller, agent, _ = outage(ends=False, trouble=Trouble.KEY)
    assert heard(agent, CALLER_TONE, 12, OVER_AT - 1) > 0.95
    assert heard(caller, AGENT_TONE, 12, OVER_AT - 1) > 0.95
