"""The simulated Live API over TLS: with the unmodified SDK, and with raw frames that the SDK would never send."""

import asyncio
import json
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from google import genai
from google.genai import errors, types
from websockets.exceptions import ConnectionClosed, InvalidStatus

from telephony.simulator.live_api.faults import Faults
from telephony.simulator.live_api.refusal import DEADLINE, KEY, QUOTA
from telephony.simulator.live_api.report import LineRecognised, TranslationEnded
from telephony.simulator.live_api.server import LiveApi
from telephony.simulator.live_api.setup import TRANSLATE_MODEL
from telephony.simulator.live_api.terms import Terms
from telephony.simulator.scenario import load
from tests.simulator.spoken import WIRE, Said, call, known, over_the_line, quiet, voice

KEY_OF_TEST = "a-key-of-a-test"
PATH = "/ws/google.ai.generativelanguage.v1beta.GenerativeService.BidiGenerateContent"
SEED = (WIRE / "client_setup_seed.json").read_text(encoding="utf-8").removesuffix("\n")
PATIENCE = 10.0


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """One short line of the caller, interpreted without a lag."""
    return call(tmp_path / "call", Said("c1", "caller", 1.4, 0.6), lag=0.0)


@pytest.fixture
async def api(folder: Path) -> AsyncIterator[LiveApi]:
    async with LiveApi([load(folder)], key=KEY_OF_TEST) as running:
        yield running


def client_of(api: LiveApi, monkeypatch: pytest.MonkeyPatch, key: str = KEY_OF_TEST) -> genai.Client:
    """The SDK as an application makes it; only the environment says where the Live API is."""
    monkeypatch.setenv("SSL_CERT_FILE", str(api.ca_pem))
    monkeypatch.setenv("GOOGLE_GEMINI_BASE_URL", api.url)
    return genai.Client(api_key=key, http_options=types.HttpOptions(api_version="v1beta"))


def config(target: str = "en") -> types.LiveConnectConfig:
    return types.LiveConnectConfig(
        response_modalities=[types.Modality.AUDIO],
        input_audio_transcription=types.AudioTranscriptionConfig(),
        output_audio_transcription=types.AudioTranscriptionConfig(),
        translation_config=types.TranslationConfig(target_language_code=target, echo_target_language=False),
    )


async def heard_until_silent(session: Any) -> tuple[bytes, str, str]:
    """The sound up to the first message without any, and the two transcripts."""
    sound, heard, said = b"", "", ""
    async for message in session.receive():
        content = message.server_content
        if content and content.input_transcription:
            heard += content.input_transcription.text
        if content and content.output_transcription:
            said += content.output_transcription.text
        if content and content.model_turn:
            sound += message.data
            if not any(message.data):
                break
    return sound, heard, said


async def say(session: Any, pcm: bytes) -> None:
    for at in range(0, len(pcm), 3200):
        blob = types.Blob(data=pcm[at : at + 3200], mime_type="audio/pcm;rate=16000")
        await session.send_realtime_input(audio=blob)


