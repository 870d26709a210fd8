"""The end of a call: whoever is left hears why, then every leg is put down."""

import asyncio
import contextlib

from telephony.calls.leg import Leg
from telephony.calls.observer import Role
from telephony.calls.parties import Parties
from telephony.calls.state import LegState
from telephony.carriers.base import CallControl, DialRefused

FAREWELL_WITHIN = 20.0
"""Seconds a leg may take to hear why the call is over before it is hung up by request."""


class Closing:
    """For one call whose state says already that it is closing, so that a leg that asks is told why."""

    def __init__(self, parties: Parties, control: CallControl) -> None:
        self._parties = parties
        self._control = control

    async def run(self) -> None:
        """Ends every leg: its stream first, so that it hears why; by request where that is not enough. A leg that was
        reported gone may have a stream still."""
        legs = self._parties.present
        streaming = {leg.name for leg in legs if leg.hears}
        for leg in self._parties.legs.values():
            await leg.end_stream("the call is over")
        async with asyncio.TaskGroup() as tasks:
            for leg in legs:
                tasks.create_task(self._see_off(leg, asks=leg.name in streaming), name=f"see off {leg.name}")

    async def _see_off(self, leg: Leg, *, asks: bool) -> None:
        """Waits until the party has heard why. A leg whose stream has just ended asks by itself; one in a menu or a
        conference is sent to hear it; a phone that rings just stops."""
        rings = leg.state in (LegState.NEW, LegState.RINGING) and not _is_on_the_line(leg)
        if not (asks or rings or leg.told_why or leg.sent_to):
            await self._parties.redirect(leg, "after")
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(0 if rings else FAREWELL_WITHIN):
                await leg.gone.wait()
                return
        if leg.carrier_call is not None:
            with contextlib.suppress(DialRefused):
                await self._control.hang_up(leg.carrier_call)
        leg.reach(LegState.GONE)


def _is_on_the_line(leg: Leg) -> bool:
    """A caller who rang us is on the line from the first moment, and may have been answered by a menu only."""
    return leg.role is Role.CALLER and leg.arrived
