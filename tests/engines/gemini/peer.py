"""The other end of a Live connection, over TLS, that does exactly what its test says."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from aiohttp import WSMsgType, web

from telephony.simulator.live_api.certificate import issue

FIXTURES = Path(__file__).parents[3] / "fixtures" / "live"

Script = Callable[["Peer", web.WebSocketResponse], Awaitable[None]]


def frame(name: str) -> str:
    """A frame as it stands on the wire: the file without the line feed that ends it."""
    return (FIXTURES / name).read_text("utf-8").removesuffix("\n")


@dataclass
class Peer:
    """Accepts with `status` 101, or refuses with it; then `script` has the socket. `frames` keeps what came as text."""

    ca: Path
    script: Script
    status: int = 101
    url: str = ""
    paths: list[str] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    frames: asyncio.Queue[str] = field(default_factory=lambda: asyncio.Queue(1000))
    gone: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when the script and its socket are over."""

    async def serve(self, request: web.Request) -> web.StreamResponse:
        self.paths.append(request.path)
        self.keys.append(request.headers.get("x-goog-api-key", ""))
        if self.status != 101:
            return web.Response(status=self.status)
        socket = web.WebSocketResponse(compress=False, autoclose=False, timeout=0.1)
        await socket.prepare(request)
        try:
            await self.script(self, socket)
        finally:
            self.gone.set()
        return socket

    async def next_frame(self) -> str:
        async with asyncio.timeout(5):
            return await self.frames.get()

    async def listen(self, socket: web.WebSocketResponse) -> None:
        """Keeps what comes until the client closes, and answers that."""
        async for message in socket:
            if message.type is WSMsgType.TEXT:
                self.frames.put_nowait(message.data)
        await socket.close()


@asynccontextmanager
async def peer(folder: Path, script: Script) -> AsyncIterator[Peer]:
    ca = folder / "ca.pem"
    one = Peer(ca, script)
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", one.serve)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=issue("127.0.0.1", ca)).start()
    one.url = f"https://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield one
    finally:
        await runner.cleanup()


def saying(*frames: str | bytes) -> Script:
    """Completes the setup, says `frames` and then listens."""

    async def script(peer: Peer, socket: web.WebSocketResponse) -> None:
        peer.frames.put_nowait(await socket.receive_str())
        await socket.send_bytes(frame("server_setup_complete.json").encode())
        for each in frames:
            await (socket.send_bytes(each) if isinstance(each, bytes) else socket.send_str(each))
        await peer.listen(socket)

    return script


def closing(code: int, reason: str, *, completes: bool = True) -> Script:
    """Ends the connection once the setup has come, after setupComplete or instead of it."""

    async def script(peer: Peer, socket: web.WebSocketResponse) -> None:
        peer.frames.put_nowait(await socket.receive_str())
        if completes:
            await socket.send_bytes(frame("server_setup_complete.json").encode())
        await socket.close(code=code, message=reason.encode()[:123])

    return script


def breaking(*, completes: bool = True) -> Script:
    """Cuts the connection once the setup has come, without a close frame."""

    async def script(peer: Peer, socket: web.WebSocketResponse) -> None:
        peer.frames.put_nowait(await socket.receive_str())
        if completes:
            await socket.send_bytes(frame("server_setup_complete.json").encode())
        transport = socket.get_extra_info("socket") and socket._req.transport if socket._req else None
        assert transport is not None
        transport.abort()

    return script


def ignoring_close() -> Script:
    """Completes the setup and then answers nothing any more, not even a close frame."""

    async def script(peer: Peer, socket: web.WebSocketResponse) -> None:
        peer.frames.put_nowait(await socket.receive_str())
        await socket.send_bytes(frame("server_setup_complete.json").encode())
        while (await socket.receive()).type not in (WSMsgType.CLOSE, WSMsgType.CLOSED, WSMsgType.ERROR):
            pass
        await connection_lost(socket)

    return script


def silent() -> Script:
    """Takes the setup and never completes it."""

    async def script(peer: Peer, socket: web.WebSocketResponse) -> None:
        peer.frames.put_nowait(await socket.receive_str())
        await socket.receive()
        await socket.close()

    return script


async def connection_lost(socket: web.WebSocketResponse) -> None:
    """Returns when the client's end of the TCP connection is gone."""
    request = socket._req
    assert request is not None
    while request.transport is not None and not request.transport.is_closing():
        await asyncio.sleep(0.005)
