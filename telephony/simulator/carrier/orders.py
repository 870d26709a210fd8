"""What a REST request may ask of calls: its form checked, as a plan or as Twilio's error. PURE.

Source: twilio.com/docs/voice/api/call-resource and the error pages named by code.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from urllib.parse import urlsplit

from telephony.simulator.carrier.plan import EVENTS, Document, Plan, Source, StatusCallback
from telephony.simulator.carrier.request import Request

_NUMBER = re.compile(r"\+[1-9][0-9]{6,14}|client:[A-Za-z0-9_.@-]{1,121}|sips?:[^\s@]+@[^\s@]+")
_TWIML_CHARACTERS = 4000
_INVALID_PARAMETER = 20001


class RestError(Exception):
    """A refusal as the REST API words it."""

    def __init__(self, status: int, code: int, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.status = status
        self.code = code
        self.message = message


Form = Mapping[str, Sequence[str]]
"""Every value of each field, in order."""


def one(form: Form, name: str) -> str:
    """A field's value, empty where it is missing."""
    values = form.get(name, ())
    return values[0] if values else ""


def plan_of(form: Form, own_numbers: Collection[str]) -> Plan:
    """What `Calls` create asks for. Raises RestError."""
    _parties(form, own_numbers)
    return Plan(
        source=_required_source(form),
        fallback=_request(form, "FallbackUrl", "FallbackMethod", 21205),
        reports=_reports(form),
        ring_seconds=_whole(form, "Timeout", 60, 600),
        time_limit=_whole(form, "TimeLimit", 14400, 86400),
        machine_detection=_detection(form),
    )


def source_of(form: Form) -> Source | None:
    """The document that a form names: `Url` wins over `Twiml`. Raises RestError."""
    request = _request(form, "Url", "Method", 21205)
    if request:
        return request
    twiml = one(form, "Twiml")
    if len(twiml) > _TWIML_CHARACTERS:
        raise RestError(400, _INVALID_PARAMETER, f"Twiml has {_TWIML_CHARACTERS} characters at most")
    return Document(twiml) if twiml else None


def _parties(form: Form, own_numbers: Collection[str]) -> None:
    to, from_ = one(form, "To"), one(form, "From")
    if not to:
        raise RestError(400, 21201, "No 'To' number is specified")
    if not from_:
        raise RestError(400, 21213, "No 'From' number is specified")
    if not _NUMBER.fullmatch(to):
        raise RestError(400, 21211, f"Invalid 'To' Phone Number: {to}")
    if not _NUMBER.fullmatch(from_):
        raise RestError(400, 21212, f"Invalid 'From' Phone Number: {from_}")
    if from_ not in own_numbers:
        raise RestError(400, 21210, "The source phone number provided is not yet verified for your account")


def _required_source(form: Form) -> Source:
    source = source_of(form)
    if source is None:
        raise RestError(400, 21205, "Url parameter is required.")
    return source


def _reports(form: Form) -> StatusCallback | None:
    request = _request(form, "StatusCallback", "StatusCallbackMethod", 21609)
    events = form.get("StatusCallbackEvent", ())
    if not set(events) <= set(EVENTS):
        raise RestError(400, 21626, "Invalid StatusCallbackEvents")
    if request is None:
        return None
    return StatusCallback(request.url, request.method, frozenset(events or ("completed",)))


def _request(form: Form, url_name: str, method_name: str, code: int) -> Request | None:
    url, method = one(form, url_name), one(form, method_name) or "POST"
    if not url:
        return None
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or "_" in parts.hostname:
        raise RestError(400, code, f"{url_name} is not a valid URL")
    if method not in ("GET", "POST"):
        raise RestError(400, _INVALID_PARAMETER, f"{method_name} is GET or POST")
    return Request(url, method)


def _detection(form: Form) -> bool:
    """Waiting for the end of a machine's greeting, and detection beside the call, are not simulated."""
    wanted = one(form, "MachineDetection")
    if wanted not in ("", "Enable") or one(form, "AsyncAmd") == "true":
        raise RestError(400, _INVALID_PARAMETER, "MachineDetection is Enable, and not asynchronous, in this simulation")
    return wanted == "Enable"


def _whole(form: Form, name: str, default: int, most: int) -> int:
    value = one(form, name) or str(default)
    if not re.fullmatch("[0-9]{1,6}", value) or not 1 <= int(value) <= most:
        raise RestError(400, _INVALID_PARAMETER, f"{name} is a whole number from 1 to {most}")
    return int(value)
