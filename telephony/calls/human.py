"""A human interpreter who takes over: called, told what it is about, and met in the carrier's own conference."""

import asyncio
from collections.abc import Callable

import structlog

from telephony.calls.house import House
from telephony.calls.leg import Leg
from telephony.calls.observer import Role
from telephony.calls.parties import Parties
from telephony.calls.profile import Profile
from telephony.calls.reception import Reception
from telephony.calls.ringing import Ringing
from telephony.calls.state import CallEvent
from telephony.carriers.verbs import Script
from telephony.ivr.prompts import load

log = structlog.get_logger(__name__)

AGAIN_AFTER = 60.0
"""Seconds after an attempt in vain in which nobody is called by itself again."""


class Human:
    """For one talk. The two go on being interpreted (or hearing each other) until the human has accepted."""

    def __init__(self, house: House, profile: Profile, parties: Parties, post: Callable[[CallEvent], None]) -> None:
        self._house = house
        self._profile = profile
        self._parties = parties
        self._post = post
        self._reception = Reception(profile)
        self._ringing: Ringing | None = None
        self._tried_at = float("-inf")

    async def call(self, asked_by: Leg | None) -> None:
        """Rings the configured interpreter for `asked_by`, or because interpretation fails. Returns when it is known
        whether somebody comes; asked while somebody is being rung, or by itself too soon again, it does nothing."""
        address = self._profile.human_interpreter
        too_soon = asked_by is None and self._house.clock() - self._tried_at < AGAIN_AFTER
        if self._ringing is not None or too_soon:
            return
        self._tried_at = self._house.clock()
        if asked_by is not None:
            await self._tell(asked_by, coming=address is not None)
        if address is None:
            return
        leg = self._parties.add(f"human-{len(self._parties.legs)}", Role.INTERPRETER, self._profile.agent_language)
        self._parties.human = leg
        self._ringing = Ringing(self._house, self._parties, self._profile, leg)
        try:
            there = await self._ringing.run(address)
        finally:
            self._ringing = None
        if there:
            self._post(CallEvent.HUMAN_JOINED)
        elif asked_by is not None:
            await self._tell(asked_by, coming=False)

    def accept(self, leg: Leg) -> Script:
        """The human pressed the key: into the conference, where the two are sent now."""
        if self._ringing is not None and self._ringing.leg is leg:
            self._ringing.accepted.set()
        return self._reception.meet(leg, self._parties.room)

    async def gather(self) -> None:
        """Sends the two who talk into the conference."""
        await asyncio.gather(*(self._send(leg) for leg in self._parties.talkers))

    async def _send(self, leg: Leg) -> None:
        await self._parties.send(leg, lambda _: self._reception.meet(leg, self._parties.room))

    async def _tell(self, leg: Leg, *, coming: bool) -> None:
        words = load(leg.language)
        phrase = words.human_coming if coming else words.human_unavailable
        await self._parties.send(leg, lambda _: self._reception.told(leg, words.say(phrase)))
