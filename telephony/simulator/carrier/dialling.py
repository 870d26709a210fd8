"""Performing a Dial on a call: another phone is rung and both parties hear each other.

The action is sent `DialCallStatus`, `DialCallSid`, `DialCallDuration` and, where they talked, `DialBridged`.
"""

import math
from typing import TYPE_CHECKING

from telephony.simulator.carrier.pacing import PTIME, clock, ticks
from telephony.simulator.carrier.ringing import ring
from telephony.simulator.carrier.sids import CALL, new_sid
from telephony.simulator.carrier.standing import Standing
from telephony.simulator.carrier.verbs import Dial
from telephony.simulator.phone import Phone

if TYPE_CHECKING:
    from telephony.simulator.carrier.call import Call


async def dial(call: "Call", verb: Dial) -> dict[str, str]:
    """Ring the number and bridge. Returns the fields for the action."""
    phones = call.exchange.phones
    phone = phones.with_number(verb.number)
    child = new_sid(CALL)
    call.note("dialled", child=child)
    standing = await ring(phones, phone, verb.timeout)
    fields = {"DialCallStatus": str(standing), "DialCallSid": child, "DialCallDuration": "0"}
    if phone is None or standing is not Standing.IN_PROGRESS:
        call.note("dial ended", child=child, status=standing)
        return fields
    began = clock()
    with phones.using(phone):
        await _bridge(call, phone, verb, began)
    call.note("dial ended", child=child, status=Standing.COMPLETED)
    seconds = str(math.ceil(clock() - began))
    return {**fields, "DialCallStatus": "completed", "DialCallDuration": seconds, "DialBridged": "true"}


async def _bridge(call: "Call", other: Phone, verb: Dial, began: float) -> None:
    """Pass both voices across until the other party hangs up, the time is over, or the caller presses the star."""
    other.answered(began)
    phones = call.exchange.phones
    with phones.sounding(call.phone, began), phones.sounding(other, began):
        async for now in ticks(began, began + verb.time_limit):
            other.hear(call.phone.frame(now - PTIME), now)
            call.phone.hear(other.frame(now - PTIME), now)
            other.keys_due(now)
            star = "*" in call.phone.keys_due(now) and verb.hangup_on_star
            if star or other.hangs_up(now):
                return
