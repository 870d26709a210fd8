"""One call from the first ring to the last: its legs, its state and what goes on in each state.

`run` is the only place that moves the state, by the table in `state.py`; everything else posts events to it.
"""

import asyncio
import contextlib
import secrets
from collections.abc import Coroutine
from dataclasses import asdict
from datetime import datetime
from typing import Any

import structlog

from telephony.calls.bridge import Bridge
from telephony.calls.closing import Closing
from telephony.calls.house import House
from telephony.calls.keeping import snapshot_of
from telephony.calls.leg import Leg
from telephony.calls.listening import as_configured
from telephony.calls.lookout import Lookout
from telephony.calls.message import Message
from telephony.calls.observer import CallMoved, LegMoved, LineTrouble, Role
from telephony.calls.order import Order
from telephony.calls.parties import Parties
from telephony.calls.profile import AUTO, Profile
from telephony.calls.reception import Reception
from telephony.calls.ringing import longest
from telephony.calls.seeking import Seeking
from telephony.calls.snapshot import Direction
from telephony.calls.state import CallEvent, CallState, LegState, Outcome, after, outcome_of
from telephony.calls.talk import Talk
from telephony.ivr.prompts import load

log = structlog.get_logger(__name__)

LIMITS = {CallState.CHOOSING: 180.0, CallState.CONNECTING: 60.0, CallState.SUMMONING: 300.0}
"""Seconds a call may stay in a state before it is given up (the menu, three times, takes about a minute)."""

KEPT_EVERY = 15.0
"""Seconds after which the store is told again that this call lives, and that somebody carries it."""

LAST_WORD = 60.0
"""Seconds before the longest time of a call at which the two are told."""

MOST_EVENTS = 64
LEAVES = {Outcome.CALLER_HUNG_UP: Role.CALLER, Outcome.AGENT_HUNG_UP: Role.AGENT}


