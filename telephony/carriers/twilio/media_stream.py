"""One leg's websocket, server side: frames in, events out, and sound back.

Bounds come first: no frame above 64 KiB, no binary frame (Twilio sends none), `start` within 5 s, and a wire that has
been silent for 15 s counts as dead (media flows 50 times a second for as long as the call is up).
"""

import asyncio
from collections.abc import AsyncIterator

from aiohttp import ClientConnectionError, WSCloseCode, WSMessage, WSMsgType, web

from telephony.carriers.base import MediaEvent, StreamClosed, StreamStarted, StreamStopped
from telephony.carriers.twilio import messages

LARGEST_FRAME = 64 * 1024
START_WITHIN = 5.0
SILENT_WIRE = 15.0
CLOSE_WITHIN = 2.0

CLOSED_BY_US = "closed by us"
WIRE_BROKE = "the socket closed without a stop message"


async def accept(request: web.Request) -> web.WebSocketResponse:
    """Answers the handshake. aiohttp refuses what reaches its limit, not only what is above it."""
    socket = web.WebSocketResponse(
        compress=False, max_msg_size=LARGEST_FRAME + 1, timeout=CLOSE_WITHIN, receive_timeout=SILENT_WIRE
    )
    await socket.prepare(request)
    return socket


async def begin(socket: web.WebSocketResponse) -> "TwilioMediaStream | None":
    """The stream, once its `start` is here; None where none comes in time or in order (the socket is closed then)."""
    try:
        async with asyncio.timeout(START_WITHIN):
            return TwilioMediaStream(socket, await _first(socket))
    except TimeoutError:
        await _close(socket, WSCloseCode.POLICY_VIOLATION, "no start message in time")
    except messages.BadFrame as bad:
        await _close(socket, WSCloseCode.INVALID_TEXT, str(bad))
    return None


class TwilioMediaStream:
    """A `MediaStream` over one accepted websocket."""

    def __init__(self, socket: web.WebSocketResponse, started: StreamStarted) -> None:
        self._socket = socket
        self.started = started
        self._closing = False

    async def events(self) -> AsyncIterator[MediaEvent]:
        """See `MediaStream.events`. A frame that breaks the protocol ends this stream, with the reason."""
        while True:
            try:
                event = _event(await self._socket.receive())
            except TimeoutError:
                event = StreamStopped("the wire went silent")
                await self._end(WSCloseCode.GOING_AWAY, event.reason)
            except messages.BadFrame as bad:
                event = StreamStopped(str(bad))
                await self._end(WSCloseCode.INVALID_TEXT, event.reason)
            if isinstance(event, StreamStopped):
                yield StreamStopped(CLOSED_BY_US) if self._closing and event.reason == WIRE_BROKE else event
                return
            if event is not None:
                yield event

    async def send_audio(self, audio: bytes) -> None:
        await self._send(messages.media(self.started.stream, audio))

    async def send_mark(self, name: str) -> None:
        await self._send(messages.mark(self.started.stream, name))

    async def clear(self) -> None:
        await self._send(messages.clear(self.started.stream))

    async def close(self, reason: str) -> None:
        self._closing = True
        await self._end(WSCloseCode.OK, reason)

    async def refuse(self, reason: str) -> None:
        """Ends a stream that may not join."""
        await self._end(WSCloseCode.POLICY_VIOLATION, reason)

    async def _send(self, text: str) -> None:
        try:
            await self._socket.send_str(text)
        except (ClientConnectionError, ConnectionError, RuntimeError) as gone:
            raise StreamClosed(type(gone).__name__) from None

    async def _end(self, code: WSCloseCode, reason: str) -> None:
        await _close(self._socket, code, reason)


async def _first(socket: web.WebSocketResponse) -> StreamStarted:
    """The `start` message; only `connected` may come before it."""
    while True:
        event = _event(await socket.receive())
        if isinstance(event, StreamStarted):
            return event
        if event is not None:
            raise messages.BadFrame("the stream did not begin with a start message")


def _event(message: WSMessage) -> MediaEvent | None:
    """What one websocket message means. Raises BadFrame."""
    match message.type:
        case WSMsgType.TEXT:
            return messages.parse(message.data)
        case WSMsgType.BINARY:
            raise messages.BadFrame("a binary frame")
        case WSMsgType.ERROR:
            return StreamStopped("a frame that breaks the websocket protocol or is above 64 KiB")
        case WSMsgType.CLOSE | WSMsgType.CLOSING | WSMsgType.CLOSED:
            return StreamStopped(WIRE_BROKE)
    return None


async def _close(socket: web.WebSocketResponse, code: WSCloseCode, reason: str) -> None:
    await socket.close(code=code, message=reason.encode()[:123])
