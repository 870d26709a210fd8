"""A carrier beside a small service, for tests over real sockets on loopback."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from twilio.request_validator import RequestValidator

from telephony.simulator.carrier.carrier import Carrier
from telephony.simulator.carrier.records import CallRecord
from telephony.simulator.phone import Phone
from tests.simulator.scenes import ACCOUNT, OURS, TOKEN, caller, scenario
from tests.simulator.small_service import Asked, Service


@asynccontextmanager
async def carrier_for(service: Service, **settings: Any) -> AsyncIterator[Carrier]:
    """A carrier whose incoming calls ask the service's /voice; speech takes no time, streams need no TLS."""
    plain = {"voice_url": f"{service.url}/voice", "say_speed": 0.0, "allow_ws": True}
    async with Carrier(ACCOUNT, TOKEN, OURS, **{**plain, **settings}) as carrier:
        yield carrier


async def call(service: Service, phone: Phone | None = None, **settings: Any) -> CallRecord:
    """One incoming call to a service that is at hand."""
    async with service, carrier_for(service, **settings) as carrier:
        return await carrier.incoming(phone or caller(scenario()))


def texts(record: CallRecord) -> list[str]:
    return [told.text for told in record.told]


def codes(record: CallRecord) -> list[int]:
    return [problem.code for problem in record.problems]


def genuine(asked: Asked) -> bool:
    """Whether Twilio's own validator accepts the request."""
    signed = asked.headers["X-Twilio-Signature"]
    url = "ws" + asked.url.removeprefix("http") if "Upgrade" in asked.headers else asked.url
    return bool(RequestValidator(TOKEN).validate(url, dict(asked.form), signed))
