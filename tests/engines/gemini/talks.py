"""Opening sessions and taking what they say."""

import asyncio

import pytest

from telephony.engines.base import EngineEvent, SessionRefused
from telephony.engines.gemini.session import GeminiEngine, GeminiSession

KEY = "the-api-key"
LOST_IN_TIME = 5


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
