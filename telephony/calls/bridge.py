"""Two parties put through to each other: an interpreter for each direction, or a plain line where none is needed.

Which language each of them is interpreted into is what they chose, or with `auto` what is heard from them. A choice is
not overruled by what is heard, but two who turn out to speak the same language hear each other directly whatever they
chose, and when that has lasted the sessions rest: they are closed and cost nothing. Nobody listens then, so nobody can
notice that the languages part again: the line stays plain until one of the two asks for interpretation (`interpret`) or
for another language (`speak`). After that the sessions stay, though two who speak the same still hear each other.
"""

import asyncio

import structlog

from telephony.calls.clock import Clock
from telephony.calls.interpreter import Interpreter
from telephony.calls.observer import LanguageHeard, Observers, Role
from telephony.calls.routing import OTHER, route
from telephony.calls.talker import Talker
from telephony.calls.tongues import AUTO, PARTIES, Tongues
from telephony.engines.base import Degraded, Engine, Side, Transcript, Trouble

log = structlog.get_logger(__name__)

READ_EVERY = 1.0


class Bridge:
    """Owns both directions of one call."""

    def __init__(
        self,
        call: str,
        caller: str,
        agent: str,
        engine: Engine,
        observers: Observers,
        clock: Clock,
    ) -> None:
        """`caller` and `agent` are the languages the two speak, or AUTO."""
        self._call = call
        self._observers = observers
        self._clock = clock
        self._tongues = Tongues({Role.CALLER: caller, Role.AGENT: agent})
        self._on = True
        self._resting = self._tongues.chosen_alike
        self._kept_awake = False
        """Somebody wanted interpretation though it seemed that nobody needs it."""
        self._logged: Trouble | None = None
        self._interpreters = {
            role: Interpreter(call, role, None, engine, observers, clock, self._hear, self._moved) for role in PARTIES
        }
        self._follow()

    @property
    def interpreting(self) -> bool:
        """Whether there is to be interpretation: neither switched off nor resting."""
        return self._on and not self._resting

    @property
    def session_s(self) -> float:
        """Seconds of all sessions so far."""
        now = self._clock()
        return sum(interpreter.session_s(now) for interpreter in self._interpreters.values())

    async def run(self) -> None:
        """Until cancelled; closes all sessions then."""
        try:
            async with asyncio.TaskGroup() as tasks:
                for role, interpreter in self._interpreters.items():
                    tasks.create_task(interpreter.run(), name=f"interpret the {role}")
                while True:
                    await asyncio.sleep(READ_EVERY)
                    self._read()
        finally:
            self._read()

    def connect(self, caller: Talker, agent: Talker) -> None:
        """Puts the two through. Again, where one of them has another leg."""
        self._interpreters[Role.CALLER].connect(caller, agent)
        self._interpreters[Role.AGENT].connect(agent, caller)

    @property
    def languages(self) -> tuple[str, str]:
        """What the caller and the agent chose, or AUTO."""
        return self._tongues[Role.CALLER].chosen, self._tongues[Role.AGENT].chosen

    @property
    def failing_since(self) -> float | None:
        """Since when interpretation that is wanted has been failing, in one direction at least."""
        return min((i.failing_since for i in self._interpreters.values() if i.failing_since is not None), default=None)

    def language(self, role: Role) -> str | None:
        """What a party is interpreted into; None while nobody knows."""
        return self._tongues[role].wanted

    def speak(self, role: Role, language: str) -> None:
        """A party chose another language, or AUTO: the other is interpreted into it by another session. Ends a rest,
        unless both have chosen the same now."""
        self._tongues.choose(role, language)
        self._on, self._kept_awake = True, False
        self._resting = self._tongues.chosen_alike
        self._follow()

    def interpret(self, on: bool) -> None:
        """Interpretation off, and on again. Where both chose one language, the caller's choice is what must be wrong:
        it counts as AUTO from then on."""
        if on is self.interpreting:
            return
        self._kept_awake = self._kept_awake or (on and self._resting)
        self._on, self._resting = on, False
        if on:
            self._tongues.forget()
            if self._tongues.chosen_alike:
                self._tongues.choose(Role.CALLER, AUTO)
        self._follow()

    def repeat(self, role: Role) -> bytes:
        """The last thing that was interpreted to `role`, as PCMU; nothing where nothing was."""
        return self._interpreters[OTHER[role]].last_said.sound(self._clock())

    async def finish(self, speaker: Role, listener: Talker) -> None:
        """Returns when `listener` has heard the end of what `speaker` said before leaving, or has left too."""
        ending = asyncio.create_task(self._interpreters[speaker].finish(), name=f"finish interpreting the {speaker}")
        leaving = asyncio.create_task(listener.over.wait(), name=f"wait for {listener.name} to leave")
        try:
            await asyncio.wait((ending, leaving), return_when=asyncio.FIRST_COMPLETED)
        finally:
            ending.cancel()
            leaving.cancel()
            await asyncio.wait((ending, leaving))
        await listener.finish()

    def _hear(self, speaker: Role, words: Transcript) -> None:
        """What was heard is evidence of who speaks what."""
        if words.side is not Side.HEARD or not self.interpreting:
            return
        now, tongue = self._clock(), self._tongues[speaker]
        if self._tongues.heard(speaker, words.language, words.text, now):
            if tongue.chosen == AUTO and tongue.believed is not None:
                self._observers.tell(LanguageHeard(self._call, speaker, tongue.believed))
            self._follow()
        elif not self._kept_awake and self._tongues.same_language(now):
            self._resting = True
            self._follow()

    def _follow(self) -> None:
        """Has both directions do what is known now."""
        for role, interpreter in self._interpreters.items():
            interpreter.follow(route(role, self._tongues, interpreting=self.interpreting))

    def _moved(self, why: Degraded | None) -> None:
        """A direction began to fail, or no longer does. A trouble is logged once, where both fail for it."""
        if why is not None and why.trouble is not self._logged:
            log.warning("interpretation fails", call=self._call, trouble=why.trouble.value, detail=why.detail)
        fails = self.failing_since is not None
        self._logged = why.trouble if why is not None else self._logged if fails else None

    def _read(self) -> None:
        now = self._clock()
        for interpreter in self._interpreters.values():
            if reading := interpreter.reading(now):
                self._observers.tell(reading)
