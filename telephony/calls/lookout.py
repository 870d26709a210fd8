"""No leg lives without an owner: one that was not heard of for too long is asked after, called back, and put down."""

import asyncio
import contextlib

import structlog

from telephony.calls.clock import Clock
from telephony.calls.leg import Leg
from telephony.calls.parties import Parties
from telephony.calls.state import REPORTED, LegState
from telephony.carriers.base import CallControl, DialRefused, LegStatus

log = structlog.get_logger(__name__)

LOOK_EVERY = 1.0
ASK_AFTER = 40.0
"""Seconds out of its stream after which the carrier is asked how a leg stands; the longest announcement is shorter."""

GIVE_UP_AFTER = 55.0
MAY_RETURN_WITHIN = 5.0
"""Seconds in which one whom a process that is gone has rung, and who has accepted for all we know, comes back."""

SEEN_OUT_WITHIN = 20.0
"""Seconds in which one who was rung in vain has heard why."""

SILENT_AFTER = 30.0
"""Seconds without a frame after which a stream is taken to be dead: a carrier sends one every 20 ms, silence too."""


class Lookout:
    """For the legs of one call that are AWAY, for silent streams, and phones that nobody rings any more."""

    def __init__(self, parties: Parties, control: CallControl, clock: Clock) -> None:
        self._parties = parties
        self._control = control
        self._clock = clock
        self._asked: dict[str, float] = {}
        """Legs that were asked after, and when they had been heard of last."""
        self._seen: dict[str, float] = {}
        """Legs that have no place in the call, and since when that is known."""
        self._let_go: set[str] = set()

    async def run(self) -> None:
        while True:
            for leg in self._parties.present:
                await self._look_at(leg)
            await asyncio.sleep(LOOK_EVERY)

    async def _look_at(self, leg: Leg) -> None:
        if leg.hears and self._clock() - leg.sound_at > SILENT_AFTER:
            await leg.end_stream("nothing comes")
        elif leg.confers:
            await self._ask_after(leg)
        elif leg in self._parties.strays:
            await self._see_out(leg)
        elif leg.state is LegState.AWAY:
            await self._look_after(leg)

    async def _ask_after(self, leg: Leg) -> None:
        """One in a conference asks nothing for as long as that lasts, and must not be taken out of it."""
        if self._clock() - leg.contact_at > ASK_AFTER and not await self._is_gone(leg):
            leg.contact_at = self._clock()

    async def _see_out(self, leg: Leg) -> None:
        """One who was rung in vain: by this process, or by another that is gone."""
        for_s = self._clock() - self._seen.setdefault(leg.name, self._clock())
        if leg.name in self._let_go:
            if for_s > SEEN_OUT_WITHIN:
                await self._put_down(leg)
        elif for_s > MAY_RETURN_WITHIN or await self._rings(leg):
            self._let_go.add(leg.name)
            await self._parties.let_go(leg)

    async def _rings(self, leg: Leg) -> bool:
        """Whether a phone rings still; the carrier knows best."""
        if leg.state in (LegState.NEW, LegState.RINGING) and leg.carrier_call is not None:
            with contextlib.suppress(DialRefused):
                if await self._control.standing(leg.carrier_call) is LegStatus.ANSWERED:
                    leg.reach(LegState.ANSWERED)
        return leg.state in (LegState.NEW, LegState.RINGING)

    async def _look_after(self, leg: Leg) -> None:
        """Called back once; not heard of after that either, it is hung up."""
        away = self._clock() - leg.contact_at
        if away > GIVE_UP_AFTER and self._asked.get(leg.name) == leg.contact_at:
            log.warning("a leg did not come back", call=self._parties.call, leg=leg.name)
            await self._put_down(leg)
        elif away > ASK_AFTER and self._asked.get(leg.name) != leg.contact_at and not await self._is_gone(leg):
            contact = leg.contact_at
            await self._parties.redirect(leg, "after")
            leg.contact_at = self._asked[leg.name] = contact

    async def _put_down(self, leg: Leg) -> None:
        if leg.carrier_call is not None:
            with contextlib.suppress(DialRefused):
                await self._control.hang_up(leg.carrier_call)
        leg.reach(LegState.GONE)

    async def _is_gone(self, leg: Leg) -> bool:
        if leg.carrier_call is None:
            return False
        with contextlib.suppress(DialRefused):
            status = await self._control.standing(leg.carrier_call)
            leg.reach(REPORTED[status])
        return leg.gone.is_set()
