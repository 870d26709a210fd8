"""Every call of this process, and the answers to what the carrier asks about them (a `CallHandler`).

A call that is not known here but kept in the register (its process died, or another node had it) is taken up when the
carrier asks about it.
"""

import asyncio
import contextlib
import secrets
from collections import OrderedDict

import structlog

from telephony.calls.agent_line import AgentLine
from telephony.calls.call import Call
from telephony.calls.guards.pin import PinGuard
from telephony.calls.guards.reason import Reason
from telephony.calls.house import House
from telephony.calls.keeping import take_up
from telephony.calls.leg import Leg
from telephony.calls.observer import TurnedAway
from telephony.calls.order import Order
from telephony.calls.ports import RegisterSilent
from telephony.calls.profile import Profile
from telephony.calls.reception import TOKEN, Reception
from telephony.calls.snapshot import CallSnapshot
from telephony.calls.state import REPORTED, CallEvent, CallState
from telephony.calls.steps import Steps
from telephony.carriers.base import Answer, IncomingCall, LegStatus, MediaStream, UnknownCall
from telephony.carriers.verbs import Script

log = structlog.get_logger(__name__)

REMEMBERED = 1000
"""Calls kept after their end, so that a late or repeated request about one gets a sensible answer."""

CLOSE_WITHIN = 30.0
ASK_WITHIN = 0.3
"""Seconds in which the register must answer what would be nice to know."""

FIND_WITHIN = 5.0
"""Seconds in which it must answer what has to be known."""


