"""The webhooks on a real socket, answering for one made-up call, and clients that ask as Twilio does."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import ClientResponse, ClientWebSocketResponse, web
from aiohttp.test_utils import TestClient, TestServer

from telephony.carriers.base import Answer, IncomingCall, LegStatus, MediaEvent, MediaStream, UnknownCall
from telephony.carriers.twilio.addresses import Addresses
from telephony.carriers.twilio.signature import SignatureCheck
from telephony.carriers.twilio.webhooks import TwilioWebhooks
from telephony.carriers.verbs import ConnectStream, Hangup, Script
from tests.carriers.twilio.wire import ACCOUNT, CALLER_LEG, SIGNATURE, TOKEN, signed

PUBLIC = "https://interpreter.example.com"
CALL, LEG = "c1", "caller"
STREAM_PATH = f"/twilio/calls/{CALL}/{LEG}/stream"


@dataclass
class OneCall:
    """A `CallHandler` that knows one call with one leg, notes what it is asked, and reads streams to their end."""

    asked: list[tuple[object, ...]] = field(default_factory=list)
    heard: asyncio.Queue[tuple[MediaStream, MediaEvent]] = field(default_factory=lambda: asyncio.Queue(1000))
    expected: bool = True
    trouble: Exception | None = None
    """What every question raises."""

    async def incoming(self, incoming: IncomingCall) -> tuple[str, str, Script]:
        self.asked.append(("incoming", incoming))
        self._fail()
        return CALL, LEG, (ConnectStream({"token": "a1B2"}, "after"),)

    async def step(self, call: str, leg: str, step: str, carrier_call: str, answer: Answer) -> Script:
        self._know(call, leg)
        self.asked.append(("step", step, carrier_call, answer))
        self._fail()
        return (Hangup(),)

    async def status(self, call: str, leg: str, carrier_call: str, status: LegStatus) -> None:
        self._know(call, leg)
        self.asked.append(("status", carrier_call, status))
        self._fail()

    async def line_status(self, carrier_call: str, status: LegStatus) -> None:
        if carrier_call != CALLER_LEG:
            raise UnknownCall
        self.asked.append(("line status", carrier_call, status))

    def expects_stream(self, call: str, leg: str) -> bool:
        return self.expected and (call, leg) == (CALL, LEG)

    async def stream(self, call: str, leg: str, stream: MediaStream) -> None:
        if stream.started.parameters.get("token") != "a1B2c3D4e5F6g7H8":
            raise UnknownCall
        async for event in stream.events():
            await self.heard.put((stream, event))

    async def next(self) -> MediaEvent:
        """The next event of any stream."""
        return (await self._next())[1]

    async def stream_of_next(self) -> MediaStream:
        """The stream that the next event belongs to."""
        return (await self._next())[0]

    async def _next(self) -> tuple[MediaStream, MediaEvent]:
        async with asyncio.timeout(5):
            return await self.heard.get()

    def _fail(self) -> None:
        if self.trouble:
            raise self.trouble

    def _know(self, call: str, leg: str) -> None:
        if (call, leg) != (CALL, LEG):
            raise UnknownCall


@dataclass(frozen=True, slots=True)
class Service:
    """What the webhooks look like from Twilio's side."""

    client: TestClient[web.Request, web.Application]
    calls: OneCall
    webhooks: web.Application

    async def post(self, path: str, form: Mapping[str, str], signature: str | None = None) -> ClientResponse:
        """A webhook signed as it should be, or with `signature`."""
        right = signed(PUBLIC + path, form)
        return await self.client.post(path, data=form, headers={SIGNATURE: right if signature is None else signature})

    async def join(
        self, path: str = STREAM_PATH, signature: str | None = None, compress: int = 0
    ) -> ClientWebSocketResponse:
        """A media stream's handshake, signed as it should be, or with `signature`."""
        right = signed(f"wss://interpreter.example.com{path}")
        headers = {SIGNATURE: right if signature is None else signature}
        return await self.client.ws_connect(path, headers=headers, max_msg_size=0, autoclose=False, compress=compress)


class AsServed(TestServer):
    """A test server that, like the service itself, leaves a request's task alone when its connection is lost."""

    async def _make_runner(self, **kwargs: Any) -> web.AppRunner:
        return web.AppRunner(self.app, **{**kwargs, "handler_cancellation": False})


@asynccontextmanager
async def serving() -> AsyncIterator[Service]:
    calls = OneCall()
    webhooks = TwilioWebhooks(calls, SignatureCheck(TOKEN, PUBLIC), Addresses(PUBLIC), ACCOUNT).app()
    app = web.Application()
    app.add_subapp("/twilio", webhooks)
    async with TestClient(AsServed(app)) as client:
        yield Service(client, calls, webhooks)
