"""Calls with faults at the simulated Live API, seen by the unmodified SDK; what replaces a troubled session is well."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from google.genai import errors
from websockets.exceptions import InvalidStatus

from telephony.simulator.live_api.server import LiveApi
from telephony.simulator.live_api.setup import TRANSLATE_MODEL
from telephony.simulator.scenario import load
from tests.simulator.live_site import KEY_OF_TEST, PATIENCE, client_of, config, heard_until_silent, say
from tests.simulator.spoken import Said, call, known, over_the_line, quiet, voice

LINE = over_the_line(quiet(0.2), voice(0, 1.4), quiet(0.5))

Connect = Callable[[], AbstractAsyncContextManager[Any]]


class Service:
    """A Live API with one short line of the caller, interpreted without a lag, and what it wrote down."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder = call(folder / "call", Said("c1", "caller", 1.4, 0.6), lag=0.0)
        self.noted: list[Mapping[str, Any]] = []
        self._monkeypatch = monkeypatch

    @asynccontextmanager
    async def suffering(self, *tables: str) -> AsyncIterator[Connect]:
        file = self.folder / "call.toml"
        text = "".join(f"[[fault]]\n{table}\n" for table in tables)
        file.write_text(file.read_text(encoding="utf-8") + text, encoding="utf-8")
        async with (
            asyncio.timeout(PATIENCE),
            LiveApi([load(self.folder)], key=KEY_OF_TEST, events=self.noted.append) as api,
        ):
            live = client_of(api, self._monkeypatch).aio.live
            yield lambda: live.connect(model=TRANSLATE_MODEL, config=config())

    def of(self, event: str) -> list[Mapping[str, Any]]:
        return [entry for entry in self.noted if entry["event"] == event]


@pytest.fixture
def service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Service:
    return Service(tmp_path, monkeypatch)


async def is_well(connect: Connect, folder: Path) -> bool:
    """Whether a new session says the line's translation, whole."""
    async with connect() as session:
        await say(session, LINE)
        sound, _, _ = await heard_until_silent(session)
    return sound.startswith(known(folder)["c1"].translation.sound)


async def noticed(session: Any, time_left: str) -> None:
    """Reads on until a goAway comes."""
    async for message in session.receive():
        if message.go_away:
            assert message.go_away.time_left == time_left
            return


async def closed(session: Any) -> tuple[int, str]:
    """Reads on until the connection ends."""
    with pytest.raises(errors.APIError) as error:
        async for _ in session.receive():
            pass
    return error.value.code, str(error.value.details)


async def test_a_notice_comes_in_the_middle_of_a_line_and_then_the_end(service: Service) -> None:
    fault = 'kind = "goaway"\nwho = "caller"\nline = "c1"\nshare = 0.8\nseconds_left = 0.3'
    async with service.suffering(fault) as connect:
        async with connect() as session:
            await say(session, LINE)
            await noticed(session, "0.3s")
            assert await closed(session) == (1008, "The operation was aborted.")
        assert await is_well(connect, service.folder)
    (fault_noted,), closes = service.of("fault"), service.of("session-closed")
    assert (fault_noted["kind"], fault_noted["session"], fault_noted["target"]) == ("goaway", 1, "en")
    assert closes[0]["at"] - fault_noted["at"] == pytest.approx(0.3, abs=0.25)


async def test_a_connection_may_be_aborted_without_a_close_frame(service: Service) -> None:
    async with service.suffering('kind = "close"\ncode = 1006\nheard = 1.0') as connect:
        async with connect() as session:
            await say(session, LINE[:32000])
            code, _ = await closed(session)
        assert code == 1006
        assert await is_well(connect, service.folder)
    assert next(entry["code"] for entry in service.of("session-closed")) == 1006


async def test_a_session_may_be_closed_with_any_code_and_reason(service: Service) -> None:
    fault = 'kind = "close"\ncode = 1011\nreason = "Internal error encountered."\nat = 0.05'
    async with service.suffering(fault) as connect:
        async with connect() as session:
            assert await closed(session) == (1011, "Internal error encountered.")
        assert await is_well(connect, service.folder)


async def test_a_stalled_session_stays_open_and_hears(service: Service) -> None:
    async with service.suffering('kind = "stall"\nheard = 0.1') as connect:
        async with connect() as session:
            await say(session, LINE)
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.6):
                    await anext(session.receive())
            await say(session, bytes(3200))
        assert await is_well(connect, service.folder)
    stalled, *_ = service.of("session-closed")
    assert stalled["chunks"][-1][1] == len(LINE) // 2 + 1600
    assert [entry["session"] for entry in service.of("audio")] == [2, 2, 2]


@pytest.mark.parametrize(("kind", "loudness"), [("silent", 0.0), ("tone", 3250.0)])
async def test_a_session_may_send_what_is_no_speech(service: Service, kind: str, loudness: float) -> None:
    async with service.suffering(f'kind = "{kind}"\nheard = 0.1') as connect:
        async with connect() as session:
            await say(session, LINE)
            sound = b""
            async for message in session.receive():
                assert message.server_content is None or message.server_content.output_transcription is None
                sound += message.data or b""
                if len(sound) >= 36000:
                    break
        assert np.sqrt(np.mean(np.frombuffer(sound, "<i2").astype(float) ** 2)) == pytest.approx(loudness, rel=0.01)
        assert await is_well(connect, service.folder)
    assert [entry["kind"] for entry in service.of("fault")] == [kind]


async def test_a_session_may_name_the_wrong_language(service: Service) -> None:
    fault = 'kind = "wrong-language"\nlanguage = "pt-BR"\nat = 0'
    async with service.suffering(fault) as connect, connect() as session:
        await say(session, LINE)
        async for message in session.receive():
            words = message.server_content and message.server_content.output_transcription
            if words:
                assert words.language_code == "pt-BR"
                break


async def test_a_spent_quota_refuses_the_first_sessions_and_not_the_next(service: Service) -> None:
    async with service.suffering('kind = "refuse"\nas = "quota"\nsessions = 2') as connect:
        for _ in range(2):
            with pytest.raises(errors.APIError) as error:
                async with connect():
                    pass
            assert error.value.code == 1011
            assert str(error.value.details).startswith("You exceeded your current quota")
            assert len(str(error.value.details)) == 123
        assert await is_well(connect, service.folder)
    assert [(entry["session"], entry["kind"]) for entry in service.of("fault")] == [(1, "refuse"), (2, "refuse")]
    assert [entry["target"] for entry in service.of("session-refused")] == ["en", "en"]


async def test_too_many_requests_are_turned_away_at_the_handshake(service: Service) -> None:
    async with service.suffering('kind = "refuse"\nas = "too-many-requests"') as connect:
        with pytest.raises(InvalidStatus) as error:
            async with connect():
                pass
        assert error.value.response.status_code == 429
        assert await is_well(connect, service.folder)
    assert [entry["kind"] for entry in service.of("fault")] == ["refuse"]
