"""One call from the first ring to the last: its legs, its state and the tasks that carry it.

`run` is the only place that moves the state, by the table in `state.py`; everything else posts events to it.
"""

import asyncio
import contextlib
import secrets
from collections.abc import Coroutine
from dataclasses import dataclass

import structlog

from telephony.audio.tones import Ringback
from telephony.calls.agents import Agents
from telephony.calls.bridge import Bridge
from telephony.calls.clock import Clock
from telephony.calls.hunt import Hunt
from telephony.calls.leg import Leg
from telephony.calls.observer import CallMoved, LegMoved, Observers, Role
from telephony.calls.reception import Reception
from telephony.calls.state import CallEvent, CallState, LegState, Outcome, after, outcome_of
from telephony.carriers.base import CallControl, DialRefused
from telephony.engines.base import Engine

log = structlog.get_logger(__name__)

LIMITS = {CallState.CHOOSING: 180.0, CallState.CONNECTING: 60.0}
"""Seconds a caller may stay in a state before the call is given up (the menu, three times, takes about a minute)."""

FAREWELL_WITHIN = 20.0
"""Seconds a leg may take to hear why the call is over before it is hung up by request."""

RINGBACK_AHEAD = 0.3
"""Seconds of ringback that are kept queued, so that a busy moment of this process does not chop the tone."""

MOST_EVENTS = 64
LEAVES = {Outcome.CALLER_HUNG_UP: Role.CALLER, Outcome.AGENT_HUNG_UP: Role.AGENT}


@dataclass(frozen=True, slots=True)
class House:
    """What every call of a line shares."""

    reception: Reception
    agent_language: str
    agents: Agents
    control: CallControl
    engine: Engine
    observers: Observers
    clock: Clock


