"""One Live Translate connection through the SDK, and the engine that opens them.

Three families of exceptions tell of one closed socket: `send_*` raises websockets', `receive()` raises `APIError`, and
a frame the SDK does not know raises what its parser runs into while the socket stays open. `receive()` ends at every
turn, so it is entered again; whoever stops reading it gets the connection killed by its own keepalive
(python-genai #2935), so events are taken by a task that never waits for anything else.
"""

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from google import genai
from google.genai import errors, types
from google.genai.live import AsyncSession
from websockets.exceptions import InvalidStatus, WebSocketException

from telephony.audio.format import PCM16_16K, PCM16_24K, AudioFormat
from telephony.engines.base import EngineEvent, SessionLost, SessionRefused, Trouble
from telephony.engines.gemini.config import INPUT_MIME_TYPE, LiveConfig
from telephony.engines.gemini.messages import events_of, trouble_of

OPEN_WITHIN = 8.0
"""Seconds to setupComplete; the SDK itself waits for it without limit."""

SEND_WITHIN = 2.0
CLOSE_WITHIN = 1.0

SOCKET = {"open_timeout": 5, "close_timeout": 1, "ping_interval": 20, "ping_timeout": 40, "compression": None}
"""websockets' settings. No deflate: it costs five times the CPU on sound. Pongs of the real service have taken
30 s, so a late one alone does not end a session."""

UNKNOWN = (ValueError, TypeError, AttributeError, LookupError)
"""What the SDK raises for a frame that it does not know."""

LOST = (errors.APIError, WebSocketException, OSError, TimeoutError)


class GeminiSession:
    """A `TranslationSession` over one connection."""

    def __init__(self, connection: contextlib.AbstractAsyncContextManager[AsyncSession], session: AsyncSession) -> None:
        self._connection = connection
        self._session = session
        self._lost = False
        self._closing: asyncio.Task[None] | None = None

    async def send_audio(self, pcm: bytes) -> None:
        if self._lost:
            return
        try:
            async with asyncio.timeout(SEND_WITHIN):
                await self._session.send_realtime_input(audio=types.Blob(data=pcm, mime_type=INPUT_MIME_TYPE))
        except LOST:
            self._lost = True
            await self.close()

    async def events(self) -> AsyncIterator[EngineEvent]:
        while True:
            try:
                async for message in self._session.receive():
                    for event in events_of(message):
                        yield event
            except LOST as lost:
                self._lost = True
                yield SessionLost(*_explained(lost))
                return
            except UNKNOWN:
                await asyncio.sleep(0)

    async def close(self) -> None:
        """Leaves the connection; a peer that does not answer the close frame is left behind after a second."""
        self._lost = True
        if self._closing is None:
            self._closing = asyncio.create_task(self._leave(), name="leave live session")
        await asyncio.shield(self._closing)

    async def _leave(self) -> None:
        """In order where the peer takes part; a peer that reads nothing any more takes no close frame either, and the
        SDK has no way of its own to cut the connection then."""
        with contextlib.suppress(*LOST):
            async with asyncio.timeout(CLOSE_WITHIN):
                await self._connection.__aexit__(None, None, None)
        self._session._ws.transport.abort()


class GeminiEngine:
    """An `Engine`: one SDK client, shared by all sessions."""

    input_format: AudioFormat = PCM16_16K
    output_format: AudioFormat = PCM16_24K

    def __init__(
        self,
        api_key: str,
        config: LiveConfig,
        *,
        api_version: str = "v1beta",
        base_url: str | None = None,
        certificates: Path | None = None,
    ) -> None:
        self._config = config
        trusted = {"ssl": ssl.create_default_context(cafile=certificates)} if certificates else {}
        self._client = genai.Client(
            api_key=api_key,
            vertexai=False,
            http_options=types.HttpOptions(
                base_url=base_url, api_version=api_version, async_client_args={**SOCKET, **trusted}
            ),
        )

    @property
    def chunk_ms(self) -> int:
        return self._config.chunk_ms

    async def open(self, target_language: str) -> GeminiSession:
        connection = self._client.aio.live.connect(
            model=self._config.model, config=_typed(self._config.session(target_language))
        )
        try:
            async with asyncio.timeout(OPEN_WITHIN):
                return GeminiSession(connection, await connection.__aenter__())
        except (*LOST, *UNKNOWN) as refused:
            raise SessionRefused(*_explained(refused)) from None

    async def close(self) -> None:
        await self._client.aio.aclose()


def _typed(config: dict[str, Any]) -> types.LiveConnectConfig:
    return types.LiveConnectConfig.model_validate(config)


def _explained(failure: BaseException) -> tuple[Trouble, str]:
    """Why a connection failed, and the service's own words for it."""
    match failure:
        case errors.APIError():
            reason = str(failure.details or failure.message or "")
            return trouble_of(failure.code, reason), f"closed with {failure.code}: {reason}"[:200]
        case InvalidStatus():
            status = failure.response.status_code
            return trouble_of(status, ""), f"the upgrade was answered with HTTP {status}"
        case ssl.SSLCertVerificationError():
            return Trouble.UNREACHABLE, "its certificate is not trusted"
        case TimeoutError():
            return Trouble.TIMED_OUT, "no answer in time"
    return Trouble.UNREACHABLE, type(failure).__name__
