"""An engine with sessions that outlive their connections is an engine like any other."""

import asyncio

from telephony.audio.format import PCM16_16K, PCM16_24K
from telephony.engines.base import SessionLost
from telephony.engines.continuity import ContinuousEngine
from tests.engines.continuity.listener import Listener
from tests.engines.continuity.talk import Talk
from tests.engines.continuity.word_engine import WordEngine
from tests.virtual_time import in_virtual_time


def test_it_takes_and_gives_what_the_engine_within_does() -> None:
    engine = ContinuousEngine(WordEngine(Talk(1, 1.0), chunk_ms=60), lambda: 0.0)
    assert (engine.input_format, engine.output_format, engine.chunk_ms) == (PCM16_16K, PCM16_24K, 60)


def test_closing_it_closes_the_engine_within() -> None:
    async def run() -> bool:
        within = WordEngine(Talk(1, 1.0))
        await ContinuousEngine(within, asyncio.get_running_loop().time).close()
        return within.closed

    assert in_virtual_time(run)


def test_a_session_hears_from_the_first_moment_on() -> None:
    async def run() -> int:
        within = WordEngine(Talk(1, 1.0))
        session = await ContinuousEngine(within, asyncio.get_running_loop().time).open("en")
        await session.send_audio(bytes(3200))
        await asyncio.sleep(0.1)
        await session.close()
        return within.sessions[0].frames

    assert in_virtual_time(run) == 5


def test_a_session_may_be_closed_at_once_and_more_than_once_and_takes_sound_after_that() -> None:
    async def run() -> tuple[bool, list[type]]:
        within = WordEngine(Talk(1, 1.0))
        session = await ContinuousEngine(within, asyncio.get_running_loop().time).open("en")
        await session.close()
        await session.close()
        await session.send_audio(bytes(3200))
        listener = Listener(session)
        await listener.listen()
        return within.sessions[0].closed, [type(event) for _, event in listener.events]

    assert in_virtual_time(run) == (True, [SessionLost])
