"""A carrier in memory: runs each leg's script with a simulated phone, and no wire between.

It fills the carrier's ports (`CallControl`, `MediaStream`) and calls the service's (`CallHandler`), as a brand does.
"""

import asyncio
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from telephony.audio.format import PCMU_8K
from telephony.calls.clock import until
from telephony.carriers.base import (
    LONGEST_LEG,
    Answer,
    CallHandler,
    DialRefused,
    IncomingCall,
    LegStatus,
    StreamStarted,
)
from telephony.carriers.verbs import ConnectStream, Gather, Hangup, Redirect, Say, Script, Verb
from telephony.replay.memory_stream import PTIME, MemoryStream, now
from telephony.simulator.phone import Phone
from telephony.simulator.scenario import Answers, Who
from telephony.simulator.talk import Talk

SPEECH_SECONDS = 0.06
"""A character of announced text."""

UNANSWERED = {Answers.BUSY: LegStatus.BUSY, Answers.FAILS: LegStatus.FAILED, Answers.NO_ANSWER: LegStatus.NO_ANSWER}


@dataclass(eq=False)
class MemoryLeg:
    """One leg at this carrier."""

    carrier_call: str
    phone: Phone
    life: "asyncio.Task[None] | None" = None
    following: "asyncio.Task[None] | None" = None
    ended: asyncio.Event = field(default_factory=asyncio.Event)
    """It has been hung up by request."""

    sent_to: str | None = None
    """The step that a redirect sends this leg to."""


