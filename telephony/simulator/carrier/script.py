"""One call's documents: fetched, performed verb by verb, until a document ends.

Source: twilio.com/docs/voice/twiml: verbs run from top to bottom; an action or a Redirect replaces the document; at its
end the call is hung up. A call is answered by its first verb that needs it; Reject, Pause and Redirect do not.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING
from urllib.parse import urldefrag

from telephony.simulator.carrier import verbs
from telephony.simulator.carrier.conferring import confer
from telephony.simulator.carrier.dialling import dial
from telephony.simulator.carrier.documents import APPLICATION_ERROR, document_of
from telephony.simulator.carrier.elements import TwimlError
from telephony.simulator.carrier.gathering import gather
from telephony.simulator.carrier.media_stream import MediaStream
from telephony.simulator.carrier.plan import Document, Source
from telephony.simulator.carrier.prompting import perform, prepare
from telephony.simulator.carrier.request import Request, WebhookError
from telephony.simulator.carrier.standing import Standing
from telephony.simulator.carrier.twiml import parse

if TYPE_CHECKING:
    from telephony.simulator.carrier.call import Call

_END: verbs.Document = ()


class Script:
    """Performs documents for one call."""

    def __init__(self, call: "Call") -> None:
        self._call = call

    async def run(self, source: Source) -> None:
        """Perform the document at `source` and all that follow from it."""
        document: verbs.Document | None = await self._document(source)
        while document is not None:
            document = await self._perform(document)
        if not self._call.rejected:
            self._call.answer()

    async def _perform(self, document: verbs.Document) -> verbs.Document | None:
        """Do each verb. Returns the document that replaces this one, None at the end."""
        for verb in document:
            following = await self._do(verb)
            if following is not None:
                return following
        return None

    async def _do(self, verb: verbs.Verb) -> verbs.Document | None:
        match verb:
            case verbs.Redirect():
                return await self._document(Request(verb.url, verb.method))
            case verbs.Reject():
                self._call.reject(Standing.BUSY if verb.reason == "busy" else Standing.NO_ANSWER)
                return _END
            case verbs.Hangup():
                self._call.answer()
                return _END
            case verbs.Pause():
                await self._speak(verb)
                return None
        self._call.answer()
        match verb:
            case verbs.Gather():
                return await self._gather(verb)
            case verbs.Connect():
                return await self._connect(verb)
            case verbs.DialConference():
                return await self._action(verb.action, verb.method, await confer(self._call, verb))
            case verbs.Dial():
                return await self._action(verb.action, verb.method, await dial(self._call, verb))
            case _:
                await self._speak(verb)
                return None

    async def _speak(self, verb: verbs.Prompt) -> None:
        """Say, Play or Pause. A file that cannot be had is a problem of the call, which goes on."""
        prompts = await prepare(self._call, (verb,))
        await perform(self._call, prompts)

    async def _connect(self, verb: verbs.Connect) -> verbs.Document | None:
        """The stream, however it ends: closed by the service, lost without a word (error 31903) or refused (31920).

        twilio.com/docs/voice/twiml/connect: "when the <Connect> verb ends" the action is asked; without one the call
        goes on with the next verb. No attempt is made to open a stream again.
        """
        await MediaStream(self._call, verb.stream).run()
        action = None if self._call.exchange.faults.action_skipped else verb.action
        return await self._action(action, verb.method, {})

    async def _gather(self, verb: verbs.Gather) -> verbs.Document | None:
        fields = await gather(self._call, verb)
        return None if fields is None else await self._action(verb.action, verb.method, fields)

    async def _action(self, action: str | None, method: str, fields: Mapping[str, str]) -> verbs.Document | None:
        return await self._document(Request(action, method, fields)) if action else None

    async def _document(self, source: Source) -> verbs.Document:
        """The document at `source`, else the fallback's, else the one that says that something is wrong."""
        try:
            return await self._fetch(source)
        except (WebhookError, TwimlError) as error:
            self._call.problem(error.code, error.reason)
            return await self._fallback(error.code, urldefrag(source.url).url if isinstance(source, Request) else "")

    async def _fallback(self, code: int, url: str) -> verbs.Document:
        """Whether Twilio's `ErrorUrl` has connection overrides is not documented; this one has none."""
        fallback = self._call.plan.fallback
        if fallback is None:
            self._call.note("application error", code=code)
            return APPLICATION_ERROR
        self._call.note("fallback", code=code)
        try:
            return await self._fetch(Request(fallback.url, fallback.method, {"ErrorCode": str(code), "ErrorUrl": url}))
        except (WebhookError, TwimlError) as error:
            self._call.problem(error.code, error.reason)
            self._call.note("application error", code=error.code)
            return APPLICATION_ERROR

    async def _fetch(self, source: Source) -> verbs.Document:
        if isinstance(source, Document):
            return parse(source.twiml.encode(), None)
        return document_of(await self._call.ask(source))
