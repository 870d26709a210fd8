"""Ringing a phone until somebody answers, or not."""

import asyncio

from telephony.simulator.carrier.phones import Phones
from telephony.simulator.carrier.standing import Standing
from telephony.simulator.phone import Phone
from telephony.simulator.scenario import Answers

_OUTCOMES = {
    Answers.BUSY: Standing.BUSY,
    Answers.FAILS: Standing.FAILED,
    Answers.ACCEPTS: Standing.IN_PROGRESS,
    Answers.REFUSES: Standing.IN_PROGRESS,
    Answers.MACHINE: Standing.IN_PROGRESS,
}


async def ring(phones: Phones, phone: Phone | None, seconds: float) -> Standing:
    """Ring for `seconds` at most: in-progress, busy, no-answer or failed (a number that nobody has)."""
    if phone is None:
        return Standing.FAILED
    if phones.in_use(phone):
        return Standing.BUSY
    outcome = _OUTCOMES.get(phone.manners.answers)
    if outcome is None or phone.manners.rings > seconds:
        await asyncio.sleep(seconds)
        return Standing.NO_ANSWER
    await asyncio.sleep(phone.manners.rings)
    return outcome
