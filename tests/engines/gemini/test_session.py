import asyncio
import json
from base64 import urlsafe_b64decode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import web

from telephony.audio.format import PCM16_16K, PCM16_24K
from telephony.engines.base import GoAway, SessionLost, TranslatedAudio, Trouble
from telephony.engines.gemini import session as session_module
from telephony.engines.gemini.config import LiveConfig
from telephony.engines.gemini.session import GeminiSession
from tests.engines.gemini.peer import (
    Peer,
    Script,
    breaking,
    closing,
    frame,
    ignoring_close,
    peer,
    saying,
)
from tests.engines.gemini.talks import KEY, LOST_IN_TIME, engine_at, taken

PATH = "/ws/google.ai.generativelanguage.v1beta.GenerativeService.BidiGenerateContent"


@asynccontextmanager
async def opened(folder: Path, script: Script) -> AsyncIterator[tuple[Peer, GeminiSession]]:
    """A session with a peer that follows `script`."""
    async with peer(folder, script) as other, engine_at(other) as engine:
        session = await engine.open("pl")
        try:
            yield other, session
        finally:
            await session.close()


async def test_the_setup_is_the_documented_frame_to_the_byte(tmp_path: Path) -> None:
    async with opened(tmp_path, saying()) as (other, _):
        assert await other.next_frame() == frame("client_setup_seed.json")
        assert other.paths == [PATH]
        assert other.keys == [KEY]


async def test_the_settings_reach_the_setup(tmp_path: Path) -> None:
    config = LiveConfig(model="models/another", echo_target_language=True)
    async with peer(tmp_path, saying()) as other, engine_at(other, config, api_version="v1alpha") as engine:
        session = await engine.open("zh-Hant")
        setup = json.loads(await other.next_frame())["setup"]
        assert setup["model"] == "models/another"
        assert setup["generationConfig"]["translationConfig"] == {
            "echoTargetLanguage": True,
            "targetLanguageCode": "zh-Hant",
        }
        assert other.paths == [PATH.replace("v1beta", "v1alpha")]
        await session.close()


async def test_sound_is_sent_as_blobs_of_16_khz_pcm_to_the_byte(tmp_path: Path) -> None:
    documented = frame("client_audio_sdk.json")
    async with opened(tmp_path, saying()) as (other, session):
        await other.next_frame()
        await session.send_audio(urlsafe_b64decode(json.loads(documented)["realtime_input"]["audio"]["data"]))
        assert await other.next_frame() == documented


async def test_a_chunk_is_100_ms_and_nothing_else_is_ever_said(tmp_path: Path) -> None:
    async with opened(tmp_path, saying()) as (other, session):
        await other.next_frame()
        for _ in range(3):
            await session.send_audio(bytes(PCM16_16K.bytes_in(100)))
        blobs = [json.loads(await other.next_frame()) for _ in range(3)]
        assert (
            blobs
            == [{"realtime_input": {"audio": {"data": "A" * 4267 + "=", "mime_type": "audio/pcm;rate=16000"}}}] * 3
        )
        assert other.frames.empty()


async def test_an_engine_says_what_sound_it_takes_and_gives(tmp_path: Path) -> None:
    async with peer(tmp_path, saying()) as other, engine_at(other, LiveConfig(chunk_ms=40)) as engine:
        assert (engine.input_format, engine.output_format, engine.chunk_ms) == (PCM16_16K, PCM16_24K, 40)


@pytest.mark.parametrize("encode", [str, str.encode], ids=["text", "binary"])
async def test_what_the_service_says_comes_as_events(tmp_path: Path, encode: type[str]) -> None:
    names = ("server_audio.json", "other_turn_complete.json", "server_input_transcription.json", "server_go_away.json")
    async with opened(tmp_path, saying(*(encode(frame(name)) for name in names))) as (_, session):
        kinds = [type(event).__name__ for event in await taken(session, 3)]
        assert kinds == ["TranslatedAudio", "Transcript", "GoAway"]


async def test_a_turns_end_is_not_the_sessions_end(tmp_path: Path) -> None:
    turn = frame("other_turn_complete.json")
    sound = frame("server_audio.json")
    async with opened(tmp_path, saying(turn, sound, turn, turn, sound)) as (_, session):
        assert len(await taken(session, 2)) == 2


@pytest.mark.parametrize(
    "unknown",
    [
        frame("other_error_nested.json"),
        "not JSON",
        "",
        b"\xff\xfe",
        "[]",
        '["serverContent"]',
        "null",
        "3",
        '"text"',
        '{"somethingNew": {}}',
        '{"serverContent": "text"}',
        '{"serverContent": {"modelTurn": []}}',
        '{"serverContent": {"modelTurn": {"parts": [{"inlineData": {"data": "*"}}]}}}',
        '{"serverContent": {"inputTranscription": {"text": 7}}}',
        '{"goAway": {"timeLeft": 50}}',
        '{"usageMetadata": {"totalTokenCount": "many"}}',
    ],
)
async def test_a_frame_nobody_knows_does_not_end_the_session(tmp_path: Path, unknown: str | bytes) -> None:
    known = frame("server_go_away.json")
    async with opened(tmp_path, saying(unknown, unknown, known)) as (other, session):
        assert await taken(session, 1) == [GoAway(50.0)]
        await other.next_frame()
        await session.send_audio(bytes(320))
        assert "realtime_input" in await other.next_frame()


async def test_an_error_in_the_place_of_a_message_ends_the_session_with_its_reason(tmp_path: Path) -> None:
    async with opened(tmp_path, saying(frame("other_error_flat.json"))) as (_, session):
        (lost,) = await taken(session)
        assert isinstance(lost, SessionLost)
        assert lost.trouble is Trouble.QUOTA


