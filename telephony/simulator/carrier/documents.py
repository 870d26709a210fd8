"""From what a webhook answered to the verbs it means.

Source: twilio.com/docs/voice/twiml, "Twilio's TwiML interpreter": XML and HTML types are TwiML, audio is played, plain
text is read aloud unless it is TwiML; the call is hung up after the last two.
"""

from telephony.simulator.carrier.elements import TwimlError
from telephony.simulator.carrier.request import Reply
from telephony.simulator.carrier.twiml import parse
from telephony.simulator.carrier.verbs import Document, Hangup, Play, Say

_TWIML = frozenset({"text/xml", "application/xml", "text/html"})
_NO_TYPE = 12300

APPLICATION_ERROR: Document = (Say("We are sorry, an application error has occurred. Goodbye."), Hangup())
"""What a party hears when the service cannot be asked and has no fallback."""


def document_of(reply: Reply) -> Document:
    """The document in a reply. Raises TwimlError."""
    if reply.content_type in _TWIML:
        return parse(reply.body, reply.url)
    if reply.content_type.startswith("audio/"):
        return (Play(reply.url), Hangup())
    if reply.content_type == "text/plain":
        return _plain(reply)
    raise TwimlError(_NO_TYPE, "the answer has no content type that TwiML may have")


def _plain(reply: Reply) -> Document:
    try:
        return parse(reply.body, reply.url)
    except TwimlError:
        return (Say(reply.body.decode("utf-8", "replace")), Hangup())
