"""What of a leg's sound reaches its tap, in virtual time."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import cast

import numpy as np
import pytest

from telephony.audio import g711
from telephony.calls.observer import Role
from telephony.calls.parties import Parties
from telephony.calls.recorded import recorded
from telephony.carriers.base import (
    AudioReceived,
    CallControl,
    DtmfReceived,
    MediaEvent,
    MediaStream,
    StreamStopped,
)
from telephony.replay.memory_stream import now
from tests.fakes import hum, share_of
from tests.scenarios.sounds import MemoryRecording, MemorySounds
from tests.virtual_time import in_virtual_time

VOICE = g711.encode(hum(500, 0.02))
KEY_ONE = (697.0, 1209.0)


class ToldStream:
    """Says frame after frame what the test has it say, and takes in what is sent."""

    def __init__(self, sound: bytes, key_at: int | None = None) -> None:
        self._sound = sound
        self._key_at = key_at

    async def events(self) -> AsyncIterator[MediaEvent]:
        for number in range(len(self._sound) // 160):
            await asyncio.sleep(0.02)
            if number == self._key_at:
                yield DtmfReceived("1")
            frame = self._sound[160 * number : 160 * number + 160]
            yield AudioReceived(frame, number + 1, number * 20)
        yield StreamStopped("the test is over", leg_ended=False)

    async def send_audio(self, pcmu: bytes) -> None:
        return

    async def send_mark(self, name: str) -> None:
        return

    async def close(self, reason: str) -> None:
        return


@dataclass
class Talk:
    """The caller of two who talk says what a stream says. `agree`: which of the two may be recorded; `withdraws`: when
    the agent takes that back."""

    stream: ToldStream
    plays: bytes = b""
    agree: tuple[bool, bool] = (True, True)
    alone: bool = False
    withdraws: float | None = None
    sounds: MemorySounds = field(default_factory=MemorySounds)
    taps: list[object] = field(default_factory=list)
    """What listens to the two afterwards."""

    def lived(self) -> "Talk":
        in_virtual_time(self._live)
        return self

    async def _live(self) -> None:
        parties = Parties("call", "es", cast(CallControl, None), now, lambda _: None)
        agent = parties.add_agent("en")
        parties.agent = None if self.alone else agent
        parties.caller.may_be_recorded, agent.may_be_recorded = self.agree
        with recorded(self.sounds, parties):
            parties.caller.play(self.plays)
            carrying = asyncio.create_task(parties.caller.carry(cast(MediaStream, self.stream)), name="carry")
            if self.withdraws is not None:
                await asyncio.sleep(self.withdraws)
                agent.may_be_recorded = False
            await carrying
        self.taps = [leg.tap for leg in parties.talkers]

    @property
    def part(self) -> MemoryRecording:
        (part,) = self.sounds.parts
        return part

    @property
    def said(self) -> bytes:
        return b"".join(pcmu for _, pcmu in self.part.said_by[Role.CALLER])


def test_what_a_party_says_and_what_it_is_sent_are_kept() -> None:
    talk = Talk(ToldStream(VOICE * 50), plays=g711.encode(hum(1000, 0.5))).lived()
    assert share_of(500, talk.said) > 0.9
    assert share_of(1000, b"".join(pcmu for _, pcmu in talk.part.heard_by[Role.CALLER])) > 0.9


def test_a_key_is_not_to_be_heard() -> None:
    tones = sum(np.frombuffer(hum(hertz, 0.2), "<i2").astype(float) for hertz in KEY_ONE) / 2
    key = g711.encode(np.asarray(tones).astype("<i2").tobytes())
    sound = VOICE * 50 + key + VOICE * 50
    assert loudest_share(sound) > 0.4
    assert loudest_share(Talk(ToldStream(sound, key_at=52)).lived().said) < 0.1


def loudest_share(sound: bytes) -> float:
    """Of a key's tones, in any tenth of a second around it."""
    return max(share_of(hertz, sound[at : at + 800]) for hertz in KEY_ONE for at in range(7200, 10_400, 400))


def test_a_party_that_takes_its_word_back_ends_it_for_both() -> None:
    talk = Talk(ToldStream(VOICE * 100), withdraws=0.99).lived()
    assert len(talk.said) / 160 == pytest.approx(50, abs=3)


@pytest.mark.parametrize("agree", [(True, False), (False, True), (False, False)])
def test_one_who_has_not_agreed_is_enough_for_nothing_to_be_kept(agree: tuple[bool, bool]) -> None:
    assert Talk(ToldStream(VOICE), agree=agree).lived().sounds.parts == []


def test_one_alone_is_not_recorded() -> None:
    assert Talk(ToldStream(VOICE), alone=True).lived().sounds.parts == []


def test_afterwards_nothing_listens_any_more() -> None:
    assert Talk(ToldStream(VOICE)).lived().taps == [None, None]
