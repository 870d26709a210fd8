"""The page /try as it is served, with the tokens behind it, and a Live API that only listens and plays."""

import asyncio
import base64
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import numpy as np
from aiohttp import web
from aiohttp.test_utils import TestServer
from numpy.typing import NDArray

from telephony.api.app import api_app
from telephony.api.desk import Archive, Desk
from telephony.api.gate import Gates
from telephony.api.house_routes import HouseRoutes
from telephony.api.live_tokens import LiveTokenRoutes
from telephony.api.rate import Rate
from telephony.api.route import Holder
from telephony.calls.guards.reason import Reason
from telephony.console.pages import Pages
from telephony.engines.gemini.config import LiveConfig
from telephony.engines.gemini.tokens import GeminiTokens
from telephony.records.store.tokens import Scope

EXAMPLE = Path(__file__).parents[3] / "infra" / "examples" / "live-tokens" / "interpret.js"
TAP = Path(__file__).with_name("tap.js")
KEY_OF_TEST = "a-key-of-a-test"
MESSAGE = 6000
"""Samples of a message of 250 ms at 24 kHz."""


class Everybody:
    """A gate that lets everybody in, as the console's own does for who is signed in."""

    async def holder(self, _request: web.Request) -> Holder:
        return Holder("0" * 8, "somebody", Scope.CALL)


class Boundless:
    """An allowance without an end; keeps what was spent."""

    def __init__(self) -> None:
        self.spent: list[float] = []

    def hold(self, _session_s: float) -> Reason | None:
        return None

    def spend(self, session_s: float) -> None:
        self.spent.append(session_s)

    def give_back(self, _session_s: float) -> None:
        return


async def minted(live_url: str, target_language: str = "de", *, seconds: float = 60) -> dict[str, str]:
    """An answer of POST /api/live-tokens: a token that is good once, for so long."""
    tokens = GeminiTokens(KEY_OF_TEST, LiveConfig(), base_url=live_url)
    until = datetime.now(UTC) + timedelta(seconds=seconds)
    token = await tokens.mint(target_language, echo=False, uses=1, expires=until, new_sessions_until=until)
    await tokens.close()
    return {"token": token, "url": tokens.address, "model": tokens.model}


@asynccontextmanager
async def site(live_url: str) -> AsyncIterator[str]:
    """Where /try is, with the Live API at `live_url` (http), until the test is over."""
    tokens = GeminiTokens(KEY_OF_TEST, LiveConfig(), base_url=live_url)
    async with TestServer(_app(tokens), host="127.0.0.1") as server:
        yield str(server.make_url("/")).rstrip("/")
    await tokens.close()


def _app(tokens: GeminiTokens) -> web.Application:
    """The pages are served as the console serves them, to whoever asks."""
    pages = Pages(tokens.origin)

    async def page(_request: web.Request) -> web.StreamResponse:
        return pages.page("try.html")

    async def static(request: web.Request) -> web.StreamResponse:
        name = request.match_info["name"]
        return web.FileResponse(EXAMPLE) if name == EXAMPLE.name else pages.static(name)

    async def tap(_request: web.Request) -> web.FileResponse:
        return web.FileResponse(TAP)

    loop_time = asyncio.get_running_loop().time
    rooms = (
        LiveTokenRoutes(tokens, Boundless(), loop_time, lambda: datetime.now(UTC), Rate(100, 100)),
        HouseRoutes(cast(Desk, None), cast(Archive, None)),
    )
    app = web.Application()
    app.router.add_get("/try", page)
    app.router.add_get("/tap.js", tap)
    app.router.add_get("/static/{name}", static)
    app.add_subapp("/api", api_app(rooms, Gates((Everybody(),), Rate(1000, 1000), loop_time)))
    return app


@dataclass
class LivePeer:
    """A Live API that keeps what it is sent, says what it is told to, and plays `sound` (24 kHz) as it would speak."""

    sound: NDArray[np.int16] = field(default_factory=lambda: np.zeros(0, np.int16))
    says: list[dict[str, Any]] = field(default_factory=list)
    """The serverContent of messages that are sent once a session has begun."""

    frames: list[list[dict[str, Any]]] = field(default_factory=list)
    """Of each connection, in the order they came."""

    times: list[float] = field(default_factory=list)
    """When each chunk of sound came."""

    sockets: list[web.WebSocketResponse] = field(default_factory=list)
    requests: list[web.Request] = field(default_factory=list)
    gone: bool = False
    """Whether connections are cut before they are websockets."""

    url: str = ""

    def drop(self) -> None:
        """Cuts the last connection without a close frame."""
        _abort(self.requests[-1])

    @property
    def heard(self) -> NDArray[np.int16]:
        """All the sound that came, 16 kHz."""
        blobs = (frame["realtimeInput"]["audio"] for frames in self.frames for frame in frames[1:] if _has_sound(frame))
        return np.frombuffer(b"".join(base64.b64decode(blob["data"]) for blob in blobs), "<i2")

    async def _mint(self, _request: web.Request) -> web.Response:
        return web.json_response({"name": "auth_tokens/of-a-test"})

    async def _live(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(compress=False)
        self.requests.append(request)
        if self.gone:
            _abort(request)
        await socket.prepare(request)
        self.sockets.append(socket)
        frames: list[dict[str, Any]] = []
        self.frames.append(frames)
        async with asyncio.TaskGroup() as tasks:
            speaking: asyncio.Task[None] | None = None
            async for message in socket:
                frames.append(json.loads(message.data))
                self.times.append(asyncio.get_running_loop().time())
                if len(frames) == 1:
                    await socket.send_bytes(b'{"setupComplete":{}}')
                    speaking = tasks.create_task(self._speak(socket), name="speaking")
            if speaking:
                speaking.cancel()
        return socket

    async def _speak(self, socket: web.WebSocketResponse) -> None:
        for content in self.says:
            await socket.send_bytes(json.dumps({"serverContent": content}).encode())
        began = asyncio.get_running_loop().time()
        for nth, start in enumerate(range(0, self.sound.size, MESSAGE)):
            await asyncio.sleep(began + nth * 0.25 - asyncio.get_running_loop().time())
            data = base64.b64encode(self.sound[start : start + MESSAGE].tobytes()).decode()
            blob = {"mimeType": "audio/pcm;rate=24000", "data": data}
            parts = [{"inlineData": blob}]
            await socket.send_bytes(json.dumps({"serverContent": {"modelTurn": {"parts": parts}}}).encode())

    async def _close(self, _app: web.Application) -> None:
        for socket in self.sockets:
            await socket.close()

    @asynccontextmanager
    async def served(self) -> AsyncIterator["LivePeer"]:
        """Listens until the test is over."""
        app = web.Application()
        app.router.add_post("/{version}/auth_tokens", self._mint)
        app.router.add_get("/{address:.*}", self._live)
        app.on_shutdown.append(self._close)
        async with TestServer(app, host="127.0.0.1") as server:
            self.url = str(server.make_url("/")).rstrip("/")
            yield self


def _abort(request: web.Request) -> None:
    assert isinstance(request.transport, asyncio.Transport)
    request.transport.abort()


def _has_sound(frame: dict[str, Any]) -> bool:
    return "audio" in frame.get("realtimeInput", {})