class Call:
    """Named by a random id that means nothing elsewhere."""

    def __init__(self, house: House) -> None:
        self.id = secrets.token_hex(16)
        self.state = CallState.CHOOSING
        self.outcome: Outcome | None = None
        self.legs: dict[str, Leg] = {}
        self._house = house
        self._events: asyncio.Queue[CallEvent] = asyncio.Queue(MOST_EVENTS)
        self._agent: Leg | None = None
        self._bridge: Bridge | None = None
        self._hunt = Hunt(self.id, house.agents, house.control, self._new_agent)
        self.caller = self._new_leg("caller", Role.CALLER, house.reception.default)
        self._house.observers.tell(CallMoved(self.id, self.state))

    def post(self, event: CallEvent) -> None:
        """Tells the call that something happened. Beyond MOST_EVENTS unread ones the newest are dropped: no state has
        that many ways out."""
        with contextlib.suppress(asyncio.QueueFull):
            self._events.put_nowait(event)

    def speak(self, language: str) -> None:
        """The caller has chosen."""
        self.caller.language = language
        self.post(CallEvent.LANGUAGE_CHOSEN)

    async def run(self) -> None:
        """Lives until every leg is gone."""
        with structlog.contextvars.bound_contextvars(call=self.id):
            try:
                async with asyncio.TaskGroup() as tasks:
                    await self._live(tasks)
            except* Exception as broken:
                log.exception("a call broke", error=type(broken.exceptions[0]).__name__)
                self._move(CallState.CLOSING, self.outcome or Outcome.TECHNICAL_PROBLEM)
            finally:
                await self._put_down()
                self._hunt.release()
                self._move(CallState.ENDED, self.outcome)

    async def _live(self, tasks: asyncio.TaskGroup) -> None:
        """Takes events until the call closes, then ends what is still running in an order that both sides hear out."""
        running: list[asyncio.Task[None]] = []
        while self.state is not CallState.CLOSING:
            event = await self._next_event()
            if (state := after(self.state, event)) is None:
                continue
            self._move(state, outcome_of(self.state, event) if state is CallState.CLOSING else None)
            if state is CallState.RINGING:
                running = [tasks.create_task(job, name=name) for name, job in self._ring().items()]
            elif state is CallState.TALKING and self._bridge and self._agent:
                self._bridge.connect(self.caller, self._agent)
        await self._hear_out()
        for task in running:
            task.cancel()

    async def _next_event(self) -> CallEvent:
        try:
            async with asyncio.timeout(LIMITS.get(self.state)):
                return await self._events.get()
        except TimeoutError:
            return CallEvent.TIME_UP

    def _ring(self) -> dict[str, Coroutine[None, None, None]]:
        """What goes on while the caller waits, side by side: both sessions, the agents' phones, the ringback."""
        languages = self.caller.language, self._house.agent_language
        self._bridge = Bridge(self.id, *languages, self._house.engine, self._house.observers, self._house.clock)
        return {
            "interpretation": self._interpret(self._bridge),
            "hunt": self._find_agent(),
            "ringback": self._ring_back(),
        }

    async def _interpret(self, bridge: Bridge) -> None:
        await bridge.run()
        self.post(CallEvent.INTERPRETER_FAILED)

    async def _find_agent(self) -> None:
        self._agent = await self._hunt.run()
        self.post(CallEvent.AGENT_JOINED if self._agent else CallEvent.NOBODY_ANSWERED)
        if self._agent and self._agent.over.is_set():
            self.post(CallEvent.AGENT_LEFT)

    async def _ring_back(self) -> None:
        """Plays ringback at the pace of the clock, a little ahead of it, until somebody is there."""
        tone, due = Ringback(), self._house.clock() - RINGBACK_AHEAD
        while self.state is CallState.RINGING and self._agent is None:
            self.caller.play(b"".join(tone.frame() for _ in range(5)))
            due += 0.1
            await asyncio.sleep(max(0.0, due - self._house.clock()))
        self.caller.play(tone.end())

    async def _hear_out(self) -> None:
        """The one who stays hears the end of what the other said, before being told that the other is gone."""
        leaver = LEAVES.get(self.outcome) if self.outcome else None
        if leaver and self._bridge and self._agent:
            await self._bridge.finish(leaver, self._agent if leaver is Role.CALLER else self.caller)

    async def _put_down(self) -> None:
        """Ends every leg: its stream first, so that it hears why; by request where that is not enough."""
        legs = [leg for leg in self.legs.values() if not leg.gone.is_set()]
        for leg in legs:
            await leg.end_stream("the call is over")
        async with asyncio.TaskGroup() as tasks:
            for leg in legs:
                tasks.create_task(self._see_off(leg), name=f"see off {leg.name}")

    async def _see_off(self, leg: Leg) -> None:
        """Waits until the party has heard why. One still in the menu is sent there; a phone that rings just stops."""
        if leg is self.caller and leg.state is LegState.NEW:
            await self._send_to_farewell(leg)
        listens = leg is self.caller or leg.state in (LegState.ANSWERED, LegState.JOINED, LegState.LEFT)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(FAREWELL_WITHIN if listens else 0):
                await leg.gone.wait()
                return
        if leg.carrier_call is not None:
            with contextlib.suppress(DialRefused):
                await self._house.control.hang_up(leg.carrier_call)
        leg.reach(LegState.GONE)

    async def _send_to_farewell(self, leg: Leg) -> None:
        if leg.carrier_call is not None:
            with contextlib.suppress(DialRefused):
                await self._house.control.redirect(leg.carrier_call, call=self.id, leg=leg.name, step="after")

    def _new_agent(self) -> Leg:
        return self._new_leg(f"agent-{len(self.legs)}", Role.AGENT, self._house.agent_language)

    def _new_leg(self, name: str, role: Role, language: str) -> Leg:
        leg = self.legs[name] = Leg(name, role, language, self._leg_moved, self._house.clock)
        return leg

    def _leg_moved(self, leg: Leg) -> None:
        log.info("leg", call=self.id, leg=leg.name, state=leg.state.value)
        self._house.observers.tell(LegMoved(self.id, leg.name, leg.role, leg.language, leg.state))
        if leg is self.caller and leg.state is LegState.JOINED:
            self.post(CallEvent.CALLER_JOINED)
        elif leg.over.is_set() and leg is self.caller:
            self.post(CallEvent.CALLER_LEFT)
        elif leg.over.is_set() and leg is self._agent:
            self.post(CallEvent.AGENT_LEFT)

    def _move(self, state: CallState, outcome: Outcome | None) -> None:
        self.state = state
        self.outcome = self.outcome or outcome
        log.info("call", call=self.id, state=state.value, outcome=self.outcome and self.outcome.value)
        self._house.observers.tell(CallMoved(self.id, state, self.outcome))
