"""TwiML that connects: Connect with a Stream, Dial with a number or a Conference.

Sources: twilio.com/docs/voice/twiml/stream, .../dial, .../conference.
"""

from typing import Any
from urllib.parse import urljoin, urlsplit
from xml.etree.ElementTree import Element

from telephony.simulator.carrier import verbs
from telephony.simulator.carrier.attributes import METHOD, Reader, address, one_of, text, truth, whole
from telephony.simulator.carrier.elements import INVALID, TwimlError, childless, empty, read, text_of, without_text

_ABSOLUTE = address(None)


def connect(element: Element, base: str | None) -> verbs.Connect:
    without_text(element)
    values = read(element, {"action": address(base), "method": METHOD})
    if [child.tag for child in element] != ["Stream"]:
        raise TwimlError(INVALID, "<Connect> should hold one <Stream>; its other nouns are not simulated")
    return verbs.Connect(_stream(element[0], base), **values)


def _stream_address(base: str | None) -> Reader:
    """A stream's URL as it stands, or a relative one made wss (ws) of the document's https (http)."""

    def reader(value: str) -> str:
        if not base or urlsplit(value).scheme:
            return value.strip()
        return "ws" + urljoin(base, value.strip()).removeprefix("http")

    return reader


def _stream(element: Element, base: str | None) -> verbs.Stream:
    without_text(element)
    table: dict[str, Reader] = {
        "url": _stream_address(base),
        "name": text,
        "track": one_of("inbound_track", "outbound_track", "both_tracks"),
        "statusCallback": _ABSOLUTE,
        "statusCallbackMethod": METHOD,
    }
    values = read(element, table)
    if not values.get("url"):
        raise TwimlError(INVALID, "<Stream> needs a url")
    return verbs.Stream(parameters=tuple(_parameter(child) for child in element), **values)


def _parameter(element: Element) -> tuple[str, str]:
    if element.tag != "Parameter":
        raise TwimlError(INVALID, f"<{element.tag[:40]}> may not stand in <Stream>")
    empty(element)
    values = read(element, {"name": text, "value": text})
    if set(values) != {"name", "value"} or not values["name"]:
        raise TwimlError(INVALID, "<Parameter> needs a name and a value")
    if len(values["name"]) + len(values["value"]) >= 500:
        raise TwimlError(INVALID, "<Parameter> has fewer than 500 characters in name and value")
    return values["name"], values["value"]


def dial(element: Element, base: str | None) -> verbs.Dial | verbs.DialConference:
    table: dict[str, Reader] = {
        "action": address(base),
        "method": METHOD,
        "timeout": whole(1, 600),
        "timeLimit": whole(1, 86400),
        "callerId": text,
        "answerOnBridge": truth,
        "hangupOnStar": truth,
        "ringTone": text,
    }
    values: dict[str, Any] = read(element, table)
    if [child.tag for child in element] == ["Conference"]:
        without_text(element)
        return verbs.DialConference(_conference(element[0]), **values)
    return verbs.Dial(_dialled(element), **values)


def _conference(element: Element) -> verbs.Conference:
    """twilio.com/docs/voice/twiml/conference; TwiML of one's own to wait with, and callbacks, are not simulated."""
    childless(element)
    table: dict[str, Reader] = {
        "muted": truth,
        "beep": one_of("true", "false", "onEnter", "onExit"),
        "startConferenceOnEnter": truth,
        "endConferenceOnExit": truth,
        "waitUrl": one_of(""),
        "waitMethod": METHOD,
        "maxParticipants": whole(2, 250),
        "participantLabel": text,
    }
    values = read(element, table)
    if not (room := text_of(element)):
        raise TwimlError(INVALID, "<Conference> has no name")
    return verbs.Conference(room, **values)


def _dialled(element: Element) -> str:
    numbers = [child for child in element if child.tag == "Number"]
    if len(numbers) != len(element) or len(numbers) > 1:
        raise TwimlError(
            INVALID, "<Dial> should hold a number, one <Number> or one <Conference>; its other nouns are not simulated"
        )
    for noun in numbers:
        read(noun, {})
        without_text(element)
    number = text_of(numbers[0] if numbers else element)
    if not number:
        raise TwimlError(INVALID, "<Dial> has no number")
    return number
