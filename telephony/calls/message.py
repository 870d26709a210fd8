"""A message left when nobody can answer: kept as sound, as heard, and as interpreted into the agents' language."""

import asyncio
from collections.abc import Callable

from telephony.audio import g711
from telephony.audio.format import PCMU_8K
from telephony.audio.level import rms_dbfs
from telephony.audio.tones import attention
from telephony.calls.house import House
from telephony.calls.interpreter import Interpreter
from telephony.calls.leg import Leg
from telephony.calls.observer import CallNews, Caption, Observers, Role
from telephony.calls.parties import Parties
from telephony.calls.ports import MessageLeft
from telephony.calls.profile import Profile
from telephony.calls.reception import Reception
from telephony.calls.state import CallEvent
from telephony.engines.base import Side
from telephony.ivr.prompts import load

LONGEST = 120.0
"""Seconds of a message."""

QUIET_END = 8.0
"""Seconds of silence that end a message; the first word may take as long."""

VOICED = -45.0
"""dBFS above which a frame counts as speech."""

END_KEY = "#"
LOOK_EVERY = 0.2


class Message:
    """One caller's message. It is kept if anything was said, whichever way it ended."""

    def __init__(self, house: House, profile: Profile, parties: Parties, post: Callable[[CallEvent], None]) -> None:
        self._house = house
        self._profile = profile
        self._parties = parties
        self._post = post
        self._sound = bytearray()
        self._words: dict[Side, list[str]] = {side: [] for side in Side}
        self._voiced_at: float | None = None
        self.said_something = False
        self._ended = asyncio.Event()
        self._interpreter: Interpreter | None = None

    async def run(self, language: str) -> None:
        """Asks for the message, takes it down until it ends, and keeps it. Cancelled (the caller hung up), it is kept
        all the same."""
        caller = self._parties.caller
        words = load(caller.language)
        invitation = words.say(words.leave_message)
        if not await self._parties.send(caller, lambda _: Reception(self._profile).told(caller, invitation)):
            self._post(CallEvent.NOBODY_ANSWERED)
            return
        try:
            await self._back(caller)
            caller.play(attention())
            async with asyncio.TaskGroup() as tasks:
                interpreting = tasks.create_task(self._interpret(language), name="interpret a message")
                await self._take_down(caller)
                await self._finish()
                interpreting.cancel()
        finally:
            caller.said = caller.pressed = None
            self._keep(language)
        self._post(CallEvent.MESSAGE_TAKEN if self.said_something else CallEvent.NOBODY_ANSWERED)

    def tell(self, news: CallNews) -> None:
        """The words of the message, as an observer of its interpreter."""
        if isinstance(news, Caption):
            self._words[news.side].append(news.text)

    async def _back(self, caller: Leg) -> None:
        """Returns when the caller is out of the announcement and in a stream again."""
        while caller.hears and not caller.over.is_set():
            await asyncio.sleep(LOOK_EVERY)
        while not caller.hears and not caller.over.is_set():
            await asyncio.sleep(LOOK_EVERY)

    async def _take_down(self, caller: Leg) -> None:
        began = self._voiced_at = self._house.clock()
        hear = caller.said
        caller.said = lambda pcmu, now: self._hear(pcmu, now, hear)
        caller.pressed = lambda digit: self._ended.set() if digit == END_KEY else None
        while not self._ended.is_set() and not caller.over.is_set():
            now = self._house.clock()
            if now - began > LONGEST or now - self._voiced_at > QUIET_END:
                return
            await asyncio.sleep(LOOK_EVERY)

    def _hear(self, pcmu: bytes, now: float, hear: Callable[[bytes, float], None] | None) -> None:
        if len(self._sound) < PCMU_8K.bytes_in(LONGEST * 1000):
            self._sound += pcmu
        if rms_dbfs(g711.decode(pcmu)) > VOICED:
            self._voiced_at = now
            self.said_something = True
        if self._interpreter is not None:
            self._interpreter.hear(pcmu, now)

    async def _interpret(self, language: str) -> None:
        """The words are a help beside the sound: while no session is to be had, the sound is kept alone."""
        self._interpreter = Interpreter(
            self._parties.call,
            Role.CALLER,
            self._profile.agent_language,
            self._house.engine,
            Observers(self),
            self._house.clock,
        )
        await self._interpreter.run()

    async def _finish(self) -> None:
        if self._interpreter is not None:
            await self._interpreter.finish()
            if reading := self._interpreter.reading(self._house.clock()):
                self._house.observers.tell(reading)

    def _keep(self, language: str) -> None:
        if not self.said_something:
            return
        self._house.register.message(
            MessageLeft(
                self._parties.call,
                self._profile.name,
                language,
                self._profile.agent_language,
                bytes(self._sound),
                "".join(self._words[Side.HEARD]),
                "".join(self._words[Side.SPOKEN]),
            )
        )
