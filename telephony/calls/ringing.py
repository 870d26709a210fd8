"""Ringing one phone until whoever answers has joined the call, or not."""

import asyncio
import contextlib

import structlog

from telephony.calls.house import House
from telephony.calls.leg import Leg
from telephony.calls.parties import Parties
from telephony.calls.profile import Profile
from telephony.calls.state import LegState
from telephony.carriers.base import DialRefused

log = structlog.get_logger(__name__)

RING_SECONDS = 25
ACCEPT_WITHIN = 75.0
"""Seconds from dialling to the media stream: ringing, the whisper twice, and the way to the stream."""

DIAL_WITHIN = 12.0

LONGEST_CALL = 4 * 3600.0 - 120.0
"""Seconds a call may last where its profile has no bound; Twilio's own limit is four hours."""

LEG_OUTLIVES = 60.0
"""Seconds by which the carrier's own limit for a leg exceeds that of its call: we end it, and with a word."""


def longest(profile: Profile) -> float:
    """Seconds a call on this line may last."""
    return profile.max_call_s or LONGEST_CALL


class Ringing:
    """One attempt. `accepted` may be set by whoever hears that the party comes by another way than a stream."""

    def __init__(self, house: House, parties: Parties, profile: Profile, leg: Leg) -> None:
        self.leg = leg
        self.accepted = asyncio.Event()
        self._parties = parties
        self._house = house
        self._caller_id = next(iter(profile.numbers), None)
        self._time_limit = round(longest(profile) + LEG_OUTLIVES)

    async def run(self, address: str) -> bool:
        """Whether the party is there. Cancelled, or in vain, it lets the phone go: one who has answered hears why."""
        dialling = asyncio.create_task(self._dial(address), name=f"dial {self.leg.name}")
        self.leg.rung = True
        try:
            self.leg.carrier_call = await asyncio.shield(dialling)
            self.leg.reach(LegState.RINGING)
            await self.come()
        except DialRefused as refused:
            log.warning("a phone could not be rung", call=self._parties.call, leg=self.leg.name, reason=refused.args[0])
            self.leg.reach(LegState.GONE)
        finally:
            self.leg.rung = False
            if not (self.leg.joined.is_set() or self.accepted.is_set()):
                await self._let_go(dialling)
        return self._is_there

    async def come(self) -> bool:
        """Waits for a phone that rings already; whether the party is there."""
        await first_of(self.leg.joined, self.leg.over, self.accepted, within=ACCEPT_WITHIN)
        return self._is_there

    @property
    def _is_there(self) -> bool:
        return not self.leg.over.is_set() and (self.leg.joined.is_set() or self.accepted.is_set())

    async def _dial(self, address: str) -> str:
        return await self._house.control.dial(
            address,
            call=self._parties.call,
            leg=self.leg.name,
            ring_seconds=RING_SECONDS,
            machine_detection=self._house.detects_machines,
            time_limit=self._time_limit,
            caller_id=self._caller_id,
        )

    async def _let_go(self, dialling: "asyncio.Task[str]") -> None:
        with contextlib.suppress(DialRefused, TimeoutError):
            async with asyncio.timeout(DIAL_WITHIN):
                self.leg.carrier_call = await dialling
            await self._parties.let_go(self.leg)


async def first_of(*events: asyncio.Event, within: float) -> None:
    """Returns when one of the events is set, or after `within` seconds."""
    waits = [asyncio.create_task(event.wait(), name="leg event") for event in events]
    try:
        await asyncio.wait(waits, timeout=within, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()
        await asyncio.wait(waits)
