"""Ringing one agent after the other until one accepts (a hunt group, in the field's words)."""

import asyncio
import contextlib
from collections.abc import Callable

import structlog

from telephony.calls.agents import Agents
from telephony.calls.leg import Leg
from telephony.calls.state import LegState
from telephony.carriers.base import CallControl, DialRefused

log = structlog.get_logger(__name__)

RING_SECONDS = 25
ACCEPT_WITHIN = 75.0
"""Seconds from dialling to the agent's media stream: ringing, the whisper twice, and the way to the stream."""

DIAL_WITHIN = 12.0


class Hunt:
    """For one call. `new_leg` makes the leg of the next attempt."""

    def __init__(self, call: str, agents: Agents, control: CallControl, new_leg: Callable[[], Leg]) -> None:
        self._call = call
        self._agents = agents
        self._control = control
        self._new_leg = new_leg
        self._taken: str | None = None

    async def run(self) -> Leg | None:
        """The leg of the agent who accepted; None when nobody is left. Cancelled, it lets the ringing agent go."""
        tried: set[str] = set()
        while address := self._agents.take_next(tried):
            self._taken = address
            tried.add(address)
            leg = self._new_leg()
            if await self._accepts(leg, address):
                return leg
            self.release()
        return None

    def release(self) -> None:
        """Frees the agent this hunt has taken."""
        self._agents.release(self._taken)
        self._taken = None

    async def _accepts(self, leg: Leg, address: str) -> bool:
        dialling = asyncio.create_task(
            self._control.dial(address, call=self._call, leg=leg.name, ring_seconds=RING_SECONDS),
            name=f"dial {leg.name}",
        )
        try:
            leg.carrier_call = await asyncio.shield(dialling)
            leg.reach(LegState.RINGING)
            await _first(leg.joined, leg.over)
        except DialRefused as refused:
            log.warning("an agent could not be dialled", call=self._call, leg=leg.name, reason=refused.args[0])
            leg.reach(LegState.GONE)
        finally:
            if not leg.joined.is_set():
                await self._let_go(leg, dialling)
        return leg.state is LegState.JOINED

    async def _let_go(self, leg: Leg, dialling: "asyncio.Task[str]") -> None:
        """Ends an attempt that came to nothing. One who has answered hears why; a phone that rings just stops."""
        with contextlib.suppress(DialRefused, TimeoutError):
            async with asyncio.timeout(DIAL_WITHIN):
                leg.carrier_call = await dialling
            if leg.state is LegState.ANSWERED:
                await self._control.redirect(leg.carrier_call, call=self._call, leg=leg.name, step="after")
            elif leg.state is not LegState.GONE:
                await self._control.hang_up(leg.carrier_call)


async def _first(*events: asyncio.Event) -> None:
    """Returns when one of the events is set, or after ACCEPT_WITHIN seconds."""
    waits = [asyncio.create_task(event.wait(), name="leg event") for event in events]
    try:
        await asyncio.wait(waits, timeout=ACCEPT_WITHIN, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()
        await asyncio.wait(waits)
