"""The calls of one carrier: placed from outside or by REST, each run by a task of its own."""

import asyncio
from collections.abc import Iterable

from telephony.simulator.carrier.call import Call
from telephony.simulator.carrier.exchange import Exchange
from telephony.simulator.carrier.forms import CallFacts
from telephony.simulator.carrier.numbers import OwnNumber
from telephony.simulator.carrier.plan import Plan
from telephony.simulator.carrier.sids import CALL, new_sid
from telephony.simulator.carrier.standing import Direction
from telephony.simulator.carrier.tasks import put_away
from telephony.simulator.phone import Phone


class Switch:
    """`numbers` are what the account's own numbers are set to; REST may change it."""

    def __init__(self, exchange: Exchange, numbers: Iterable[OwnNumber]) -> None:
        self.exchange = exchange
        self.numbers = {number.phone_number: number for number in numbers}
        self.calls: dict[str, Call] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}

    @property
    def number(self) -> OwnNumber:
        """The account's first number."""
        return next(iter(self.numbers.values()))

    @number.setter
    def number(self, number: OwnNumber) -> None:
        self.numbers[number.phone_number] = number

    def incoming(self, phone: Phone, called: str | None = None) -> Call:
        """`phone` rings the account's number `called`, or its first."""
        self.exchange.phones.add(phone)
        number = self.number if called is None else self.numbers[called]
        plan = Plan(number.voice, number.fallback, number.reports)
        return self._place(Direction.INBOUND, phone.number, number.phone_number, phone, plan)

    def outgoing(self, from_: str, to: str, plan: Plan) -> Call:
        """The account's number `from_` rings `to`."""
        return self._place(Direction.OUTBOUND_API, from_, to, self.exchange.phones.with_number(to), plan)

    async def ended(self, call: Call) -> None:
        """Wait until a call is over. Raises what it failed with."""
        task = self._tasks[call.facts.sid]
        await asyncio.wait({task})
        await put_away(task)

    def living(self) -> list[Call]:
        """The calls that are not over."""
        return [self.calls[sid] for sid, task in self._tasks.items() if not task.done()]

    async def close(self) -> None:
        """Break off every call."""
        await put_away(*self._tasks.values())

    def _place(self, direction: Direction, from_: str, to: str, phone: Phone | None, plan: Plan) -> Call:
        facts = CallFacts(self.exchange.account, new_sid(CALL), direction, from_, to)
        call = Call(self.exchange, facts, phone, plan)
        self.calls[facts.sid] = call
        self._tasks[facts.sid] = asyncio.create_task(call.run(), name=f"call {facts.sid}")
        return call
