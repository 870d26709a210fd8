"""While two talk: the keys they press, and what they are told when interpretation fails and comes back."""

import asyncio
from collections.abc import Callable
from functools import partial

import structlog

from telephony.audio.tones import attention
from telephony.calls.bridge import Bridge
from telephony.calls.house import House
from telephony.calls.human import Human
from telephony.calls.leg import Leg
from telephony.calls.listening import Listening
from telephony.calls.parties import Parties, planned
from telephony.calls.profile import Profile
from telephony.calls.reception import Reception
from telephony.calls.recorded import recorded
from telephony.calls.state import CallEvent
from telephony.carriers.base import Answer
from telephony.carriers.verbs import Script
from telephony.ivr.keys import Command, Keys
from telephony.ivr.prompts import load

log = structlog.get_logger(__name__)

MOST_COMMANDS = 8
"""Commands that wait to be carried out; further ones are dropped: nobody presses so fast on purpose."""

LOOK_EVERY = 0.5
FAILS_FOR = 1.5
"""Seconds for which interpretation fails before the two are told; a hiccup is not worth an announcement."""


class Talk:
    """For one call, from when both are there until one leaves or a human interpreter takes over."""

    def __init__(
        self, house: House, profile: Profile, parties: Parties, bridge: Bridge, post: Callable[[CallEvent], None]
    ) -> None:
        self.human = Human(house, profile, parties, post)
        self._house = house
        self._profile = profile
        self._parties = parties
        self._bridge = bridge
        self._reception = Reception(profile)
        self._commands: asyncio.Queue[tuple[Leg, Command]] = asyncio.Queue(MOST_COMMANDS)
        self._told_failing = False
        self._group = asyncio.TaskGroup()

    async def run(self) -> None:
        agent = self._parties.agent
        if agent is None:
            raise RuntimeError("nobody to talk to")
        self._bridge.connect(self._parties.caller, agent)
        for leg in self._parties.talkers:
            leg.pressed = partial(self._press, leg, Keys())
        try:
            with recorded(self._house.sounds, self._parties):
                async with self._group as tasks:
                    tasks.create_task(self._obey(), name="keys")
                    tasks.create_task(self._watch(), name="watch the interpretation")
        finally:
            for leg in self._parties.talkers:
                leg.pressed = None

    def call_human(self, asked_by: Leg | None) -> None:
        """Has a human interpreter called, beside everything else that goes on."""
        self._group.create_task(self.human.call(asked_by), name="call a human interpreter")

    def _press(self, leg: Leg, keys: Keys, digit: str) -> None:
        """One key of one party; never waits."""
        command = keys.press(digit, self._house.clock())
        if command is not None and not self._commands.full():
            self._commands.put_nowait((leg, command))

    async def _obey(self) -> None:
        while True:
            leg, command = await self._commands.get()
            log.info("key command", call=self._parties.call, leg=leg.name, command=command.name.lower())
            await self._do(leg, command)

    async def _do(self, leg: Leg, command: Command) -> None:
        words = load(leg.language)
        match command:
            case Command.LIST:
                await self._tell(leg, words.keys)
            case Command.REPEAT:
                leg.play(self._bridge.repeat(leg.role))
            case Command.ORIGINAL:
                Listening(leg).next_original()
                leg.play(attention())
            case Command.SLOWER | Command.FASTER:
                Listening(leg).change_tempo(faster=command is Command.FASTER)
                leg.play(attention())
            case Command.LANGUAGE if self._reception.other_language(leg).needed:
                await self._parties.send(leg, lambda _: self._ask(leg, 1))
            case Command.INTERPRETATION:
                self._bridge.interpret(not self._bridge.interpreting)
                await self._tell(
                    leg, words.interpretation_on if self._bridge.interpreting else words.interpretation_off
                )
            case Command.HUMAN:
                self.call_human(leg)
            case Command.LANGUAGE | Command.UNKNOWN:
                leg.play(attention())

    async def _tell(self, leg: Leg, phrase: str) -> None:
        """Takes one party out of the talk to be told something, and back."""
        await self._parties.send(leg, lambda _: self._reception.told(leg, load(leg.language).say(phrase)))

    def _ask(self, leg: Leg, attempt: int) -> Script:
        """Which language this party wants from now on."""
        settle = planned(leg, partial(self._settle, leg, attempt))
        return self._reception.other_language(leg).script(attempt, then=settle, again=settle)

    def _settle(self, leg: Leg, attempt: int, answer: Answer) -> Script:
        language = self._reception.other_language(leg).settle(attempt, answer.keys, answer.words)
        if language is None:
            return self._ask(leg, attempt + 1)
        leg.language = language
        self._bridge.speak(leg.role, language)
        return self._reception.told(leg, load(language).language_is(language))

    async def _watch(self) -> None:
        """Tells both when interpretation fails and they hear each other directly; calls a human where that is set."""
        while True:
            self._learn_languages()
            since = self._bridge.failing_since
            failing = 0.0 if since is None else self._house.clock() - since
            if failing >= FAILS_FOR and not self._told_failing:
                self._told_failing = True
                for leg in self._parties.talkers:
                    await self._tell(leg, load(leg.language).interpreter_lost)
            elif since is None:
                self._told_failing = False
            if self._profile.human_after_s is not None and failing >= self._profile.human_after_s:
                self.call_human(None)
            await asyncio.sleep(LOOK_EVERY)

    def _learn_languages(self) -> None:
        """One whose language was heard is spoken to in it from then on."""
        for leg in self._parties.talkers:
            leg.language = self._bridge.language(leg.role) or leg.language
