"""What Twilio asks of us over HTTP: voice webhooks, status callbacks and the media stream's handshake.

Everything under `/twilio` passes the signature check first; what does not pass, or names no call of ours, is answered
403 without a word. Source of the fields: twilio.com/docs/voice/twiml and .../voice/api/call-resource#statuscallback.
"""

from collections.abc import Awaitable, Callable

from aiohttp import web

from telephony.carriers.base import Answer, CallHandler, IncomingCall, LegStatus, UnknownCall
from telephony.carriers.twilio import addresses, media_stream, twiml
from telephony.carriers.twilio.addresses import Addresses
from telephony.carriers.twilio.signature import SignatureCheck
from telephony.carriers.verbs import Script

LARGEST_FORM = 64 * 1024
FORM = "application/x-www-form-urlencoded"
STATUS_WORDS = {"in-progress": LegStatus.ANSWERED, **{status.value: status for status in LegStatus}}

HttpHandler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class TwilioWebhooks:
    """The routes of one account's calls, for `app.add_subapp("/twilio", webhooks.app())`."""

    def __init__(self, calls: CallHandler, check: SignatureCheck, where: Addresses, account_sid: str) -> None:
        self._calls = calls
        self._check = check
        self._where = where
        self._account_sid = account_sid

    def app(self) -> web.Application:
        app = web.Application(middlewares=[self._signed], client_max_size=LARGEST_FORM)
        app.router.add_post(addresses.VOICE.removeprefix("/twilio"), self._voice)
        app.router.add_post(addresses.LINE_STATUS.removeprefix("/twilio"), self._line_status)
        app.router.add_post("/calls/{call}/{leg}/steps/{step}", self._step)
        app.router.add_post("/calls/{call}/{leg}/status", self._status)
        app.router.add_get("/calls/{call}/{leg}/stream", self._stream)
        return app

    @web.middleware
    async def _signed(self, request: web.Request, handler: HttpHandler) -> web.StreamResponse:
        """Refuses what Twilio has not signed with our token, and calls that are not ours."""
        if not await self._is_signed(request):
            raise web.HTTPForbidden(text="")
        try:
            return await handler(request)
        except UnknownCall:
            raise web.HTTPForbidden(text="") from None

    async def _is_signed(self, request: web.Request) -> bool:
        """GET is only ever a handshake. A body that cannot be read as a form is not Twilio's; without a signature none
        is read."""
        signature = request.headers.get("X-Twilio-Signature")
        if not signature:
            return False
        try:
            if request.method == "GET":
                return self._check.handshake(request.raw_path, signature)
            if request.content_type != FORM:
                return False
            form = await request.post()
            signed = self._check.webhook(request.raw_path, form, signature)
        except (ValueError, LookupError, web.RequestPayloadError, web.HTTPRequestEntityTooLarge):
            return False
        return signed and form.get("AccountSid") == self._account_sid

    async def _voice(self, request: web.Request) -> web.Response:
        form = await request.post()
        incoming = IncomingCall(_field(form, "CallSid"), _field(form, "From"), _field(form, "To"))
        call, leg, script = await self._calls.incoming(incoming)
        return self._document(call, leg, script)

    async def _step(self, request: web.Request) -> web.Response:
        form = await request.post()
        call, leg, step = (request.match_info[name] for name in ("call", "leg", "step"))
        answer = Answer(_field(form, "Digits"), _field(form, "SpeechResult"))
        return self._document(call, leg, await self._calls.step(call, leg, step, _field(form, "CallSid"), answer))

    async def _status(self, request: web.Request) -> web.Response:
        form = await request.post()
        if status := STATUS_WORDS.get(_field(form, "CallStatus")):
            call, leg = request.match_info["call"], request.match_info["leg"]
            await self._calls.status(call, leg, _field(form, "CallSid"), status)
        return web.Response(status=204)

    async def _line_status(self, request: web.Request) -> web.Response:
        form = await request.post()
        if status := STATUS_WORDS.get(_field(form, "CallStatus")):
            await self._calls.line_status(_field(form, "CallSid"), status)
        return web.Response(status=204)

    async def _stream(self, request: web.Request) -> web.StreamResponse:
        """The handshake; a refused token ends the accepted socket alone."""
        call, leg = request.match_info["call"], request.match_info["leg"]
        if not self._calls.expects_stream(call, leg):
            raise UnknownCall
        socket = await media_stream.accept(request)
        stream = await media_stream.begin(socket)
        if stream is not None:
            try:
                await self._calls.stream(call, leg, stream)
            except UnknownCall:
                await stream.refuse("unknown call")
            finally:
                await stream.close("done")
        return socket

    def _document(self, call: str, leg: str, script: Script) -> web.Response:
        text = twiml.render(script, lambda step: self._where.step(call, leg, step), self._where.stream(call, leg))
        return web.Response(text=text, content_type="text/xml", charset="utf-8")


def _field(form: object, name: str) -> str:
    value = form.get(name, "") if hasattr(form, "get") else ""
    return value if isinstance(value, str) else ""
