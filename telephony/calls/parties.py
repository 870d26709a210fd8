"""The legs of one call: who they are, adding one, sending one out of its stream to be spoken to, letting one go."""

import contextlib
import secrets
from collections.abc import Callable

from telephony.calls.clock import Clock
from telephony.calls.leg import Leg
from telephony.calls.observer import Role
from telephony.calls.state import LegState
from telephony.carriers.base import Answer, CallControl, DialRefused
from telephony.carriers.verbs import Script

Plan = Callable[[Answer], Script]
"""What a leg is told at a step that it is sent to, by what it answered on the way there."""


class Parties:
    """`caller` is the one outside, `agent` the one inside, `human` an interpreter who took over."""

    def __init__(
        self,
        call: str,
        language: str,
        control: CallControl,
        clock: Clock,
        moved: Callable[[Leg], None],
        tune: Callable[[Leg], None] = lambda _: None,
    ) -> None:
        """`moved` is told of every leg that moves, `tune` of every new one before it hears anything."""
        self.call = call
        self.legs: dict[str, Leg] = {}
        self._control = control
        self._clock = clock
        self._moved = moved
        self._tune = tune
        self.caller = self.add("caller", Role.CALLER, language)
        self.agent: Leg | None = None
        self.human: Leg | None = None

    @property
    def room(self) -> str:
        """The carrier's conference of this call; the same for every process that carries it."""
        return f"room-{self.call}"

    @property
    def talkers(self) -> tuple[Leg, ...]:
        """The two who talk to each other, as far as they are there."""
        return (self.caller,) if self.agent is None else (self.caller, self.agent)

    @property
    def present(self) -> tuple[Leg, ...]:
        """Every leg that is not gone."""
        return tuple(leg for leg in self.legs.values() if not leg.gone.is_set())

    @property
    def strays(self) -> tuple[Leg, ...]:
        """Legs without a place in the call that nobody rings (any more), but that are not gone."""
        return tuple(leg for leg in self.present if not (leg.rung or self.belongs(leg)))

    def add(self, name: str, role: Role, language: str) -> Leg:
        leg = self.legs[name] = Leg(name, role, language, self._moved, self._clock)
        self._tune(leg)
        return leg

    def add_agent(self, language: str, party: str = "") -> Leg:
        """A leg for the next agent who is rung."""
        leg = self.add(f"agent-{len(self.legs)}", Role.AGENT, language)
        leg.party = party
        return leg

    def belongs(self, leg: Leg) -> bool:
        """Whether this leg has a place in its call; an agent who was rung in vain has none."""
        return leg in (self.caller, self.agent, self.human)

    async def send(self, leg: Leg, plan: Plan) -> bool:
        """Takes a leg out of its stream to what `plan` says; whether the carrier was asked to."""
        if leg.carrier_call is None or leg.state not in (LegState.ANSWERED, LegState.JOINED, LegState.AWAY):
            return False
        return await self.redirect(leg, planned(leg, plan))

    async def redirect(self, leg: Leg, step: str) -> bool:
        """Has a leg ask `step`; whether the carrier took the order."""
        if leg.carrier_call is None:
            return False
        leg.called_away()
        leg.sent_to, leg.confers = step, False
        leg.contact_at = self._clock()
        with contextlib.suppress(DialRefused):
            await self._control.redirect(leg.carrier_call, call=self.call, leg=leg.name, step=step)
            return True
        return False

    async def let_go(self, leg: Leg) -> None:
        """Lets go a phone that was rung: one who has answered hears why, others just stop ringing."""
        if leg.state is LegState.ANSWERED and not (leg.told_why or leg.sent_to):
            await self.redirect(leg, "after")
        elif leg.state in (LegState.NEW, LegState.RINGING) and leg.carrier_call is not None:
            with contextlib.suppress(DialRefused):
                await self._control.hang_up(leg.carrier_call)


def planned(leg: Leg, plan: Plan) -> str:
    """A step of this leg's that is answered by `plan`. Its name is new, so that no earlier answer is repeated."""
    step = f"then-{secrets.token_hex(6)}"
    leg.planned[step] = plan
    return step


def way_back() -> str:
    """The name of the step that a leg asks when its next stream is over; each stream has its own."""
    return f"after-{secrets.token_hex(6)}"
