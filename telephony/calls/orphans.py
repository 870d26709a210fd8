"""Calls in the register that nobody carries any more: asked after at the carrier, and taken up or closed.

Whoever carries a call tells the register so every few seconds, and its version grows. One whose version stands still
between two looks has lost its process.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import replace

import structlog

from telephony.calls.house import House
from telephony.calls.snapshot import CallSnapshot, LegSnapshot
from telephony.calls.state import REPORTED, CallState, LegState, Outcome
from telephony.calls.switchboard import Switchboard
from telephony.carriers.base import DialRefused

log = structlog.get_logger(__name__)

LOOK_EVERY = 20.0
"""Seconds between two looks: more than a call that is carried lets pass, less than a leg may be without an owner."""


class Orphans:
    """For one process, as long as it lives."""

    def __init__(self, house: House, switchboard: Switchboard, look_every: float = LOOK_EVERY) -> None:
        self._house = house
        self._switchboard = switchboard
        self._look_every = look_every
        self._versions: dict[str, int] = {}

    async def run(self) -> None:
        while True:
            await self.look()
            await asyncio.sleep(self._look_every)

    async def look(self) -> None:
        """One look at every call that is open. Those seen standing still twice are taken care of."""
        kept = await self._house.register.open_calls()
        still = [call for call in kept if self._versions.get(call.id) == call.version]
        self._versions = {call.id: call.version for call in kept}
        self._spare_agents(kept)
        for call in still:
            if self._switchboard.find(call.id) is None:
                try:
                    await self._take_care(call)
                except DialRefused as refused:
                    log.warning("the carrier cannot say how an open call stands", call=call.id, reason=refused.args[0])

    def _spare_agents(self, kept: Sequence[CallSnapshot]) -> None:
        """Who is in a call of another process, or of one that is gone, is not rung here."""
        there = (LegState.ANSWERED, LegState.JOINED, LegState.AWAY)
        legs = [leg for call in kept if self._switchboard.find(call.id) is None for leg in call.legs]
        self._house.elsewhere.clear()
        self._house.elsewhere.update(leg.party for leg in legs if leg.party and leg.state in there)

    async def _take_care(self, kept: CallSnapshot) -> None:
        """Raises DialRefused where the carrier cannot be asked."""
        gone = {leg.name for leg in kept.legs if await self._is_gone(leg)}
        if self._switchboard.find(kept.id) is not None:
            return  # a leg has asked meanwhile
        if len(gone) == len(kept.legs) or self._switchboard.has_caller_of(kept):
            self._close(kept)
            return
        call = self._switchboard.adopt(kept)
        for leg in call.parties.present:
            if leg.name in gone:
                leg.reach(LegState.GONE)
            elif call.parties.belongs(leg) and not leg.confers:
                await call.parties.redirect(leg, "after")

    async def _is_gone(self, leg: LegSnapshot) -> bool:
        if leg.carrier_call is None or leg.state is LegState.GONE:
            return True
        return REPORTED[await self._house.control.standing(leg.carrier_call)] is LegState.GONE

    def _close(self, kept: CallSnapshot) -> None:
        """Everybody has hung up while nobody listened."""
        outcome = kept.outcome or Outcome.TECHNICAL_PROBLEM
        legs = tuple(replace(leg, state=LegState.GONE) for leg in kept.legs)
        ended = replace(
            kept, version=kept.version + 1, state=CallState.ENDED, outcome=outcome, ended=self._house.wall(), legs=legs
        )
        self._house.register.keep(ended)
        log.info("a call had ended while nobody carried it", call=kept.id)
