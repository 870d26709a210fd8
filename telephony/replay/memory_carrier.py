"""A carrier in memory: runs each leg's script with a simulated phone, and no wire between.

It fills the carrier's ports (`CallControl`, `MediaStream`) and calls the service's (`CallHandler`), as a brand does.
Whoever serves may die: then streams break, legs go on with their scripts, and ask whoever serves next.
"""

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from functools import partial
from typing import Any, cast

from telephony.audio.format import PCMU_8K
from telephony.calls.clock import until
from telephony.calls.ports import RegisterSilent
from telephony.carriers.base import (
    LONGEST_LEG,
    Answer,
    CallHandler,
    DialRefused,
    IncomingCall,
    LegStatus,
    StreamStarted,
    UnknownCall,
)
from telephony.carriers.verbs import Conference, ConnectStream, Gather, Hangup, Pause, Redirect, Say, Script, Verb
from telephony.replay.memory_leg import MemoryLeg, RungPhone
from telephony.replay.memory_stream import PTIME, MemoryStream, now
from telephony.simulator.carrier.conferences import Conferences
from telephony.simulator.phone import Phone
from telephony.simulator.scenario import Answers, Who
from telephony.simulator.talk import Talk

LINE = "+12025550100"

ASK_AGAIN_AFTER = 1.0
"""Seconds until a leg asks again where nobody answers."""

MOST_AGAIN = 6
"""How often a leg asks where whoever answers cannot say."""

UNANSWERED = {Answers.BUSY: LegStatus.BUSY, Answers.FAILS: LegStatus.FAILED, Answers.NO_ANSWER: LegStatus.NO_ANSWER}


