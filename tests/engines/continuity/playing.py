"""A talk, spoken through a continuous session over an engine that may fail, in virtual time."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from telephony.engines.base import Degraded, EngineEvent, HandedOver, Restored, SessionLost, Trouble
from telephony.engines.continuity import ContinuousEngine, Policy
from telephony.engines.continuity.report import Report
from tests.engines.continuity.listener import Listener
from tests.engines.continuity.talk import Talk, speak
from tests.engines.continuity.word_engine import Ways, WordEngine
from tests.virtual_time import in_virtual_time

CLOSED = SessionLost(Trouble.DROPPED, "closed")

Meanwhile = Callable[[WordEngine], Coroutine[Any, Any, None]]


async def nothing(_engine: WordEngine) -> None:
    return


@dataclass(frozen=True, slots=True)
class Played:
    """What came of it."""

    talk: Talk
    listener: Listener
    report: Report
    engine: WordEngine
    pace: float
    ended_at: float
    """When the speaker had finished."""

    @property
    def lost(self) -> list[int]:
        """Words that were never heard from beginning to end."""
        whole = self.listener.whole(self.talk, self.pace)
        return [word.number for word in self.talk.words if not whole[word.number]]

    @property
    def repeated(self) -> list[int]:
        """Words whose beginning was heard more than once."""
        return sorted(word for word, count in self.listener.counts().items() if count > 1)

    @property
    def in_order(self) -> bool:
        """No word was heard after a later one, and none inside another."""
        numbers = [word for _, word, _ in self.listener.heard]
        return numbers == sorted(numbers)

    def hand_overs(self) -> list[tuple[float, HandedOver]]:
        return [(at, event) for at, event in self.listener.events if isinstance(event, HandedOver)]

    def news(self) -> list[EngineEvent]:
        """What the session told of itself."""
        kinds = HandedOver | Degraded | Restored | SessionLost
        return [e for _, e in self.listener.events if isinstance(e, kinds) and e != CLOSED]

    @property
    def closed_with(self) -> EngineEvent:
        """The last event."""
        return self.listener.events[-1][1]


def play(
    talk: Talk,
    ways: Ways | None = None,
    policy: Policy | None = None,
    meanwhile: Meanwhile = nothing,
    *,
    chunk_ms: int = 100,
    then_silence: float = 12.0,
) -> Played:
    """Plays it to its end; fails if a task or a connection is left over."""
    ways = ways or Ways()

    async def run() -> Played:
        engine = WordEngine(talk, ways=ways, chunk_ms=chunk_ms)
        loop = asyncio.get_running_loop()
        session = await ContinuousEngine(engine, loop.time, policy).open("en")
        listener = Listener(session)
        listening = asyncio.create_task(listener.listen(), name="listen")
        going_on = asyncio.create_task(meanwhile(engine), name="meanwhile")
        await speak(talk, session, engine, then_silence=then_silence)
        ended_at = loop.time()
        going_on.cancel()
        await asyncio.wait((going_on,))
        if not going_on.cancelled():
            going_on.result()
        await session.close()
        await listening
        assert all(known.closed for known in engine.sessions)
        return Played(talk, listener, session.report, engine, ways.pace, ended_at)

    return in_virtual_time(run)
