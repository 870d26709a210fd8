"""The engine in memory suffers what the Live API would: refusals, notices, losses and stalls, in virtual time."""

import asyncio
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest

from telephony.engines.base import (
    EngineEvent,
    GoAway,
    SessionLost,
    SessionRefused,
    Transcript,
    TranslatedAudio,
    Trouble,
)
from telephony.replay import virtual_time
from telephony.replay.evidence import Happened
from telephony.replay.memory_engine import MemoryEngine, MemorySession
from telephony.simulator.live_api.fault_plan import FaultPlan
from telephony.simulator.live_api.lines import learn
from telephony.simulator.live_api.model import Knowledge, LiveModel
from telephony.simulator.scenario import load
from tests.simulator.spoken import Said, call, over_the_line, quiet, voice

LINE = over_the_line(voice(0, 4.0), quiet(4.0))


@pytest.fixture
def engine_of(tmp_path: Path) -> Callable[..., MemoryEngine]:
    """An engine for a call of one line, with these faults."""

    def make(*tables: str) -> MemoryEngine:
        folder = call(tmp_path / "call", Said("c1", "caller", 4.0, 4.0))
        text = "".join(f"[[fault]]\n{table}\n" for table in tables)
        file = folder / "call.toml"
        file.write_text(file.read_text(encoding="utf-8") + text, encoding="utf-8")
        scenario = load(folder)
        lines = learn([scenario])
        return MemoryEngine(lambda target: LiveModel(Knowledge(lines, target)), FaultPlan([scenario]))

    return make


async def heard(session: MemorySession, pcm: bytes = LINE) -> list[tuple[float, EngineEvent]]:
    """What comes while sound is spoken to it, and up to its end, each with its time."""
    came: list[tuple[float, EngineEvent]] = []

    async def read() -> None:
        came.extend([(asyncio.get_running_loop().time(), event) async for event in session.events()])

    reading = asyncio.create_task(read())
    for at in range(0, len(pcm), 3200):
        await asyncio.sleep(0.1)
        await session.send_audio(pcm[at : at + 3200])
    await session.close()
    await reading
    return came


def in_virtual_time(work: Coroutine[Any, Any, Any]) -> Any:
    return virtual_time.run(work)


def test_a_notice_and_the_loss_it_announced_come_in_time(engine_of: Callable[..., MemoryEngine]) -> None:
    engine = engine_of('kind = "goaway"\nat = 2.05\nseconds_left = 3.0\nwho = "caller"')

    async def run() -> list[tuple[float, EngineEvent]]:
        return await heard(await engine.open("en"))

    came = in_virtual_time(run())
    (noticed,) = ((at, event) for at, event in came if isinstance(event, GoAway))
    assert noticed == (pytest.approx(2.05), GoAway(3.0))
    assert came[-1] == (
        pytest.approx(5.05),
        SessionLost(Trouble.DROPPED, "closed with 1008: The operation was aborted."),
    )
    assert [(mark.what, mark.detail) for mark in engine.marks] == [
        (Happened.OPENED, ""),
        (Happened.FAULT, "goaway"),
        (Happened.CLOSED, "closed with 1008"),
    ]
    assert [mark.at for mark in engine.marks] == pytest.approx([0.0, 2.05, 5.05])


def test_a_lost_session_swallows_sound_and_its_replacement_is_well(engine_of: Callable[..., MemoryEngine]) -> None:
    engine = engine_of('kind = "close"\ncode = 1006\nline = "c1"\nshare = 0.5')

    async def run() -> tuple[list[Any], list[Any]]:
        return await heard(await engine.open("en")), await heard(await engine.open("en"))

    lost, well = in_virtual_time(run())
    assert lost[-1] == (pytest.approx(2.0, abs=0.11), SessionLost(Trouble.DROPPED, "closed with 1006: "))
    assert well[-1][1] == SessionLost(Trouble.DROPPED, "closed")
    assert any(any(event.audio) for _, event in well if isinstance(event, TranslatedAudio))
    assert [session.open for _, session in engine.sessions] == [False, False]
    assert [mark.what for mark in engine.marks].count(Happened.FAULT) == 1


def test_a_quota_that_is_found_spent_later_is_told_as_such(engine_of: Callable[..., MemoryEngine]) -> None:
    reason = (
        "You exceeded your current quota, please check your plan and billing details. For more information on this "
    )
    engine = engine_of(f'kind = "close"\ncode = 1011\nat = 1\nreason = "{reason}error, head to: https://x"')

    async def run() -> list[tuple[float, EngineEvent]]:
        return await heard(await engine.open("en"))

    (_, last) = in_virtual_time(run())[-1]
    assert isinstance(last, SessionLost)
    assert last.trouble is Trouble.QUOTA


def test_a_stalled_session_says_nothing_more(engine_of: Callable[..., MemoryEngine]) -> None:
    engine = engine_of('kind = "stall"\nheard = 3.0')

    async def run() -> list[tuple[float, EngineEvent]]:
        return await heard(await engine.open("en"))

    *before, last = in_virtual_time(run())
    assert before
    assert max(at for at, _ in before) <= 3.0 + 1e-6
    assert last[1] == SessionLost(Trouble.DROPPED, "closed")
    (_, session) = engine.sessions[0]
    assert session.model.arrivals.samples == 8 * 16000


def test_a_silent_session_sends_zeros_and_no_words(engine_of: Callable[..., MemoryEngine]) -> None:
    engine = engine_of('kind = "silent"\nheard = 3.0')

    async def run() -> list[tuple[float, EngineEvent]]:
        return await heard(await engine.open("en"))

    after = [event for at, event in in_virtual_time(run()) if at > 3.0 + 1e-6]
    assert sum(isinstance(event, TranslatedAudio) for event in after) == pytest.approx(20, abs=1)
    assert not any(any(event.audio) for event in after if isinstance(event, TranslatedAudio))
    assert not any(isinstance(event, Transcript) for event in after)


@pytest.mark.parametrize(
    ("refused", "trouble", "detail"),
    [
        ("quota", Trouble.QUOTA, "closed with 1011: You exceeded your current quota"),
        ("too-many-requests", Trouble.QUOTA, "the upgrade was answered with HTTP 429"),
        ("key", Trouble.KEY, "closed with 1007: API key not valid"),
        ("model", Trouble.MODEL, "closed with 1008: models/gemini-3.5-live-translate-preview is not found"),
        ("language", Trouble.LANGUAGE, "closed with 1007: Unsupported language code 'en'"),
    ],
)
def test_a_refused_session_says_why_and_the_next_is_given(
    engine_of: Callable[..., MemoryEngine], refused: str, trouble: Trouble, detail: str
) -> None:
    engine = engine_of(f'kind = "refuse"\nas = "{refused}"')

    async def run() -> float:
        with pytest.raises(SessionRefused) as error:
            await engine.open("en")
        assert error.value.trouble is trouble
        assert error.value.detail.startswith(detail)
        after = asyncio.get_running_loop().time()
        await (await engine.open("en")).close()
        return after

    assert in_virtual_time(run()) == pytest.approx(0.0 if refused == "too-many-requests" else 0.8)
    assert [mark.what for mark in engine.marks] == [
        Happened.FAULT,
        Happened.REFUSED,
        Happened.OPENED,
        Happened.CLOSED,
    ]