class TurnedDown(Exception):
    """A call that was asked for is not placed. `reason` is its word."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason


class Switchboard:
    """Owns the task of every call. `close()` tells and ends them all."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._steps = Steps(house)
        self._pins = PinGuard()
        self._calls: OrderedDict[str, Call] = OrderedDict()
        self._by_carrier: dict[str, Call] = {}
        self._agent_lines: OrderedDict[str, AgentLine] = OrderedDict()
        self._tasks: dict[asyncio.Task[None], Call] = {}
        self._finding: dict[str, asyncio.Lock] = {}

    @property
    def live(self) -> tuple[Call, ...]:
        return tuple(self._tasks.values())

    def find(self, call: str) -> Call | None:
        """A call of this process, running or remembered."""
        return self._calls.get(call)

    def has_caller_of(self, kept: CallSnapshot) -> bool:
        """Whether the caller is in another call here: a carrier that is not answered asks again, and whoever answers
        then makes a call of it."""
        calls = [self._by_carrier[leg.carrier_call] for leg in kept.legs if leg.carrier_call in self._by_carrier]
        return any(call.id != kept.id for call in calls)

    async def close(self, event: CallEvent = CallEvent.SERVICE_ENDS) -> None:
        """Every party is told why, and everything that ran for them has ended."""
        self._house.limits.draining = True
        for call in self.live:
            call.post(event)
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=CLOSE_WITHIN)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def drain(self, within: float) -> None:
        """Takes no new calls; returns when those that run are over, or `within` seconds later."""
        self._house.limits.draining = True
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=within)

    def place(self, order: Order, profile: Profile) -> Call:
        """Begins a call that was asked for. Raises TurnedDown."""
        if reason := self._house.limits.may_begin("", self._house.clock(), self._house.wall()):
            self._house.observers.tell(TurnedAway(reason.value))
            raise TurnedDown(reason)
        call = Call(self._house, profile, order=order)
        self._run(call)
        return call

    async def incoming(self, incoming: IncomingCall) -> tuple[str, str, Script]:
        if line := self._agent_lines.get(incoming.carrier_call) or self._agent_calls(incoming):
            return line.id, "agent", line.arrival()
        call = self._by_carrier.get(incoming.carrier_call)
        if call is None:
            profile = self._house.profiles.for_number(incoming.called)
            digest = self._house.register.digest(incoming.caller)
            if reason := self._house.limits.may_begin(digest, self._house.clock(), self._house.wall()):
                return self._turned_away(profile, reason)
            call = self._begin(incoming.carrier_call, profile, digest)
        if call.reception.asks and call.spoke_before is None:
            call.spoke_before = await self._last_language(call.caller_digest)
        return call.id, call.caller.name, self._steps.answer(call, call.caller, "arrival", Answer())

    async def step(self, call: str, leg: str, step: str, carrier_call: str, answer: Answer) -> Script:
        if line := next((line for line in self._agent_lines.values() if line.id == call), None):
            return line.step(leg, step, carrier_call, answer)
        found, party = await self._find(call, leg)
        if step == "answered" and party.carrier_call is None:
            party.carrier_call = carrier_call
        if party.carrier_call != carrier_call:
            raise UnknownCall
        party.contact_at = self._house.clock()
        party.sent_to = None if party.sent_to == step else party.sent_to
        return self._steps.answer(found, party, step, answer)

    async def status(self, call: str, leg: str, carrier_call: str, status: LegStatus) -> None:
        _, party = await self._find(call, leg)
        if party.carrier_call not in (None, carrier_call):
            raise UnknownCall
        party.carrier_call = carrier_call
        party.reach(REPORTED[status])

    async def line_status(self, carrier_call: str, status: LegStatus) -> None:
        if line := self._agent_lines.get(carrier_call):
            line.status(status)
            return
        if (call := self._by_carrier.get(carrier_call)) is None:
            raise UnknownCall
        if status.final:
            call.caller.reach(REPORTED[status])

    def expects_stream(self, call: str, leg: str) -> bool:
        found = self._calls.get(call)
        party = found.parties.legs.get(leg) if found else None
        if found is None or party is None:
            return False
        return found.state not in (CallState.CLOSING, CallState.ENDED) and not party.ticket.used

    async def stream(self, call: str, leg: str, stream: MediaStream) -> None:
        found, party = await self._find(call, leg)
        started = stream.started
        mine = started.carrier_call == party.carrier_call and self.expects_stream(call, leg)
        if not mine or not party.ticket.redeem(started.parameters.get(TOKEN, "")):
            log.warning("a media stream was refused", call=found.id, leg=party.name)
            raise UnknownCall
        await party.carry(stream)

    def _begin(self, carrier_call: str, profile: Profile, digest: str) -> Call:
        call = Call(self._house, profile, caller=digest)
        call.caller.carrier_call = carrier_call
        call.caller.arrived = True
        self._by_carrier[carrier_call] = call
        if not call.reception.asks:
            call.speak(call.reception.only)
        self._run(call)
        return call

    def _run(self, call: Call, *, found: bool = False) -> None:
        self._calls[call.id] = call
        if found:
            self._house.limits.found(call.id)
        else:
            self._house.limits.began(call.id, call.caller_digest, self._house.clock())
        task = asyncio.create_task(call.run(), name="call")
        self._tasks[task] = call
        task.add_done_callback(self._over)

    def _over(self, task: asyncio.Task[None]) -> None:
        call = self._tasks.pop(task)
        self._house.limits.ended(call.id)
        while len(self._calls) - len(self._tasks) > REMEMBERED:
            oldest = next(call for call in self._calls.values() if call.state is CallState.ENDED)
            del self._calls[oldest.id]
            self._by_carrier.pop(oldest.caller.carrier_call or "", None)
        if not task.cancelled() and task.exception():
            log.error("a call's task failed", error=type(task.exception()).__name__)

    async def _find(self, call: str, leg: str) -> tuple[Call, Leg]:
        found = self._calls.get(call) or await self._take_up(call)
        if found is None or leg not in found.parties.legs:
            raise UnknownCall
        return found, found.parties.legs[leg]

    async def _take_up(self, call: str) -> Call | None:
        """A call that the register has and this process has not; once, however many ask. Raises RegisterSilent: a
        carrier that is not answered asks again, where one that is told of no such call hangs up."""
        lock = self._finding.setdefault(call, asyncio.Lock())
        try:
            async with lock, asyncio.timeout(FIND_WITHIN):
                if call not in self._calls and (kept := await self._house.register.find(call)):
                    self.adopt(kept)
        except TimeoutError:
            log.warning("the register did not answer in time", call=call)
            raise RegisterSilent from None
        finally:
            self._finding.pop(call, None)
        return self._calls.get(call)

    def adopt(self, kept: CallSnapshot) -> Call:
        """Goes on with a call that another process carried; with the same one, however many adopt it."""
        if known := self._calls.get(kept.id):
            return known
        call = Call(self._house, self._house.profiles.named(kept.line), caller=kept.caller)
        take_up(call, kept)
        self._house.elsewhere.difference_update(leg.party for leg in kept.legs)
        log.info("a call is taken up", call=call.id, state=call.state.value)
        if call.caller.carrier_call and call.caller.arrived:
            self._by_carrier[call.caller.carrier_call] = call
        self._run(call, found=True)
        return call

    async def _last_language(self, caller: str) -> str | None:
        """What this caller chose last time, if that is known soon enough."""
        if not caller:
            return None
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(ASK_WITHIN):
                return await self._house.register.language_of(caller)
        return None

    def _agent_calls(self, incoming: IncomingCall) -> AgentLine | None:
        """An agent with a PIN who rings from the address where the roster has them."""
        agent = self._house.agents.find_by_address(incoming.caller)
        if agent is None or not agent.pin or incoming.carrier_call in self._by_carrier:
            return None
        line = self._agent_lines[incoming.carrier_call] = AgentLine(
            self._house, self._pins, agent, incoming.carrier_call
        )
        while len(self._agent_lines) > REMEMBERED:
            self._agent_lines.popitem(last=False)
        return line

    def _turned_away(self, profile: Profile, reason: Reason) -> tuple[str, str, Script]:
        """Said at once, without anything being kept."""
        self._house.observers.tell(TurnedAway(reason.value))
        script = Reception(profile).turned_away(
            lambda words: words.caller_limit if reason is Reason.CALLER_LIMIT else words.line_full
        )
        return secrets.token_hex(16), "caller", script
