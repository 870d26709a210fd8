"""Calls that are one media stream to a small service, and the phones of their callers."""

from telephony.simulator.carrier.records import CallRecord
from telephony.simulator.phone import Phone
from telephony.simulator.scenario import End, Who
from tests.simulator.exchanges import call
from tests.simulator.scenes import caller, scenario, tone
from tests.simulator.small_service import Conversation, Service, Wire

STREAM = '<Connect><Stream url="STREAM"><Parameter name="leg" value="caller"/></Stream></Connect><Say>After.</Say>'
SECOND_TONE = tone(900, 0.02)
"""A whole number of periods, so that it can be repeated."""


def service_with(converse: Conversation, twiml: str = STREAM, **more: str) -> Service:
    return Service({"/voice": twiml, **{f"/{name}": answer for name, answer in more.items()}}, converse)


def talking(**scene: object) -> Phone:
    """A caller's phone whose talk begins with its own stream."""
    phone = caller(scenario(**scene), {"c1": tone(600, 0.4)})
    phone.talk_began(0.0)
    return phone


def talking_until(seconds: float) -> Phone:
    """A caller who gives up so long after the own stream's start."""
    return caller(scenario(end=End(Who.CALLER, ringing=seconds)))


async def converse(conversation: Conversation, phone: Phone | None = None) -> tuple[Wire, CallRecord]:
    service = service_with(conversation)
    record = await call(service, phone)
    return service.wires[0], record


async def frames(wire: Wire, count: int) -> None:
    """Read on for so many more frames."""
    await wire.until("media", len(wire.of("media")) + count)
