"""A carrier's control that does what a test wants: keeps every order, and says how legs stand."""

import asyncio

from telephony.calls.leg import Leg
from telephony.calls.parties import Parties
from telephony.carriers.base import LONGEST_LEG, DialRefused, LegStatus
from telephony.replay.memory_stream import now


class KeptControl:
    """`orders` are redirects (leg and step), hang-ups ("hang up") and questions ("standing")."""

    def __init__(self) -> None:
        self.orders: list[tuple[str, str]] = []
        self.dialled: list[str] = []
        self.standings: dict[str, LegStatus] = {}
        self.refuses = False
        self.dials_for = 0.0
        """Seconds a dial takes."""

    def asked(self, what: str) -> list[str]:
        """The legs of which this was asked, in order."""
        return [leg for leg, order in self.orders if order == what]

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
        await asyncio.sleep(self.dials_for)
        if self.refuses:
            raise DialRefused("refused by the test")
        self.dialled.append(address)
        return f"CA-{leg}"

    async def redirect(self, carrier_call: str, *, call: str, leg: str, step: str) -> None:
        if self.refuses:
            raise DialRefused("refused by the test")
        self.orders.append((leg, step))

    async def hang_up(self, carrier_call: str) -> None:
        self.orders.append((carrier_call.removeprefix("CA-"), "hang up"))

    async def standing(self, carrier_call: str) -> LegStatus:
        self.orders.append((carrier_call.removeprefix("CA-"), "standing"))
        return self.standings.get(carrier_call, LegStatus.ANSWERED)


def parties_of(control: KeptControl) -> Parties:
    """A caller who rang, and an agent who is there."""
    parties = Parties("call", "es", control, now, lambda _: None)
    parties.caller.carrier_call, parties.caller.arrived = "CA-caller", True
    parties.agent = parties.add_agent("en", "agent 0")
    parties.agent.carrier_call = "CA-agent-1"
    return parties


def rung(parties: Parties) -> Leg:
    """Another agent's leg."""
    leg = parties.add_agent("en", "agent 1")
    leg.carrier_call = f"CA-{leg.name}"
    return leg
