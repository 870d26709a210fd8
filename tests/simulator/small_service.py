"""A very small telephone service for tests of the carrier: TwiML from a table, media streams by a coroutine."""

import asyncio
import base64
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from ssl import SSLContext
from types import TracebackType
from typing import Any, Self

from aiohttp import WSMsgType, web
from yarl import URL

Twiml = str | Callable[["Asked"], str] | Callable[["Asked"], web.StreamResponse]
Conversation = Callable[["Wire"], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as it arrived."""

    path: str
    method: str
    url: str
    headers: Mapping[str, str]
    form: Mapping[str, str]


@dataclass
class Wire:
    """One media stream: everything that arrived, and the means to send."""

    socket: web.WebSocketResponse
    path: str
    transport: asyncio.Transport | None = None
    messages: list[dict[str, Any]] = field(default_factory=list)

    @property
    def sid(self) -> str:
        return str(self.of("start")[0]["streamSid"])

    def of(self, event: str) -> list[dict[str, Any]]:
        return [message for message in self.messages if message["event"] == event]

    @property
    def sound(self) -> bytes:
        return b"".join(base64.b64decode(message["media"]["payload"]) for message in self.of("media"))

    async def receive(self) -> dict[str, Any] | None:
        """The next message, None when the stream is over."""
        message = await self.socket.receive()
        if message.type is not WSMsgType.TEXT:
            return None
        self.messages.append(json.loads(message.data))
        return self.messages[-1]

    async def until(self, event: str, count: int = 1) -> None:
        """Read on until so many of this event have arrived, or the stream is over."""
        while len(self.of(event)) < count and await self.receive():
            pass

    def abort(self) -> None:
        """Break the connection off, without a close frame."""
        assert self.transport is not None
        self.transport.abort()

    async def media(self, sound: bytes) -> None:
        await self.send({"event": "media", "media": {"payload": base64.b64encode(sound).decode()}})

    async def mark(self, name: str) -> None:
        await self.send({"event": "mark", "mark": {"name": name}})

    async def clear(self) -> None:
        await self.send({"event": "clear"})

    async def send(self, message: dict[str, Any]) -> None:
        await self.socket.send_str(json.dumps({"streamSid": self.sid, **message}))


async def listen(wire: Wire) -> None:
    """Only listen, until the stream is over."""
    while await wire.receive():
        pass


async def echo(wire: Wire) -> None:
    """Send back what is heard."""
    while message := await wire.receive():
        if message["event"] == "media":
            await wire.media(base64.b64decode(message["media"]["payload"]))


class Service:
    """`twiml` answers each path; a path that is missing answers 404. `converse` has every media stream."""

    def __init__(
        self, twiml: Mapping[str, Twiml], converse: Conversation = listen, tls: SSLContext | None = None
    ) -> None:
        self.tls = tls
        self.twiml = dict(twiml)
        self.converse = converse
        self.asked: list[Asked] = []
        self.handshakes: list[Asked] = []
        self.wires: list[Wire] = []
        self.refuse_streams = False
        self.url = ""
        self._port = 0

    def of(self, path: str) -> list[Asked]:
        return [asked for asked in self.asked if asked.path == path]

    @property
    def stream_url(self) -> str:
        return "ws" + self.url.removeprefix("http") + "/media"

    async def __aenter__(self) -> Self:
        application = web.Application()
        application.router.add_route("*", "/{path:.*}", self._serve)
        self._runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.2)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self._port, ssl_context=self.tls).start()
        self._port = self._runner.addresses[0][1]
        self.url = f"{'https' if self.tls else 'http'}://127.0.0.1:{self._port}"
        return self

    async def die(self) -> None:
        """End as a killed process does: every connection broken off, without a close frame, and the port closed."""
        assert self._runner.server is not None
        for connection in self._runner.server.connections:
            if connection.transport:
                connection.transport.abort()
        await self._runner.cleanup()

    async def revive(self) -> None:
        """Be there again, on the same port."""
        await self.__aenter__()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        await self._runner.cleanup()

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        form = {name: str(value) for name, value in (await request.post()).items()}
        url = str(URL(self.url + request.raw_path, encoded=True))
        asked = Asked(request.path, request.method, url, dict(request.headers), form)
        if request.headers.get("Upgrade", "").lower() == "websocket":
            return await self._stream(request, asked)
        self.asked.append(asked)
        twiml = self.twiml.get(request.path)
        answer = twiml(asked) if callable(twiml) else twiml
        if isinstance(answer, web.StreamResponse):
            return answer
        if answer is None:
            return web.Response(status=404)
        text = f"<Response>{answer}</Response>".replace("STREAM", self.stream_url).replace("HOST", self.url)
        return web.Response(text=text, content_type="text/xml")

    async def _stream(self, request: web.Request, asked: Asked) -> web.StreamResponse:
        self.handshakes.append(asked)
        if self.refuse_streams:
            return web.Response(status=403)
        socket = web.WebSocketResponse(timeout=1.0)
        await socket.prepare(request)
        wire = Wire(socket, request.path, request.transport)
        self.wires.append(wire)
        await wire.until("start")
        await self.converse(wire)
        await socket.close()
        return socket
