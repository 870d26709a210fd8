"""The fields of Twilio's webhooks, those that are empty included. PURE.

Sources: twilio.com/docs/voice/twiml ("Request parameters"), /docs/voice/api/call-resource (StatusCallback),
/docs/voice/twiml/stream (statusCallback), and captures: legacy `Called` and `Caller`, geographic fields of each.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime

from telephony.simulator.carrier.standing import Direction, Standing


@dataclass(frozen=True, slots=True)
class CallFacts:
    """What every webhook of one call says of it."""

    account: str
    sid: str
    direction: Direction
    from_: str = field(repr=False)
    to: str = field(repr=False)


def voice(call: CallFacts, standing: Standing, more: Mapping[str, str] | None = None) -> dict[str, str]:
    """The fields of a voice webhook; `more` are those of its occasion, such as Digits."""
    fields = {
        "AccountSid": call.account,
        "ApiVersion": "2010-04-01",
        "CallSid": call.sid,
        "CallStatus": standing,
        "Direction": call.direction,
    }
    for name, address in (("From", call.from_), ("Caller", call.from_), ("To", call.to), ("Called", call.to)):
        fields[name] = address
        fields.update(_place(name, address))
    return {**fields, **(more or {})}


def _place(name: str, address: str) -> dict[str, str]:
    """Where a number is at home: known for one area, the country for others of its plan, empty for what is none."""
    city, state = ("WASHINGTON DC ZONE 1", "DC") if address.startswith("+1202") else ("", "")
    country = "US" if address.startswith("+1") else ""
    return {f"{name}City": city, f"{name}State": state, f"{name}Zip": "", f"{name}Country": country}


def progress(sequence: int, now: datetime, ended: Mapping[str, str] | None = None) -> dict[str, str]:
    """What a call status callback adds. `ended` are the fields of a call that is over."""
    return {
        "Timestamp": rfc2822(now),
        "CallbackSource": "call-progress-events",
        "SequenceNumber": str(sequence),
        **(ended or {}),
    }


def stream(call: CallFacts, sid: str, name: str | None, event: str, now: datetime, error: str = "") -> dict[str, str]:
    """The fields of a media stream's status callback; its Timestamp is ISO 8601 where a call's is RFC 2822."""
    fields = {
        "AccountSid": call.account,
        "CallSid": call.sid,
        "StreamSid": sid,
        "StreamName": name or sid,
        "StreamEvent": event,
        "Timestamp": now.isoformat().replace("+00:00", "Z"),
    }
    return {**fields, "StreamError": error} if error else fields


def rfc2822(when: datetime) -> str:
    """A time as Twilio's REST API and call callbacks write it."""
    return format_datetime(when)