async def test_the_sdk_hears_a_line_in_translation(api: LiveApi, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with asyncio.timeout(PATIENCE):
        client = client_of(api, monkeypatch)
        async with client.aio.live.connect(model="gemini-3.5-live-translate-preview", config=config()) as session:
            await say(session, over_the_line(quiet(0.2), voice(0, 1.4), quiet(0.5)))
            sound, heard, said = await heard_until_silent(session)

    assert sound.startswith(known(folder)["c1"].translation.sound)
    assert heard == "uno dos tres cuatro cinco seis siete ocho"
    assert said == "one two three four five six seven eight"
    (live,) = api.sessions
    assert isinstance(live.report[0], LineRecognised)
    assert live.arrivals.samples == round(16000 * 2.1)


async def test_two_sessions_at_once_have_a_target_each(api: LiveApi, monkeypatch: pytest.MonkeyPatch) -> None:
    async with asyncio.timeout(PATIENCE):
        live = client_of(api, monkeypatch).aio.live
        async with (
            live.connect(model=TRANSLATE_MODEL, config=config("en")) as english,
            live.connect(model=TRANSLATE_MODEL, config=config("es")) as spanish,
        ):
            line = over_the_line(voice(0, 1.4), quiet(0.3))
            await say(spanish, line)
            await say(english, line)
            _, _, said = await heard_until_silent(english)
            assert said == "one two three four five six seven eight"

    assert [live.setup.target_language for live in api.sessions if live.setup] == ["en", "es"]
    assert [sum(isinstance(event, TranslationEnded) for event in live.report) for live in api.sessions] == [1, 0]


@pytest.mark.parametrize(
    ("model", "target", "code", "reason"),
    [
        ("gemini-9", "en", 1008, "models/gemini-9 is not found for API version v1beta, or is not supported"),
        (TRANSLATE_MODEL, "tlh", 1007, "Unsupported language code 'tlh'"),
    ],
    ids=["model", "language"],
)
async def test_what_the_service_does_not_know_is_refused_at_setup(
    api: LiveApi, monkeypatch: pytest.MonkeyPatch, model: str, target: str, code: int, reason: str
) -> None:
    async with asyncio.timeout(PATIENCE):
        with pytest.raises(errors.APIError) as error:
            async with client_of(api, monkeypatch).aio.live.connect(model=model, config=config(target)):
                pass
    assert error.value.code == code
    assert str(error.value.details).startswith(reason)


async def test_a_wrong_key_is_refused_at_the_handshake(api: LiveApi, monkeypatch: pytest.MonkeyPatch) -> None:
    async with asyncio.timeout(PATIENCE):
        with pytest.raises(InvalidStatus) as error:
            async with client_of(api, monkeypatch, "another-key").aio.live.connect(
                model=TRANSLATE_MODEL, config=config()
            ):
                pass
    assert error.value.response.status_code == 401


async def test_a_spent_quota_is_told_in_123_bytes(api: LiveApi, monkeypatch: pytest.MonkeyPatch) -> None:
    api.faults = Faults(refusal=QUOTA)
    async with asyncio.timeout(PATIENCE):
        with pytest.raises(errors.APIError) as error:
            async with client_of(api, monkeypatch).aio.live.connect(model=TRANSLATE_MODEL, config=config()):
                pass
    assert error.value.code == 1011
    assert str(error.value.details).startswith("You exceeded your current quota, please check your plan and billing")
    assert len(str(error.value.details)) == 123


async def test_a_quota_may_be_found_spent_after_the_setup(api: LiveApi, monkeypatch: pytest.MonkeyPatch) -> None:
    api.faults = Faults(refusal=QUOTA, refusal_completes=True)
    async with asyncio.timeout(PATIENCE):
        async with client_of(api, monkeypatch).aio.live.connect(model=TRANSLATE_MODEL, config=config()) as session:
            with pytest.raises(errors.APIError) as error:
                await anext(session.receive())
    assert error.value.code == 1011


async def test_a_bad_key_may_end_as_a_close(api: LiveApi, monkeypatch: pytest.MonkeyPatch) -> None:
    api.faults = Faults(refusal=KEY)
    async with asyncio.timeout(PATIENCE):
        with pytest.raises(errors.APIError, match="API key not valid"):
            async with client_of(api, monkeypatch).aio.live.connect(model=TRANSLATE_MODEL, config=config()):
                pass


async def test_too_many_requests_are_answered_at_the_handshake(api: LiveApi, monkeypatch: pytest.MonkeyPatch) -> None:
    api.faults = Faults(http_status=429)
    async with asyncio.timeout(PATIENCE):
        with pytest.raises(InvalidStatus) as error:
            async with client_of(api, monkeypatch).aio.live.connect(model=TRANSLATE_MODEL, config=config()):
                pass
    assert error.value.response.status_code == 429


async def test_a_session_may_break_after_so_many_bytes(api: LiveApi, monkeypatch: pytest.MonkeyPatch) -> None:
    api.faults = Faults(close=DEADLINE, close_after_bytes=9600)
    async with asyncio.timeout(PATIENCE):
        async with client_of(api, monkeypatch).aio.live.connect(model=TRANSLATE_MODEL, config=config()) as session:
            await say(session, bytes(9600))
            with pytest.raises(errors.APIError) as error:
                await anext(session.receive())
    assert (error.value.code, error.value.details) == (1011, "Deadline expired before operation could complete.")
    (live,) = api.sessions
    assert live.arrivals.samples == 4800


async def test_a_session_may_break_after_some_time(api: LiveApi, monkeypatch: pytest.MonkeyPatch) -> None:
    api.faults = Faults(close=DEADLINE, close_after_s=0.01)
    async with asyncio.timeout(PATIENCE):
        async with client_of(api, monkeypatch).aio.live.connect(model=TRANSLATE_MODEL, config=config()) as session:
            with pytest.raises(errors.APIError) as error:
                await anext(session.receive())
    assert error.value.code == 1011


async def test_a_connection_ends_after_its_life_and_says_so_before(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with (
        asyncio.timeout(PATIENCE),
        LiveApi([load(folder)], key=KEY_OF_TEST, terms=Terms(life=0.2)) as api,
        client_of(api, monkeypatch).aio.live.connect(model=TRANSLATE_MODEL, config=config()) as session,
    ):
        messages = session.receive()
        notice = await anext(messages)
        with pytest.raises(errors.APIError) as error:
            await anext(messages)
    assert notice.go_away
    assert notice.go_away.time_left == "0.2s"
    assert error.value.code == 1008


async def test_a_server_that_goes_away_says_so(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with asyncio.timeout(PATIENCE), AsyncExitStack() as stack:
        async with LiveApi([load(folder)], key=KEY_OF_TEST) as api:
            live = client_of(api, monkeypatch).aio.live
            session = await stack.enter_async_context(live.connect(model=TRANSLATE_MODEL, config=config()))
        with pytest.raises(errors.APIError) as error:
            await anext(session.receive())
        with pytest.raises(ConnectionClosed):
            await say(session, bytes(3200))
    assert error.value.code == 1001
    assert [ended.close_code for ended in api.sessions] == [1001]


async def test_nothing_runs_on_when_the_server_is_gone(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with (
        asyncio.timeout(PATIENCE),
        LiveApi([load(folder)], key=KEY_OF_TEST) as api,
        client_of(api, monkeypatch).aio.live.connect(model=TRANSLATE_MODEL, config=config()) as session,
    ):
        await say(session, bytes(3200))
    assert [task.get_name() for task in asyncio.all_tasks() if task.get_name().startswith("live session")] == []


# Raw frames


class Raw:
    """A websocket without an SDK."""

    def __init__(self, http: aiohttp.ClientSession, api: LiveApi) -> None:
        self._http = http
        self._api = api
        self._trust = ssl.create_default_context(cafile=str(api.ca_pem))

    async def connect(
        self, path: str = PATH, headers: Mapping[str, str] | None = None, **query: str
    ) -> aiohttp.ClientWebSocketResponse:
        headers = {"x-goog-api-key": KEY_OF_TEST} if headers is None else headers
        return await self._http.ws_connect(
            self._api.url + path, ssl=self._trust, headers=headers, params=query, compress=15
        )


@pytest.fixture
async def raw(api: LiveApi) -> AsyncIterator[Raw]:
    async with aiohttp.ClientSession() as http, asyncio.timeout(PATIENCE):
        yield Raw(http, api)


async def test_the_setup_is_answered_in_a_binary_frame_uncompressed(raw: Raw) -> None:
    socket = await raw.connect()
    await socket.send_str(SEED)
    answer = await socket.receive()
    assert (answer.type, answer.data) == (aiohttp.WSMsgType.BINARY, b'{"setupComplete":{}}')
    assert socket.compress == 0


async def test_a_setup_in_a_binary_frame_is_as_good(raw: Raw) -> None:
    socket = await raw.connect()
    await socket.send_bytes(SEED.encode())
    assert (await socket.receive()).data == b'{"setupComplete":{}}'


@pytest.mark.parametrize(
    "path", [PATH, "/" + PATH, PATH.replace("v1beta", "v1"), PATH.replace("v1beta", "v1alpha"), PATH + "Constrained"]
)
async def test_these_addresses_are_served(raw: Raw, path: str) -> None:
    socket = await raw.connect(path)
    await socket.send_str(SEED)
    assert (await socket.receive()).data == b'{"setupComplete":{}}'


@pytest.mark.parametrize("path", [PATH.replace("v1beta", "v2"), PATH + "x", "/", PATH.replace("/ws", "/w")])
async def test_other_addresses_are_not_found(raw: Raw, path: str) -> None:
    with pytest.raises(aiohttp.WSServerHandshakeError) as error:
        await raw.connect(path)
    assert error.value.status == 404


async def test_the_key_may_come_in_the_address(raw: Raw) -> None:
    for name in ("key", "access_token"):
        socket = await raw.connect(headers={}, **{name: KEY_OF_TEST})
        await socket.send_str(SEED)
        assert (await socket.receive()).data == b'{"setupComplete":{}}'


async def test_the_key_may_come_as_a_token(raw: Raw) -> None:
    socket = await raw.connect(headers={"Authorization": f"Token {KEY_OF_TEST}"})
    await socket.send_str(SEED)
    assert (await socket.receive()).data == b'{"setupComplete":{}}'


@pytest.mark.parametrize(
    "headers",
    [{}, {"x-goog-api-key": ""}, {"x-goog-api-key": "ä"}, {"Authorization": f"Basic {KEY_OF_TEST}"}],
    ids=["none", "empty", "another", "another scheme"],
)
async def test_without_the_key_there_is_no_session(raw: Raw, api: LiveApi, headers: Mapping[str, str]) -> None:
    with pytest.raises(aiohttp.WSServerHandshakeError) as error:
        await raw.connect(headers=headers)
    assert error.value.status == 401
    assert not api.sessions


async def test_the_first_frame_must_be_a_setup(raw: Raw) -> None:
    socket = await raw.connect()
    await socket.send_str((WIRE / "client_audio_sdk.json").read_text(encoding="utf-8"))
    assert await closed(socket) == 1007


async def test_a_second_setup_ends_the_session(raw: Raw) -> None:
    socket = await raw.connect()
    await socket.send_str(SEED)
    await socket.receive()
    await socket.send_str(SEED)
    assert await closed(socket) == 1007


@pytest.mark.parametrize("name", ["client_not_json.txt", "client_audio_bad_base64.json", "client_unknown_kind.json"])
async def test_a_wrong_frame_ends_a_running_session(raw: Raw, name: str) -> None:
    socket = await raw.connect()
    await socket.send_str(SEED)
    await socket.receive()
    await socket.send_str((WIRE / name).read_text(encoding="utf-8"))
    assert await closed(socket) == 1007


async def test_a_client_that_says_nothing_is_not_waited_for(folder: Path) -> None:
    async with (
        asyncio.timeout(PATIENCE),
        LiveApi([load(folder)], key=KEY_OF_TEST, terms=Terms(setup_within=0.01)) as api,
        aiohttp.ClientSession() as http,
    ):
        assert await closed(await Raw(http, api).connect()) == 1011


async def test_a_handle_to_resume_by_is_given_to_whom_asks_for_it_and_is_good_once_given(raw: Raw) -> None:
    asking = json.loads(SEED)
    asking["setup"]["sessionResumption"] = {}
    socket = await raw.connect()
    await socket.send_str(json.dumps(asking))
    await socket.receive()
    update = json.loads((await socket.receive()).data)["sessionResumptionUpdate"]
    assert update["resumable"]

    asking["setup"]["sessionResumption"] = {"handle": update["newHandle"]}
    socket = await raw.connect()
    await socket.send_str(json.dumps(asking))
    assert (await socket.receive()).data == b'{"setupComplete":{}}'


async def test_tokens_are_counted_about_once_a_second_and_no_turn_is_ever_complete(raw: Raw) -> None:
    silent = (WIRE / "client_setup_without_translation.json").read_text(encoding="utf-8")
    socket = await raw.connect()
    await socket.send_str(silent)
    await socket.receive()
    await socket.send_str((WIRE / "client_audio_sdk.json").read_text(encoding="utf-8"))
    got = [json.loads((await socket.receive()).data) for _ in range(5)]
    assert [next(iter(message)) for message in got] == ["serverContent"] * 4 + ["usageMetadata"]
    assert [set(message["serverContent"]) for message in got[:4]] == [{"modelTurn"}] * 4
    assert got[4]["usageMetadata"]["responseTokenCount"] == 25


async def closed(socket: aiohttp.ClientWebSocketResponse) -> int | None:
    """The code of the close frame that comes next."""
    received = await socket.receive()
    assert received.type is aiohttp.WSMsgType.CLOSE
    return socket.close_code


# What is written down


async def test_a_session_is_written_down_line_by_line(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[Mapping[str, Any]] = []
    out = tmp_path / "out"
    async with (
        asyncio.timeout(PATIENCE),
        LiveApi([load(folder)], key=KEY_OF_TEST, out=out, events=told.append) as api,
        client_of(api, monkeypatch).aio.live.connect(model=TRANSLATE_MODEL, config=config()) as session,
    ):
        await say(session, over_the_line(voice(0, 1.4), quiet(0.5)))
        await heard_until_silent(session)

    lines = [json.loads(line) for line in (out / "live.jsonl").read_text(encoding="utf-8").splitlines()]
    kinds = [line["event"] for line in lines]
    assert lines == [json.loads(json.dumps(event)) for event in told]
    assert {(line["session"], line["target"]) for line in lines} == {(1, "en")}
    assert kinds[0] == "session-opened"
    assert sorted(kinds[1:6]) == ["audio", "audio", "audio", "line-recognised", "translation-began"]
    assert kinds[6:] == ["translation-ended", "session-closed"]
    audio = [line for line in lines if line["event"] == "audio"]
    assert [(line["line"], line["sample"], line["position"]) for line in audio] == [
        ("c1", 0, 0),
        ("c1", 6000, 6000),
        ("c1", 12000, 12000),
    ]
    assert lines[-1]["code"] == 1000
    assert lines[-1]["chunks"][-1][1] == round(16000 * 1.9)


async def test_a_refused_session_is_written_down_with_its_reason(
    api: LiveApi, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[Mapping[str, Any]] = []
    async with asyncio.timeout(PATIENCE), LiveApi([load(folder)], key=KEY_OF_TEST, events=told.append) as api:
        with pytest.raises(errors.APIError):
            async with client_of(api, monkeypatch).aio.live.connect(model="gemini-9", config=config()):
                pass
    (event,) = told
    assert (event["event"], event["code"]) == ("session-refused", 1008)
