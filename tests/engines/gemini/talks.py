"""Opening sessions and taking what they say."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from telephony.engines.base import EngineEvent, SessionRefused
from telephony.engines.gemini.config import LiveConfig
from telephony.engines.gemini.session import GeminiEngine, GeminiSession
from tests.engines.gemini.peer import Peer

KEY = "the-api-key"
LOST_IN_TIME = 5


@asynccontextmanager
async def engine_at(other: Peer, config: LiveConfig | None = None, **more: str) -> AsyncIterator[GeminiEngine]:
    engine = GeminiEngine(KEY, config or LiveConfig(), base_url=other.url, certificates=other.ca, **more)
    try:
        yield engine
    finally:
        await engine.close()


async def taken(session: GeminiSession, most: int = 100) -> list[EngineEvent]:
    """The events of a session, to its end or to so many."""
    events: list[EngineEvent] = []
    async with asyncio.timeout(LOST_IN_TIME):
        async for event in session.events():
            events.append(event)
            if len(events) == most:
                break
    return events


async def refusal(engine: GeminiEngine, language: str = "pl") -> SessionRefused:
    with pytest.raises(SessionRefused) as refused:
        await engine.open(language)
    assert KEY not in str(refused.value)
    return refused.value
