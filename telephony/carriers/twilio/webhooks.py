"""What Twilio asks of us over HTTP: voice webhooks, status callbacks and the media stream's handshake.

Everything under `/twilio` passes the signature check first; what does not pass is answered 403 without a word. What
passes gets an answer that Twilio can use, whatever became of the call: an error of ours would end it, unless there is
a fallback URL (twilio.com/docs/usage/security/availability-reliability). A leg of a call that never was, or is over, is
hung up, and its report is taken and dropped; the handshake of a stream that nobody awaits is refused with 403. Where a
question cannot be answered just now, the leg asks the same again after a second. Source of the fields:
twilio.com/docs/voice/twiml and .../voice/api/call-resource#statuscallback.
"""

from collections.abc import Awaitable, Callable

import structlog
from aiohttp import ClientConnectionError, web

from telephony.carriers.base import Answer, CallHandler, IncomingCall, LegStatus, UnknownCall
from telephony.carriers.twilio import addresses, media_stream, twiml
from telephony.carriers.twilio.addresses import AGAIN, Addresses
from telephony.carriers.twilio.signature import SignatureCheck
from telephony.carriers.twilio.statuses import leg_status
from telephony.carriers.verbs import Script

LARGEST_FORM = 64 * 1024
FORM = "application/x-www-form-urlencoded"

MOST_AGAIN = 5
"""How often a leg asks again before it is hung up."""

AGAIN_AFTER = 1
"""Seconds between."""

log = structlog.get_logger(__name__)

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
        """Refuses what Twilio has not signed with our token."""
        if not await self._is_signed(request):
            raise web.HTTPForbidden(text="")
        return await handler(request)

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
        return await _answered(request, self._where.voice_again, self._came_in)

    async def _came_in(self, request: web.Request) -> str:
        """A leg we dialled never comes in: one that says so has been sent here by mistake."""
        form = await request.post()
        if _field(form, "Direction").startswith("outbound"):
            raise UnknownCall
        incoming = IncomingCall(_field(form, "CallSid"), _field(form, "From"), _field(form, "To"))
        return self._rendered(*await self._calls.incoming(incoming))

    async def _step(self, request: web.Request) -> web.Response:
        call, leg, step = _named(request, "call", "leg", "step")
        return await _answered(request, lambda again: self._where.step(call, leg, step, again), self._stepped)

    async def _stepped(self, request: web.Request) -> str:
        form = await request.post()
        call, leg, step = _named(request, "call", "leg", "step")
        answer = Answer(_field(form, "Digits"), _field(form, "SpeechResult"), _is_machine(_field(form, "AnsweredBy")))
        return self._rendered(call, leg, await self._calls.step(call, leg, step, _field(form, "CallSid"), answer))

    async def _status(self, request: web.Request) -> web.Response:
        call, leg = _named(request, "call", "leg")
        return await _reported(request, lambda sid, status: self._calls.status(call, leg, sid, status))

    async def _line_status(self, request: web.Request) -> web.Response:
        return await _reported(request, self._calls.line_status)

    async def _stream(self, request: web.Request) -> web.StreamResponse:
        """The handshake; a refused token ends the accepted socket alone."""
        call, leg = _named(request, "call", "leg")
        if not self._calls.expects_stream(call, leg):
            raise web.HTTPForbidden(text="")
        try:
            socket = await media_stream.accept(request)
        except ClientConnectionError:
            return web.Response()  # whoever asked is gone
        stream = await media_stream.begin(socket)
        if stream is not None:
            try:
                await self._calls.stream(call, leg, stream)
            except UnknownCall:
                await stream.refuse("unknown call")
            finally:
                await stream.close("done")
        return socket

    def _rendered(self, call: str, leg: str, script: Script) -> str:
        return twiml.render(script, lambda step: self._where.step(call, leg, step), self._where.stream(call, leg))


async def _answered(
    request: web.Request, url_again: Callable[[int], str], answer: Callable[[web.Request], Awaitable[str]]
) -> web.Response:
    """The document for a leg, a valid one in any case. An answer that was gathered is not asked of Twilio again, so a
    question that is put anew comes without it."""
    try:
        text = await answer(request)
    except UnknownCall:
        text = twiml.hung_up()
    except Exception as error:
        again = _times_again(request) + 1
        log.error("a leg's question could not be answered", error=type(error).__name__, again=again)
        text = twiml.hung_up() if again > MOST_AGAIN else twiml.asked_again(url_again(again), AGAIN_AFTER)
    return web.Response(text=text, content_type="text/xml", charset="utf-8")


async def _reported(request: web.Request, report: Callable[[str, LegStatus], Awaitable[None]]) -> web.Response:
    """204 also for a call that is not ours. 503 where the report could not be taken: Twilio tells it again."""
    form = await request.post()
    status = leg_status(_field(form, "CallStatus"))
    try:
        if status:
            await report(_field(form, "CallSid"), status)
    except UnknownCall:
        log.info("a report about a call that is not ours")
    except Exception as error:
        log.error("a leg's report could not be taken", error=type(error).__name__)
        return web.Response(status=503)
    return web.Response(status=204)


def _named(request: web.Request, *names: str) -> tuple[str, ...]:
    return tuple(request.match_info[name] for name in names)


def _times_again(request: web.Request) -> int:
    """How often this question has been put before; a count that cannot be read is the last."""
    count = request.query.get(AGAIN, "0")
    return int(count) if count.isascii() and count.isdigit() and len(count) < 3 else MOST_AGAIN


def _is_machine(answered_by: str) -> bool:
    """`AnsweredBy` is human, unknown, fax, or begins with machine (twilio.com/docs/voice/answering-machine-detection).
    What is unknown may be a person."""
    return answered_by == "fax" or answered_by.startswith("machine")


def _field(form: object, name: str) -> str:
    value = form.get(name, "") if hasattr(form, "get") else ""
    return value if isinstance(value, str) else ""
