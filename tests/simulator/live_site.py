"""A Live API of a test, as an application reaches it with the SDK and as a bare websocket does."""

import ssl
from collections.abc import Mapping
from typing import Any

import aiohttp
import pytest
from google import genai
from google.genai import types

from telephony.simulator.live_api.server import LiveApi

KEY_OF_TEST = "a-key-of-a-test"
PATH = "/ws/google.ai.generativelanguage.v1beta.GenerativeService.BidiGenerateContent"
PATIENCE = 10.0


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
