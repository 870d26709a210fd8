"""Three hours on the phone, in virtual time: both directions, at the service's own ten minutes a connection."""

import asyncio
from dataclasses import dataclass

import pytest

from telephony.engines.base import HandedOver, Reason
from telephony.engines.continuity import ContinuousEngine
from telephony.engines.continuity.report import Report
from tests.engines.continuity.listener import Listener
from tests.engines.continuity.talk import Talk, speak
from tests.engines.continuity.word_engine import Ways, WordEngine, WordSession
from tests.virtual_time import in_virtual_time

HOURS = 3


@dataclass(frozen=True, slots=True)
class Direction:
    talk: Talk
    listener: Listener
    report: Report


@pytest.fixture(scope="module")
def directions() -> list[Direction]:
    """Chunks and messages of a second, to be quick; connections end 590 s after they were opened."""

    async def run() -> list[Direction]:
        talks = [Talk(seed, HOURS * 3600.0, pauses=(1.0, 20.0), turns=True) for seed in (1, 2)]
        engines = [
            WordEngine(talk, ways=Ways(message_frames=50, goes_away=(540.0, 50.0)), chunk_ms=1000) for talk in talks
        ]
        both = ContinuousEngine(Both(engines), asyncio.get_running_loop().time)
        sessions = [await both.open(target) for target in ("en", "es")]
        listeners = [Listener(session) for session in sessions]
        listening = [asyncio.create_task(listener.listen(), name="listen") for listener in listeners]
        await asyncio.gather(*(speak(t, s, e) for t, s, e in zip(talks, sessions, engines, strict=True)))
        for session in sessions:
            await session.close()
        await asyncio.gather(*listening)
        return [Direction(t, x, s.report) for t, x, s in zip(talks, listeners, sessions, strict=True)]

    return in_virtual_time(run)


class Both:
    """An engine that interprets each direction's own talk."""

    def __init__(self, engines: list[WordEngine]) -> None:
        self._engines = dict(zip(("en", "es"), engines, strict=True))
        self.input_format, self.output_format = engines[0].input_format, engines[0].output_format
        self.chunk_ms = engines[0].chunk_ms

    async def open(self, target_language: str) -> WordSession:
        return await self._engines[target_language].open(target_language)

    async def close(self) -> None:
        return


@pytest.mark.parametrize("direction", [0, 1])
def test_in_three_hours_no_word_is_lost_or_heard_twice(directions: list[Direction], direction: int) -> None:
    one = directions[direction]
    whole, counts = one.listener.whole(one.talk), one.listener.counts()
    assert [word.number for word in one.talk.words if whole[word.number] != 1] == []
    assert max(counts.values()) == 1


@pytest.mark.parametrize("direction", [0, 1])
def test_in_three_hours_a_direction_is_handed_over_twenty_times_by_age(
    directions: list[Direction], direction: int
) -> None:
    report = directions[direction].report
    assert report.hand_overs.keys() == {Reason.AGE}
    assert report.hand_overs[Reason.AGE] >= 20
    assert max(report.gaps_ms) <= 300


def test_the_two_directions_are_never_handed_over_within_a_minute(directions: list[Direction]) -> None:
    one, other = ([at for at, event in d.listener.events if isinstance(event, HandedOver)] for d in directions)
    assert min(abs(first - second) for first in one for second in other) >= 60
