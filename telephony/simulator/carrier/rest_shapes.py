"""Resources as Twilio's REST API writes them: every field of the public OpenAPI, null where nothing is known. PURE.

Source: the API reference of Calls, Accounts and IncomingPhoneNumbers (twilio.com/docs/usage/api, version 2010-04-01).
"""

from datetime import datetime
from typing import TYPE_CHECKING

from telephony.simulator.carrier.forms import rfc2822
from telephony.simulator.carrier.numbers import OwnNumber
from telephony.simulator.carrier.standing import Direction

if TYPE_CHECKING:
    from telephony.simulator.carrier.call import Call

Resource = dict[str, object]

VERSION = "2010-04-01"

_CALL_PARTS = (
    "notifications",
    "recordings",
    "payments",
    "events",
    "siprec",
    "streams",
    "transcriptions",
    "user_defined_message_subscriptions",
    "user_defined_messages",
)


def call(call: "Call", number_sid: str) -> Resource:
    facts = call.facts
    path = f"/{VERSION}/Accounts/{facts.account}/Calls/{facts.sid}"
    duration = str(call.duration) if call.progress.standing.final else None
    return {
        "sid": facts.sid,
        "date_created": rfc2822(call.created_on),
        "date_updated": rfc2822(call.ended_on or call.answered_on or call.created_on),
        "parent_call_sid": None,
        "account_sid": facts.account,
        "to": facts.to,
        "to_formatted": _formatted(facts.to),
        "from": facts.from_,
        "from_formatted": _formatted(facts.from_),
        "phone_number_sid": number_sid,
        "status": call.progress.standing,
        "start_time": _time(call.answered_on),
        "end_time": _time(call.ended_on),
        "duration": duration,
        "price": None,
        "price_unit": "USD",
        "direction": facts.direction,
        "answered_by": call.answered_by,
        "annotation": None,
        "api_version": VERSION,
        "forwarded_from": facts.from_ if facts.direction is Direction.INBOUND else None,
        "group_sid": None,
        "caller_name": None,
        "queue_time": "0",
        "trunk_sid": None,
        "uri": f"{path}.json",
        "subresource_uris": {part: f"{path}/{_camel(part)}.json" for part in _CALL_PARTS},
    }


def account(sid: str, created: datetime) -> Resource:
    path = f"/{VERSION}/Accounts/{sid}"
    return {
        "sid": sid,
        "owner_account_sid": sid,
        "friendly_name": "Simulated account",
        "status": "active",
        "type": "Full",
        "auth_token": None,
        "date_created": rfc2822(created),
        "date_updated": rfc2822(created),
        "uri": f"{path}.json",
        "subresource_uris": {
            "calls": f"{path}/Calls.json",
            "incoming_phone_numbers": f"{path}/IncomingPhoneNumbers.json",
        },
    }


def number(number: OwnNumber, account: str, created: datetime) -> Resource:
    return {
        "sid": number.sid,
        "account_sid": account,
        "friendly_name": _formatted(number.phone_number),
        "phone_number": number.phone_number,
        "voice_url": number.voice_url,
        "voice_method": number.voice_method,
        "voice_fallback_url": number.voice_fallback_url,
        "voice_fallback_method": number.voice_fallback_method,
        "status_callback": number.status_callback,
        "status_callback_method": number.status_callback_method,
        "voice_caller_id_lookup": False,
        "voice_application_sid": "",
        "voice_receive_mode": "voice",
        "sms_url": "",
        "sms_method": "POST",
        "sms_fallback_url": "",
        "sms_fallback_method": "POST",
        "sms_application_sid": "",
        "capabilities": {"voice": True, "sms": False, "mms": False, "fax": False},
        "address_requirements": "none",
        "address_sid": None,
        "bundle_sid": None,
        "identity_sid": None,
        "trunk_sid": None,
        "emergency_status": "Inactive",
        "emergency_address_sid": None,
        "emergency_address_status": "unregistered",
        "beta": False,
        "origin": "twilio",
        "status": "in-use",
        "type": "local",
        "api_version": VERSION,
        "date_created": rfc2822(created),
        "date_updated": rfc2822(created),
        "uri": f"/{VERSION}/Accounts/{account}/IncomingPhoneNumbers/{number.sid}.json",
    }


def listed(name: str, resources: list[Resource], path: str) -> Resource:
    """A list that fits on one page."""
    return {
        name: resources,
        "page": 0,
        "page_size": 1000,
        "start": 0,
        "end": max(0, len(resources) - 1),
        "uri": path,
        "first_page_uri": path,
        "next_page_uri": None,
        "previous_page_uri": None,
    }


def _time(when: datetime | None) -> str | None:
    return rfc2822(when) if when else None


def _formatted(address: str) -> str:
    """(202) 555-0100 for a number of the North American plan."""
    if not (address.startswith("+1") and len(address) == 12):
        return address
    return f"({address[2:5]}) {address[5:8]}-{address[8:]}"


def _camel(part: str) -> str:
    return "".join(word.capitalize() for word in part.split("_"))