class Call:
    """Named by a random id that means nothing elsewhere."""

    def __init__(self, house: House, profile: Profile, *, order: Order | None = None, caller: str = "") -> None:
        """`order` where we place the call; `caller` is the digest of the number of one who rang."""
        self.id = secrets.token_hex(16)
        self.profile = profile
        self.reception = Reception(profile)
        self.direction = Direction.OUT if order else Direction.IN
        self.state = CallState.SUMMONING if order else CallState.CHOOSING
        self.outcome: Outcome | None = None
        self.began = house.wall()
        self.ended: datetime | None = None
        self.caller_digest = caller
        self.caller_speaks = order.to_language if order else self.reception.only
        self.spoke_before: str | None = None
        """What the caller chose last time, and is offered first."""
        self._house = house
        self._order = order
        self.version = 0
        self._events: asyncio.Queue[CallEvent] = asyncio.Queue(MOST_EVENTS)
        self._tasks = asyncio.TaskGroup()
        self._duty: asyncio.Task[None] | None = None
        self._bridge: Bridge | None = None
        self._interpretation: asyncio.Task[None] | None = None
        self.session_s_before = 0.0
        """Seconds of sessions of bridges that are over."""
        self._talk: Talk | None = None
        self._message: Message | None = None
        first = self.caller_speaks if self.caller_speaks != AUTO else self.reception.default
        hearing = as_configured(house.listeners, profile)
        self.parties = Parties(self.id, first, house.control, house.clock, self._leg_moved, hearing)
        self.seeking = Seeking(house, profile, self.parties, self.post, self._interpret_for)

    @property
    def caller(self) -> Leg:
        return self.parties.caller

    @property
    def talk(self) -> Talk | None:
        """What goes on while two talk; also in the conference that came of it."""
        return self._talk

    def may_return(self, leg: Leg) -> bool:
        """Whether an agent whom a process that is gone has rung may take the agent's place now."""
        if leg.role is not Role.AGENT or self.parties.agent is not None or leg not in self.parties.strays:
            return False
        return self.state is CallState.CONNECTING or self.seeking.hunt.returning is leg

    @property
    def speaks(self) -> str:
        """What the caller chose last, or "auto"."""
        return self._bridge.languages[0] if self._bridge else self.caller_speaks

    @property
    def session_s(self) -> float:
        """Seconds of interpretation sessions by now, both directions together."""
        return self.session_s_before + (self._bridge.session_s if self._bridge else 0.0)

    def post(self, event: CallEvent) -> None:
        """Tells the call that something happened. Beyond MOST_EVENTS unread ones the newest are dropped: no state has
        that many ways out."""
        with contextlib.suppress(asyncio.QueueFull):
            self._events.put_nowait(event)

    def speak(self, language: str) -> None:
        """The caller has chosen; "auto" has the language heard."""
        self.caller_speaks = language
        if language != AUTO:
            self.caller.language = language
            self._house.register.speaks(self.caller_digest, language)
        self.post(CallEvent.LANGUAGE_CHOSEN)

    async def run(self) -> None:
        """Lives until every leg is gone."""
        with structlog.contextvars.bound_contextvars(call=self.id):
            self._house.observers.tell(CallMoved(self.id, self.state))
            self._keep()
            try:
                async with self._tasks:
                    await self._live()
            except* Exception as broken:
                log.exception("a call broke", error=type(broken.exceptions[0]).__name__)
                self._move(CallState.CLOSING, self.outcome or Outcome.TECHNICAL_PROBLEM)
            finally:
                await self._end()

    async def _live(self) -> None:
        """Takes events until the call closes, then ends what is still running in an order that both sides hear out."""
        beside = [
            self._tasks.create_task(job, name=name)
            for name, job in {
                "lookout": Lookout(self.parties, self._house.control, self._house.clock).run(),
                "longest time": self._limit(),
                "kept": self._stay_kept(),
            }.items()
        ]
        self._do(self.state)
        while self.state not in (CallState.CLOSING, CallState.ENDED):
            event = await self._next_event()
            if (state := after(self.state, event)) is None:
                continue
            before = self.state
            self._move(state, outcome_of(before, event) if state is CallState.CLOSING else None)
            self._do(state, came_from=before)
        await self._hear_out()
        for task in (*beside, self._duty, self._interpretation):
            if task is not None:
                task.cancel()

    async def _next_event(self) -> CallEvent:
        try:
            async with asyncio.timeout(LIMITS.get(self.state)):
                return await self._events.get()
        except TimeoutError:
            return CallEvent.TIME_UP

    def _do(self, state: CallState, came_from: CallState | None = None) -> None:
        """Begins what goes on in `state`, and ends what went on before."""
        if self._duty is not None and state is not CallState.CLOSING:
            self._duty.cancel()
        if state in (CallState.WAITING, CallState.MESSAGE, CallState.CONFERENCE):
            self._stop_interpreting()
        duty = self._duty_in(state, came_from)
        self._duty = self._tasks.create_task(duty, name=state.value) if duty else self._duty

    def _duty_in(self, state: CallState, came_from: CallState | None) -> Coroutine[Any, Any, None] | None:
        language = None if self.caller_speaks == AUTO else self.caller_speaks
        match state:
            case CallState.SUMMONING if self._order:
                return self.seeking.summon(self._order.me, self._order.my_name, self._order.my_language)
            case CallState.RINGING if self.direction is Direction.OUT and self.parties.agent:
                self._interpret_for(self.parties.agent.language)
                return self.seeking.reach_out(self._order.to if self._order else "")
            case CallState.RINGING:
                return self.seeking.find_agent(language)
            case CallState.WAITING:
                return self.seeking.wait_in_line(language)
            case CallState.MESSAGE:
                self._message = Message(self._house, self.profile, self.parties, self.post)
                return self._message.run(self.caller.language)
            case CallState.TALKING:
                return self._talk_on(back=came_from is CallState.CONFERENCE)
            case CallState.CONFERENCE if self._talk and came_from:
                return self._talk.human.gather()
        return None

    async def _talk_on(self, *, back: bool) -> None:
        """The talk, from its beginning or taken up again."""
        if self.parties.agent is None:
            raise RuntimeError("a talk needs two")
        self._interpret_for(self.parties.agent.language)
        if self._bridge is None:
            raise RuntimeError("a talk needs a bridge")
        self._talk = Talk(self._house, self.profile, self.parties, self._bridge, self.post)
        if back:
            for leg in self.parties.talkers:
                await self._tell(leg, load(leg.language).interpretation_on)
        await self._talk.run()

    def _interpret_for(self, agent_language: str) -> None:
        """Opens the sessions for these two languages, if they are not open already."""
        if self._bridge is not None and self._bridge.languages == (self.caller_speaks, agent_language):
            return
        self._stop_interpreting()
        house = self._house
        self._bridge = Bridge(self.id, self.caller_speaks, agent_language, house.engine, house.observers, house.clock)
        self._interpretation = self._tasks.create_task(self._bridge.run(), name="interpretation")

    def _stop_interpreting(self) -> None:
        if self._interpretation is not None and self._bridge is not None:
            self.caller_speaks = self.speaks
            self._interpretation.cancel()
            self.session_s_before += self._bridge.session_s
            self._bridge = self._interpretation = None

    async def _limit(self) -> None:
        """Tells both a minute before the longest time of a call is over, then ends it."""
        bound = longest(self.profile) - (self._house.wall() - self.began).total_seconds()
        await asyncio.sleep(max(0.0, bound - LAST_WORD))
        if self.state is CallState.TALKING:
            for leg in self.parties.talkers:
                await self._tell(leg, load(leg.language).time_limit)
        await asyncio.sleep(min(bound, LAST_WORD))
        self.post(CallEvent.LONGEST_TIME)

    async def _tell(self, leg: Leg, *phrases: str) -> None:
        """Sends a party into its stream, by way of something that it is told."""
        says = [load(leg.language).say(phrase) for phrase in phrases]
        await self.parties.send(leg, lambda _: self.reception.told(leg, *says))

    async def _hear_out(self) -> None:
        """The one who stays hears the end of what the other said, before being told that the other is gone."""
        leaver = LEAVES.get(self.outcome) if self.outcome else None
        agent = self.parties.agent
        if leaver and self._bridge and agent:
            await self._bridge.finish(leaver, agent if leaver is Role.CALLER else self.caller)
        elif self._duty and self.outcome is Outcome.MESSAGE_LEFT:
            await asyncio.wait((self._duty,))  # the caller is gone; what was said is still being interpreted

    async def _end(self) -> None:
        self._house.line.leave(self.id)
        await Closing(self.parties, self._house.control).run()
        self._stop_interpreting()
        self.seeking.hunt.release(talked=self._talk is not None)
        self.ended = self._house.wall()
        self._move(CallState.ENDED, self.outcome)

    def _leg_moved(self, leg: Leg) -> None:
        log.info("leg", call=self.id, leg=leg.name, state=leg.state.value)
        self._house.observers.tell(LegMoved(self.id, leg.name, leg.role, leg.language, leg.state))
        self._tell_trouble(leg)
        if leg is self.caller and leg.state is LegState.JOINED:
            self.post(CallEvent.CALLER_JOINED)
        elif leg.over.is_set() and leg is self.parties.human:
            self.post(CallEvent.HUMAN_LEFT)
        elif leg.over.is_set() and leg is self.caller and self._counts(leg):
            left_words = self._message is not None and self._message.said_something
            self.post(CallEvent.MESSAGE_TAKEN if left_words else CallEvent.CALLER_LEFT)
        elif leg.over.is_set() and leg is self.parties.agent:
            self.post(CallEvent.AGENT_LEFT)
        self._keep()

    def _tell_trouble(self, leg: Leg) -> None:
        """What was wrong with the sound of a stream that is over."""
        if leg.state in (LegState.AWAY, LegState.GONE) and leg.joined.is_set():
            self._house.observers.tell(LineTrouble(self.id, leg.name, leg.role, asdict(leg.line_figures)))

    def _counts(self, caller: Leg) -> bool:
        """Whether a caller who is gone had been there: one whom we rang in vain is `NOT_REACHED`."""
        return self.direction is Direction.IN or caller.joined.is_set()

    def _move(self, state: CallState, outcome: Outcome | None) -> None:
        self.state = state
        self.outcome = self.outcome or outcome
        log.info("call", call=self.id, state=state.value, outcome=self.outcome and self.outcome.value)
        self._house.observers.tell(CallMoved(self.id, state, self.outcome))
        self._keep()

    async def _stay_kept(self) -> None:
        while True:
            await asyncio.sleep(KEPT_EVERY)
            self._keep()

    def _keep(self) -> None:
        self.version += 1
        self._house.register.keep(snapshot_of(self))
