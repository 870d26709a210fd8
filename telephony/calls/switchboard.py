"""Every call of this process, and the answers to what the carrier asks about them (a `CallHandler`).

Each step of a leg is answered once; asked again (a carrier's retry, a replayed request) it gets the same answer, and
the ticket in it works only for the first stream that shows it.
"""

import asyncio
from collections import OrderedDict

import structlog

from telephony.calls.call import Call, House
from telephony.calls.leg import Leg
from telephony.calls.observer import Role
from telephony.calls.reception import ACCEPT_KEY, TOKEN
from telephony.calls.state import REPORTED, CallEvent, CallState, LegState
from telephony.carriers.base import Answer, IncomingCall, LegStatus, MediaStream, UnknownCall
from telephony.carriers.verbs import Hangup, Script

log = structlog.get_logger(__name__)

REMEMBERED = 1000
"""Calls kept after their end, so that a late or repeated request about one gets a sensible answer."""

CLOSE_WITHIN = 30.0


class Switchboard:
    """Owns the task of every call. `close()` tells and ends them all."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._calls: OrderedDict[str, Call] = OrderedDict()
        self._by_carrier: dict[str, Call] = {}
        self._tasks: dict[asyncio.Task[None], Call] = {}

    @property
    def live(self) -> tuple[Call, ...]:
        return tuple(self._tasks.values())

    async def close(self) -> None:
        """Every party is told that something went wrong, and everything that ran for them has ended."""
        for call in self.live:
            call.post(CallEvent.BROKEN)
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=CLOSE_WITHIN)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def incoming(self, incoming: IncomingCall) -> tuple[str, str, Script]:
        call = self._by_carrier.get(incoming.carrier_call) or self._begin(incoming.carrier_call)
        return call.id, call.caller.name, self._answered(call, call.caller, "arrival", Answer())

    async def step(self, call: str, leg: str, step: str, carrier_call: str, answer: Answer) -> Script:
        found, party = self._find(call, leg)
        if party.role is Role.AGENT and step == "answered" and party.carrier_call is None:
            party.carrier_call = carrier_call
        if party.carrier_call != carrier_call:
            raise UnknownCall
        return self._answered(found, party, step, answer)

    async def status(self, call: str, leg: str, carrier_call: str, status: LegStatus) -> None:
        _, party = self._find(call, leg)
        if party.carrier_call not in (None, carrier_call):
            raise UnknownCall
        party.reach(REPORTED[status])

    async def line_status(self, carrier_call: str, status: LegStatus) -> None:
        if (call := self._by_carrier.get(carrier_call)) is None:
            raise UnknownCall
        if status.final:
            call.caller.reach(LegState.GONE)

    def expects_stream(self, call: str, leg: str) -> bool:
        try:
            found, party = self._find(call, leg)
        except UnknownCall:
            return False
        return found.state not in (CallState.CLOSING, CallState.ENDED) and not party.ticket.used

    async def stream(self, call: str, leg: str, stream: MediaStream) -> None:
        found, party = self._find(call, leg)
        started = stream.started
        mine = started.carrier_call == party.carrier_call and self.expects_stream(call, leg)
        if not mine or not party.ticket.redeem(started.parameters.get(TOKEN, "")):
            log.warning("a media stream was refused", call=found.id, leg=party.name)
            raise UnknownCall
        await party.carry(stream)

    def _begin(self, carrier_call: str) -> Call:
        call = Call(self._house)
        call.caller.carrier_call = carrier_call
        if not self._house.reception.asks:
            call.speak(self._house.reception.default)
        self._calls[call.id] = self._by_carrier[carrier_call] = call
        task = asyncio.create_task(call.run(), name="call")
        self._tasks[task] = call
        task.add_done_callback(self._over)
        return call

    def _over(self, task: asyncio.Task[None]) -> None:
        del self._tasks[task]
        while len(self._calls) - len(self._tasks) > REMEMBERED:
            oldest = next(call for call in self._calls.values() if call.state is CallState.ENDED)
            del self._calls[oldest.id]
            self._by_carrier.pop(oldest.caller.carrier_call or "", None)
        if not task.cancelled() and task.exception():
            log.error("a call's task failed", error=type(task.exception()).__name__)

    def _find(self, call: str, leg: str) -> tuple[Call, Leg]:
        try:
            return self._calls[call], self._calls[call].legs[leg]
        except KeyError:
            raise UnknownCall from None

    def _answered(self, call: Call, leg: Leg, step: str, answer: Answer) -> Script:
        """The answer to a step, made once. Raises UnknownCall for a step that no script of ours names."""
        if step not in leg.answers:
            make = self._caller_step if leg.role is Role.CALLER else self._agent_step
            leg.answers[step] = make(call, leg, step, answer)
        return leg.answers[step]

    def _caller_step(self, call: Call, leg: Leg, step: str, answer: Answer) -> Script:
        reception = self._house.reception
        name, _, attempt = step.partition("-")
        match name:
            case "after":
                return reception.farewell(leg, call.outcome)
            case "arrival":
                return reception.menu(1) if reception.asks else reception.welcome(leg)
            case "choice" | "silence" if attempt.isdecimal() and call.state is CallState.CHOOSING:
                return self._chosen(call, leg, int(attempt), answer)
            case "choice" | "silence":
                return (Hangup(),)
        raise UnknownCall

    def _chosen(self, call: Call, leg: Leg, attempt: int, answer: Answer) -> Script:
        """The way on with the chosen language, or the question again."""
        language = self._house.reception.settle(attempt, answer.keys, answer.words)
        if language is None:
            return self._house.reception.menu(attempt + 1)
        call.speak(language)
        return self._house.reception.welcome(leg)

    def _agent_step(self, call: Call, leg: Leg, step: str, answer: Answer) -> Script:
        reception = self._house.reception
        if step not in ("answered", "accept", "after"):
            raise UnknownCall
        if step == "after" or call.state is not CallState.RINGING:
            return reception.farewell(leg, call.outcome)
        if step == "answered":
            leg.reach(LegState.ANSWERED)
            return reception.whisper(call.caller.language)
        return reception.accepted(leg) if answer.keys == ACCEPT_KEY else reception.declined(leg)
