"""Who answered a call: a person or a machine.

Source: twilio.com/docs/voice/answering-machine-detection: with `MachineDetection=Enable` the call is silent until it is
known, and then `Url` is sent `AnsweredBy`: human, machine_start, fax or unknown.
"""

from typing import TYPE_CHECKING

from telephony.simulator.carrier.pacing import PTIME, clock, ticks
from telephony.simulator.scenario import Answers

if TYPE_CHECKING:
    from telephony.simulator.carrier.call import Call


async def detect(call: "Call") -> str:
    """Listen for as long as it takes. Returns the word for who answered."""
    began = clock()
    async for now in ticks(began, began + call.exchange.detection_seconds):
        call.phone.frame(now - PTIME)
        call.phone.keys_due(now)
    answered_by = "machine_start" if call.phone.manners.answers is Answers.MACHINE else "human"
    call.note("machine detection", answered_by=answered_by)
    return answered_by
