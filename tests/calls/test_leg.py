"""What a leg knows of how far behind its party hears, on a memory stream in virtual time."""

import asyncio
from typing import cast

import pytest

from telephony.audio import g711
from telephony.audio.format import PCMU_8K
from telephony.calls.leg import Leg
from telephony.calls.observer import Role
from telephony.carriers.base import StreamStarted
from telephony.replay.memory_stream import MemoryStream, now
from telephony.simulator.phone import Phone
from tests.fakes import HummingPhone, hum
from tests.virtual_time import in_virtual_time

MESSAGE = g711.encode(hum(440, 0.25))


class MarkedStream(MemoryStream):
    """Keeps when marks were sent."""

    def __init__(self, started: StreamStarted, phone: Phone) -> None:
        super().__init__(started, phone)
        self.marked: list[float] = []

    async def send_mark(self, name: str) -> None:
        self.marked.append(now())
        await super().send_mark(name)


def played(messages: int, at_once: bool, quiet: bool = False) -> tuple[list[float], list[float]]:
    """The leg's lag after each message's length, and when marks were sent."""
    lags: list[float] = []

    async def call() -> list[float]:
        leg = Leg("agent", Role.AGENT, "en", lambda _: None, now)
        started = StreamStarted("call", leg.name, {}, PCMU_8K)
        stream = MarkedStream(started, cast(Phone, HummingPhone(500.0, start=9e9)))
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(leg.carry(stream), name="carry")
            tasks.create_task(stream.run(), name="stream")
            for _ in range(messages if at_once else 0):
                leg.play(MESSAGE)
            for _ in range(messages):
                if not at_once:
                    leg.play(g711.SILENCE * 2000 if quiet else MESSAGE)
                await asyncio.sleep(0.25)
                lags.append(leg.lag)
            await stream.close("the test is over")
        return stream.marked

    return lags, in_virtual_time(call)


def test_a_party_that_hears_at_once_is_a_message_and_the_cushion_behind() -> None:
    lags, _ = played(40, at_once=False)
    assert lags[-1] == pytest.approx(0.25 + 0.08, abs=0.05)


def test_what_came_at_once_is_heard_later_and_later() -> None:
    lags, _ = played(40, at_once=True)
    assert lags == sorted(lags)
    assert lags[20] == pytest.approx(5.0, abs=1.0)


def test_marks_are_sent_twice_a_second_at_most_and_none_while_silent() -> None:
    assert 10 <= len(played(40, at_once=False)[1]) <= 20
    assert played(40, at_once=False, quiet=True)[1] == []
