"""Ringing one agent after the other until one accepts (a hunt group, in the field's words)."""

import asyncio
import contextlib
from collections.abc import Callable

from telephony.calls.house import House
from telephony.calls.leg import Leg
from telephony.calls.observer import Role
from telephony.calls.parties import Parties
from telephony.calls.profile import Profile
from telephony.calls.ringing import Ringing, first_of

PUT_DOWN_WITHIN = 20.0
"""Seconds in which whoever was rung in vain has heard why and put the phone down."""


class Hunt:
    """For one call. `speaks` is told before a phone is rung what the agent will speak, so that sessions open."""

    def __init__(self, house: House, profile: Profile, parties: Parties, speaks: Callable[[str], None]) -> None:
        self._house = house
        self._profile = profile
        self._parties = parties
        self._speaks = speaks
        self.rang = False
        """Whether the last search rang anybody."""
        self.returning: Leg | None = None
        """Whoever a process that is gone has rung, while he may come back."""
        self._taken: str | None = None

    async def run(self, language: str | None) -> Leg | None:
        """The leg of the agent who accepted a caller in `language` (None: not known); None when nobody is left.

        Cancelled, it lets the ringing agent go, who stays taken until `release`: he may still be hearing why.
        """
        house, call, self.rang = self._house, self._parties.call, False
        for leg in self._parties.strays:
            if await self._comes_back(leg):
                return leg
        tried = set(house.line.tried(call, house.clock())) | house.elsewhere
        while agent := house.agents.take_next(language, self._profile.circle, tried, house.clock(), house.wall()):
            self._taken = agent.name
            tried.add(agent.name)
            if not house.line.is_turn(call, agent, house.clock()):
                self.release()
                continue
            leg = self._parties.add_agent(agent.language_with(language), agent.name)
            self._speaks(leg.language)
            self.rang = True
            if await Ringing(house, self._parties, self._profile, leg).run(agent.address):
                return leg
            await _put_down(leg)
            house.line.declined(call, agent.name, house.clock())
            self.release()
        return None

    async def _comes_back(self, leg: Leg) -> bool:
        """Whether one whom a process that is gone has rung is there: he may have accepted without anybody's knowing."""
        if leg.role is Role.AGENT and self.claim(leg.party):
            self._speaks(leg.language)
            self.returning = leg
            try:
                await first_of(leg.joined, leg.gone, within=PUT_DOWN_WITHIN)
            finally:
                self.returning = None
            if leg.joined.is_set() and not leg.over.is_set():
                return True
            self.release()
        await _put_down(leg)
        return False

    def claim(self, name: str) -> bool:
        """An agent who is in the call already, found again after a restart or placing the call himself; False for one
        who is in another call."""
        if self._house.agents.take(name):
            self._taken = name
        return self._taken == name or self._house.agents.find(name) is None

    def release(self, *, talked: bool = False) -> None:
        """Frees the agent this hunt has taken."""
        if self._taken is not None:
            self._house.agents.release(self._taken, self._house.clock(), talked=talked)
        self._taken = None


async def _put_down(leg: Leg) -> None:
    """Returns when a phone that was let go is free for another call, or ought to be."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(PUT_DOWN_WITHIN):
            await leg.gone.wait()
