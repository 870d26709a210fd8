"""A strict reader of TwiML: what is not documented is an error (twilio.com/docs/voice/twiml).

Element and attribute names are case-sensitive, the root is `<Response>`, comments are ignored. A document is 64 KB at
most (error 11750). Verbs that are documented but not simulated are refused under their name.
"""

from collections.abc import Callable
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from telephony.simulator.carrier import verbs
from telephony.simulator.carrier.attributes import METHOD, one_of
from telephony.simulator.carrier.elements import INVALID, MALFORMED, TwimlError, empty, read, url_of, without_text
from telephony.simulator.carrier.twiml_connect import connect, dial
from telephony.simulator.carrier.twiml_prompts import PROMPTS, gather

LARGEST = 64 * 1024
TOO_LARGE = 11750

_NOT_SIMULATED = frozenset(
    ["Echo", "Enqueue", "Leave", "Pay", "Prompt", "Queue", "Record", "Refer", "Sms", "Start", "Stop"]
)


def parse(document: bytes, base: str | None) -> verbs.Document:
    """The verbs of a document fetched from `base` (None where it came by REST). Raises TwimlError."""
    if len(document) > LARGEST:
        raise TwimlError(TOO_LARGE, "a document is 64 KB at most")
    if b"<!DOCTYPE" in document or b"<!ENTITY" in document or b"\0" in document:
        raise TwimlError(MALFORMED, "a document type declaration or a wide encoding is not TwiML")
    try:
        # Without a document type declaration there are no entities to expand.
        root = ElementTree.fromstring(document)  # noqa: S314
    except ElementTree.ParseError as wrong:
        raise TwimlError(MALFORMED, f"not XML at line {wrong.position[0]}, column {wrong.position[1]}") from None
    if root.tag != "Response":
        raise TwimlError(MALFORMED, f"the root should be <Response>, not <{root.tag[:40]}>")
    read(root, {})
    without_text(root)
    return tuple(_verb(element, base) for element in root)


def _verb(element: Element, base: str | None) -> verbs.Verb:
    reader = _VERBS.get(element.tag)
    if reader:
        return reader(element, base)
    if element.tag in _NOT_SIMULATED:
        raise TwimlError(INVALID, f"<{element.tag}> is TwiML that this carrier does not simulate")
    raise TwimlError(INVALID, f"<{element.tag[:40]}> is not a verb")


def _hangup(element: Element, _base: str | None) -> verbs.Hangup:
    empty(element)
    return verbs.Hangup(**read(element, {}))


def _reject(element: Element, _base: str | None) -> verbs.Reject:
    empty(element)
    return verbs.Reject(**read(element, {"reason": one_of("rejected", "busy")}))


def _redirect(element: Element, base: str | None) -> verbs.Redirect:
    values = read(element, {"method": METHOD})
    return verbs.Redirect(url_of(element, base), **values)


_VERBS: dict[str, Callable[[Element, str | None], verbs.Verb]] = {
    **PROMPTS,
    "Gather": gather,
    "Redirect": _redirect,
    "Connect": connect,
    "Dial": dial,
    "Reject": _reject,
    "Hangup": _hangup,
}