class MemoryCarrier:
    """For one call: a caller's phone and the phones of the agents. `underruns` is summed over its streams."""

    def __init__(self, talk: Talk) -> None:
        self.talk = talk
        self.legs: dict[str, MemoryLeg] = {}
        self.talk_ended: dict[Who, float] = {}
        self._streams: list[tuple[Phone, MemoryStream]] = []
        self._caller = talk.caller
        self._agents = {agent.number: agent for agent in talk.agents}
        self._calls: CallHandler | None = None

    async def play(self, calls: CallHandler) -> None:
        """Places the caller's call and returns when no leg is left."""
        self._calls = calls
        self._begin(self._caller, self._arrive)
        while lives := [leg.life for leg in self.legs.values() if leg.life and not leg.life.done()]:
            await asyncio.wait(lives)
        for leg in self.legs.values():
            if leg.life:
                leg.life.result()

    async def dial(
        self,
        address: str,
        *,
        call: str,
        leg: str,
        ring_seconds: int,
        machine_detection: bool = False,
        time_limit: int = LONGEST_LEG,
        caller_id: str | None = None,
    ) -> str:
        phone = self._agents.get(address)
        if phone is None:
            raise DialRefused("no such phone")
        return self._begin(phone, lambda mine: self._ring(mine, call, leg, ring_seconds))

    async def redirect(self, carrier_call: str, *, call: str, leg: str, step: str) -> None:
        mine = self.legs[carrier_call]
        mine.sent_to = step
        if mine.following:
            mine.following.cancel()

    async def hang_up(self, carrier_call: str) -> None:
        leg = self.legs[carrier_call]
        leg.ended.set()
        if leg.following:
            leg.following.cancel()

    async def standing(self, carrier_call: str) -> LegStatus:
        leg = self.legs.get(carrier_call)
        return LegStatus.ANSWERED if leg and leg.life and not leg.life.done() else LegStatus.COMPLETED

    def by_party(self) -> dict[Who, Phone]:
        """The caller's phone, and the agent's that had sound (the first one's where none had)."""
        spoke = [phone for phone, _ in self._streams if phone is not self._caller]
        return {Who.CALLER: self._caller, Who.AGENT: (spoke or list(self._agents.values()))[0]}

    def underruns(self) -> dict[Who, int]:
        """How often the sound to each party broke off in the middle."""
        return {
            who: sum(stream.playback.underruns for phone, stream in self._streams if phone.who is who) for who in Who
        }

    def inflicted(self) -> list[tuple[Who, Mapping[str, int]]]:
        """What the line of each stream did to its messages: frames of 20 ms by kind of fault."""
        hits = [(phone.who, stream.line.inflicted) for phone, stream in self._streams]
        return [(who, {str(kind): count for kind, count in hit.items()}) for who, hit in hits]

    def _begin(self, phone: Phone, life: Callable[[MemoryLeg], Coroutine[Any, Any, None]]) -> str:
        leg = MemoryLeg(f"leg-{len(self.legs)}", phone)
        self.legs[leg.carrier_call] = leg
        leg.life = asyncio.create_task(life(leg), name=leg.carrier_call)
        return leg.carrier_call

    async def _arrive(self, leg: MemoryLeg) -> None:
        """An incoming call, from its first document to its end."""
        call, name, script = await self._handler.incoming(
            IncomingCall(leg.carrier_call, leg.phone.number, "+12025550100")
        )
        leg.phone.answered(now())
        await self._live(leg, call, name, script)
        await self._handler.line_status(leg.carrier_call, LegStatus.COMPLETED)

    async def _ring(self, leg: MemoryLeg, call: str, name: str, ring_seconds: int) -> None:
        """An outgoing call: rings, is answered or not, and follows the script of who answers."""
        manners = leg.phone.manners
        await self._handler.status(call, name, leg.carrier_call, LegStatus.RINGING)
        rings = ring_seconds if manners.answers is Answers.NO_ANSWER else manners.rings
        await until(now() + rings, leg.ended, now)
        if status := LegStatus.CANCELED if leg.ended.is_set() else UNANSWERED.get(manners.answers):
            await self._handler.status(call, name, leg.carrier_call, status)
            return
        leg.phone.answered(now())
        await self._handler.status(call, name, leg.carrier_call, LegStatus.ANSWERED)
        await self._live(leg, call, name, (Redirect("answered"),))
        await self._handler.status(call, name, leg.carrier_call, LegStatus.COMPLETED)

    async def _live(self, leg: MemoryLeg, call: str, name: str, script: Script) -> None:
        """Follows a script to its end, or to where a request sends the leg meanwhile."""
        while script and not leg.ended.is_set():
            leg.following = asyncio.create_task(self._follow(leg, call, name, script), name=f"script of {name}")
            await asyncio.wait((leg.following,))
            if not leg.following.cancelled():
                leg.following.result()
            script = (Redirect(leg.sent_to),) if leg.sent_to else ()
            leg.sent_to = None

    async def _follow(self, leg: MemoryLeg, call: str, name: str, script: Script) -> None:
        """Runs verbs until one of them ends the leg, or the party hangs up."""
        gathers = 0
        while script:
            verb, script = script[0], script[1:]
            gathers += isinstance(verb, Gather)
            after = await self._run(leg, call, name, verb, gathers)
            if after is None or leg.phone.hangs_up(now()):
                return
            step, answer = after
            if step:
                script = await self._handler.step(call, name, step, leg.carrier_call, answer)

    async def _run(self, leg: MemoryLeg, call: str, name: str, verb: Verb, gathers: int) -> tuple[str, Answer] | None:
        """One verb. Returns the step to ask next ("" for none) and what was answered; None when the leg is over."""
        match verb:
            case Say():
                await self._announce(leg, (verb,))
            case Gather():
                if answer := await self._ask(leg, verb, gathers):
                    return verb.then, answer
            case ConnectStream():
                hung_up = await self._connect(leg, call, name, verb)
                return None if hung_up else (verb.then, Answer())
            case Redirect():
                return verb.then, Answer()
            case Hangup():
                return None
        return "", Answer()

    async def _announce(self, leg: MemoryLeg, prompts: Sequence[Say]) -> None:
        for prompt in prompts:
            leg.phone.told(prompt.text, prompt.language, prompt.voice, now())
            ends = now() + len(prompt.text) * SPEECH_SECONDS
            while now() < ends and not leg.phone.hangs_up(now()):
                await asyncio.sleep(PTIME)

    async def _ask(self, leg: MemoryLeg, gather: Gather, count: int) -> Answer | None:
        """One question; a key breaks off the prompts."""
        leg.phone.asked(count, now())
        asking = asyncio.create_task(self._announce(leg, gather.prompts), name="prompts")
        silence_ends = None
        try:
            while silence_ends is None or now() < silence_ends:
                if asking.done() and silence_ends is None:
                    silence_ends = now() + gather.timeout
                if keys := leg.phone.keys_due(now()):
                    return Answer(keys=keys[0])
                if gather.speech and (words := leg.phone.words_due(now())):
                    return Answer(words=words)
                if leg.phone.hangs_up(now()):
                    return None
                await asyncio.sleep(PTIME)
        finally:
            await _end(asking)
        return None

    async def _connect(self, leg: MemoryLeg, call: str, name: str, verb: ConnectStream) -> bool:
        """A media stream; True if the party hung up during it."""
        started = StreamStarted(leg.carrier_call, f"stream-{len(self._streams)}", dict(verb.parameters), PCMU_8K)
        stream = MemoryStream(started, leg.phone)
        self._streams.append((leg.phone, stream))
        self.talk.sound_began(leg.phone, now())
        serving = asyncio.create_task(self._handler.stream(call, name, stream), name=f"stream of {name}")
        try:
            hung_up = await stream.run()
            await serving
            return hung_up
        finally:
            self.talk.sound_ended(leg.phone)
            if self.talk.began is not None:
                self.talk_ended[leg.phone.who] = now()
            await stream.close("the leg is over")
            await asyncio.wait((serving,))

    @property
    def _handler(self) -> CallHandler:
        if self._calls is None:
            raise RuntimeError("play() has not begun")
        return self._calls


async def _end(task: "asyncio.Task[None]") -> None:
    task.cancel()
    await asyncio.wait((task,))