@pytest.mark.parametrize(
    ("code", "reason", "trouble"),
    [
        (1000, "", Trouble.DROPPED),
        (1008, "The operation was aborted.", Trouble.DROPPED),
        (1011, "Deadline expired before operation could complete.", Trouble.DROPPED),
        (1011, "You exceeded your current quota, please check your plan.", Trouble.QUOTA),
        (1007, "Request contains an invalid argument.", Trouble.SETUP),
    ],
)
async def test_a_session_that_is_closed_says_why_as_its_last_event(
    tmp_path: Path, code: int, reason: str, trouble: Trouble
) -> None:
    async with opened(tmp_path, closing(code, reason)) as (_, session):
        assert await taken(session) == [SessionLost(trouble, f"closed with {code}: {reason}")]


async def test_a_connection_that_breaks_is_a_dropped_session(tmp_path: Path) -> None:
    async with opened(tmp_path, breaking()) as (_, session):
        (lost,) = await taken(session)
        assert isinstance(lost, SessionLost)
        assert lost.trouble is Trouble.DROPPED


async def test_what_is_said_before_a_break_is_heard(tmp_path: Path) -> None:
    async def script(other: Peer, socket: web.WebSocketResponse) -> None:
        await socket.receive_str()
        await socket.send_bytes(frame("server_setup_complete.json").encode())
        await socket.send_bytes(frame("server_audio.json").encode())
        await socket.close(code=1011, message=b"Internal error encountered.")

    async with opened(tmp_path, script) as (_, session):
        sound, lost = await taken(session)
        assert isinstance(sound, TranslatedAudio)
        assert isinstance(lost, SessionLost)


async def test_a_lost_session_swallows_sound(tmp_path: Path) -> None:
    async with opened(tmp_path, closing(1011, "Internal error encountered.")) as (_, session):
        await taken(session)
        for _ in range(3):
            await session.send_audio(bytes(3200))


async def test_sound_sent_into_a_break_nobody_has_read_of_is_swallowed(tmp_path: Path) -> None:
    async with opened(tmp_path, breaking()) as (other, session):
        await other.gone.wait()
        for _ in range(50):
            await session.send_audio(bytes(3200))
        (lost,) = await taken(session)
        assert isinstance(lost, SessionLost)


async def test_a_peer_that_takes_no_more_sound_loses_the_session(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stuck = asyncio.Event()

    async def script(other: Peer, socket: web.WebSocketResponse) -> None:
        await socket.receive_str()
        await socket.send_bytes(frame("server_setup_complete.json").encode())
        assert socket._req is not None
        assert socket._req.transport is not None
        socket._req.transport.pause_reading()
        await stuck.wait()

    monkeypatch.setattr(session_module, "SEND_WITHIN", 0.05)
    monkeypatch.setattr(session_module, "CLOSE_WITHIN", 0.05)
    async with opened(tmp_path, script) as (_, session), asyncio.timeout(LOST_IN_TIME):
        while not session._lost:
            await session.send_audio(bytes(1_000_000))
        assert isinstance((await taken(session))[-1], SessionLost)
        stuck.set()


async def test_closing_ends_the_connection_and_the_events(tmp_path: Path) -> None:
    async with opened(tmp_path, saying()) as (other, session):
        await session.close()
        async with asyncio.timeout(LOST_IN_TIME):
            await other.gone.wait()
        assert isinstance((await taken(session))[-1], SessionLost)


async def test_closing_twice_and_at_once_is_fine(tmp_path: Path) -> None:
    async with opened(tmp_path, saying()) as (_, session):
        await asyncio.gather(session.close(), session.close())
        await session.close()


async def test_events_being_read_end_when_the_session_is_closed(tmp_path: Path) -> None:
    async with opened(tmp_path, saying()) as (_, session):
        reading = asyncio.create_task(taken(session), name="reading")
        await asyncio.sleep(0)
        await session.close()
        assert isinstance((await reading)[-1], SessionLost)


async def test_a_peer_that_ignores_the_close_is_left_behind_with_its_connection(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session_module, "CLOSE_WITHIN", 0.05)
    async with opened(tmp_path, ignoring_close()) as (other, session):
        began = asyncio.get_running_loop().time()
        await session.close()
        assert asyncio.get_running_loop().time() - began < 1.0
        async with asyncio.timeout(LOST_IN_TIME):
            await other.gone.wait()


async def test_cancelling_whoever_closes_does_not_keep_the_connection(tmp_path: Path) -> None:
    async with opened(tmp_path, saying()) as (other, session):
        closes = asyncio.create_task(session.close(), name="closes")
        await asyncio.sleep(0)
        closes.cancel()
        await asyncio.wait((closes,))
        async with asyncio.timeout(LOST_IN_TIME):
            await other.gone.wait()


async def test_the_sdks_other_services_are_not_chosen_behind_our_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GOOGLE_GENAI_USE_VERTEXAI", "true")
    monkeypatch.setenv("GOOGLE_GENAI_USE_ENTERPRISE", "true")
    async with opened(tmp_path, saying()) as (other, _):
        assert other.paths == [PATH]


async def test_sessions_share_one_client_and_not_their_fate(tmp_path: Path) -> None:
    async with peer(tmp_path, saying(frame("server_go_away.json"))) as other, engine_at(other) as engine:
        one, two = await asyncio.gather(engine.open("pl"), engine.open("en"))
        await one.close()
        assert await taken(two, 1) == [GoAway(50.0)]
        await two.close()