class MemoryCarrier:
    """`talk` has the caller's phone and those of the agents; `phones` are all that may be rung, by number."""

    def __init__(self, talk: Talk, ptime: float = PTIME) -> None:
        """`ptime`: seconds between two frames of a phone's; more of them than there are in a frame where nothing but
        the course of calls is looked at."""
        self.talk = talk
        self.legs: dict[str, MemoryLeg] = {}
        self.talk_ended: dict[Who, float] = {}
        self.phones: dict[str, RungPhone] = {agent.number: agent for agent in talk.agents}
        self.dialled: list[tuple[str, str | None, int]] = []
        """The address, the number shown and the time limit of every call that was placed."""
        self.unknown = 0
        """Questions and reports that the service did not know."""
        self._ptime = ptime
        self._rooms = Conferences()
        self._streams: list[tuple[RungPhone, MemoryStream]] = []
        self._calls: CallHandler | None = None

    async def play(self, calls: CallHandler) -> None:
        """Places the caller's call and returns when no leg is left."""
        self.serve(calls)
        self.ring(self.talk.caller)
        await self.quiet()

    def serve(self, calls: CallHandler | None) -> None:
        """Who is asked from now on; None: nobody answers."""
        self._calls = calls

    def ring(self, phone: RungPhone, called: str = LINE) -> MemoryLeg:
        """`phone` rings one of our numbers."""
        return self._begin(phone, lambda mine: self._arrive(mine, called))

    async def quiet(self) -> None:
        """Returns when no leg is left."""
        while lives := [leg.life for leg in self.living if leg.life]:
            await asyncio.wait(lives)
        for leg in self.legs.values():
            if leg.life:
                leg.life.result()

    @property
    def living(self) -> list[MemoryLeg]:
        return [leg for leg in self.legs.values() if leg.lives]

    def break_streams(self, phone: RungPhone | None = None) -> None:
        """Every socket breaks, or that of one phone."""
        for leg in self.living:
            if leg.stream is not None and phone in (None, leg.phone):
                leg.stream.broke("the wire is gone")

    def loses(self, phone: RungPhone, *, for_good: bool = False) -> None:
        """Loses the place in the script of this phone's leg: its stream is gone, and nothing is asked until it is sent
        elsewhere; `for_good`: not even then."""
        for leg in self.living:
            if leg.phone is phone:
                leg.lost.set()
                leg.deaf = for_good
        self.break_streams(phone)

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
        phone = self.phones.get(address)
        if phone is None:
            raise DialRefused("no such phone")
        self.dialled.append((address, caller_id, time_limit))
        engaged = any(other.phone is phone for other in self.living)
        mine = self._begin(phone, lambda mine: self._ring(mine, ring_seconds, time_limit, engaged=engaged))
        mine.call, mine.name = call, leg
        mine.machine = machine_detection and phone.manners.answers is Answers.MACHINE
        return mine.carrier_call

    async def redirect(self, carrier_call: str, *, call: str, leg: str, step: str) -> None:
        mine = self.legs[carrier_call]
        if mine.lives and mine.answered and not mine.deaf:
            mine.lost.clear()
            mine.sent_to = step
            if mine.following:
                mine.following.cancel()

    async def hang_up(self, carrier_call: str) -> None:
        self._end(self.legs[carrier_call])

    async def standing(self, carrier_call: str) -> LegStatus:
        leg = self.legs.get(carrier_call)
        return leg.status if leg else LegStatus.COMPLETED

    def by_party(self) -> dict[Who, Phone]:
        """The caller's phone, and the agent's that had sound (the first one's where none had)."""
        spoke = [phone for phone, _ in self._streams if phone is not self.talk.caller]
        return {Who.CALLER: self.talk.caller, Who.AGENT: cast(Phone, (spoke or list(self.phones.values()))[0])}

    def underruns(self) -> dict[Who, int]:
        """How often the sound to each party broke off in the middle."""
        return {
            who: sum(stream.playback.underruns for phone, stream in self._streams if phone.who is who) for who in Who
        }

    def inflicted(self) -> list[tuple[Who, Mapping[str, int]]]:
        """What the line of each stream did to its messages: frames of 20 ms by kind of fault."""
        hits = [(phone.who, stream.line.inflicted) for phone, stream in self._streams]
        return [(who, {str(kind): count for kind, count in hit.items()}) for who, hit in hits]

    def _begin(self, phone: RungPhone, life: Callable[[MemoryLeg], Coroutine[Any, Any, None]]) -> MemoryLeg:
        leg = MemoryLeg(f"leg-{len(self.legs)}", phone)
        self.legs[leg.carrier_call] = leg
        leg.life = asyncio.create_task(life(leg), name=leg.carrier_call)
        return leg

    async def _arrive(self, leg: MemoryLeg, called: str) -> None:
        """An incoming call, from its first document to its end."""
        incoming = IncomingCall(leg.carrier_call, leg.phone.number, called)
        if (calls := await self._server(leg)) is None:
            return
        leg.call, leg.name, script = await calls.incoming(incoming)
        leg.phone.answered(now())
        leg.status = LegStatus.ANSWERED
        await self._live(leg, script)
        leg.status = LegStatus.COMPLETED
        await self._report(lambda calls: calls.line_status(leg.carrier_call, LegStatus.COMPLETED))

    async def _ring(self, leg: MemoryLeg, ring_seconds: int, time_limit: int, *, engaged: bool) -> None:
        """An outgoing call: rings, is answered or not, and follows the script of who answers."""
        manners = leg.phone.manners
        answers = Answers.BUSY if engaged else manners.answers
        await self._tell(leg, LegStatus.RINGING)
        await until(now() + (ring_seconds if answers is Answers.NO_ANSWER else manners.rings), leg.ended, now)
        if status := LegStatus.CANCELED if leg.ended.is_set() else UNANSWERED.get(answers):
            await self._tell(leg, status)
            return
        leg.phone.answered(now())
        await self._tell(leg, LegStatus.ANSWERED)
        limit = asyncio.get_running_loop().call_later(time_limit, self._end, leg)
        await self._live(leg, (Redirect("answered"),))
        limit.cancel()
        await self._tell(leg, LegStatus.COMPLETED)

    def _end(self, leg: MemoryLeg) -> None:
        leg.ended.set()
        if leg.following:
            leg.following.cancel()

    async def _live(self, leg: MemoryLeg, script: Script) -> None:
        """Follows a script to its end, or to where a request sends the leg meanwhile."""
        while script and not leg.ended.is_set():
            leg.following = asyncio.create_task(self._follow(leg, script), name=f"script of {leg.name}")
            await asyncio.wait((leg.following,))
            if not leg.following.cancelled():
                leg.following.result()
            script = (Redirect(leg.sent_to),) if leg.sent_to else ()
            leg.sent_to = None

    async def _follow(self, leg: MemoryLeg, script: Script) -> None:
        """Runs verbs until one of them ends the leg, or the party hangs up."""
        while script:
            verb, script = script[0], script[1:]
            after = await self._run(leg, verb)
            if after is None or leg.phone.hangs_up(now()):
                return
            step, answer = after
            if step:
                script = await self._asked(leg, step, answer)

    async def _run(self, leg: MemoryLeg, verb: Verb) -> tuple[str, Answer] | None:
        """One verb. Returns the step to ask next ("" for none) and what was answered; None when the leg is over."""
        match verb:
            case Say():
                await leg.announce((verb,))
            case Pause():
                await leg.pause(verb.seconds)
            case Gather():
                if answer := await leg.ask(verb):
                    return verb.then, answer
            case Conference():
                await leg.confer(verb, self._rooms)
                return verb.then, Answer()
            case ConnectStream():
                hung_up = await self._connect(leg, verb)
                return None if hung_up else (verb.then, Answer())
            case Redirect():
                return verb.then, Answer(machine=leg.machine and verb.then == "answered")
            case Hangup():
                return None
        return "", Answer()

    async def _connect(self, leg: MemoryLeg, verb: ConnectStream) -> bool:
        """A media stream; True if the party hung up during it."""
        phone = cast(Phone, leg.phone)
        started = StreamStarted(leg.carrier_call, f"stream-{len(self._streams)}", dict(verb.parameters), PCMU_8K)
        calls = await self._server(leg)
        if calls is None or not calls.expects_stream(leg.call, leg.name):
            return False
        stream = MemoryStream(started, leg.phone, self._ptime)
        self._streams.append((leg.phone, stream))
        self.talk.sound_began(phone, now())
        try:
            return await leg.connect(stream, partial(self._serve, calls, leg))
        finally:
            self.talk.sound_ended(phone)
            if self.talk.began is not None:
                self.talk_ended[leg.phone.who] = now()

    async def _serve(self, calls: CallHandler, leg: MemoryLeg, stream: MemoryStream) -> None:
        """A stream that is refused ends at once."""
        try:
            await calls.stream(leg.call, leg.name, stream)
        except UnknownCall:
            self.unknown += 1
        finally:
            stream.broke("the service is done with it")

    async def _asked(self, leg: MemoryLeg, step: str, answer: Answer) -> Script:
        """What the service answers; a leg that it does not know is hung up."""
        while leg.lost.is_set() and not leg.phone.hangs_up(now()):
            await asyncio.sleep(ASK_AGAIN_AFTER)
        for _ in range(MOST_AGAIN):
            if (calls := await self._server(leg)) is None:
                break
            try:
                return await calls.step(leg.call, leg.name, step, leg.carrier_call, answer)
            except RegisterSilent:
                await asyncio.sleep(ASK_AGAIN_AFTER)
            except UnknownCall:
                self.unknown += 1
                break
        return (Hangup(),)

    async def _tell(self, leg: MemoryLeg, status: LegStatus) -> None:
        leg.status = status
        await self._report(lambda calls: calls.status(leg.call, leg.name, leg.carrier_call, status))

    async def _report(self, report: Callable[[CallHandler], Coroutine[Any, Any, None]]) -> None:
        """A report is made once; nobody there, it is lost."""
        if self._calls is not None:
            try:
                await report(self._calls)
            except (UnknownCall, RegisterSilent):
                self.unknown += 1

    async def _server(self, leg: MemoryLeg) -> CallHandler | None:
        """Who answers; asked again and again while nobody does, as a document that stands in for ours would do. None:
        the party has hung up meanwhile."""
        while self._calls is None and not leg.phone.hangs_up(now()):
            await asyncio.sleep(ASK_AGAIN_AFTER)
        return self._calls
