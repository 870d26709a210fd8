"""An agent who rings the line's own number: proves who it is by a PIN, and says whether calls may come."""

import secrets
from functools import partial

import structlog

from telephony.calls.agent import Agent, AgentState
from telephony.calls.guards.pin import PinGuard, Verdict
from telephony.calls.house import House
from telephony.calls.leg import Leg
from telephony.calls.observer import Role, TurnedAway
from telephony.calls.parties import planned
from telephony.carriers.base import Answer, LegStatus, UnknownCall
from telephony.carriers.verbs import Gather, Hangup, Script
from telephony.ivr.prompts import load

log = structlog.get_logger(__name__)

LEG = "agent"
PIN_DIGITS = 12
ASKED_TIMES = 3
"""How often the question what the agent is doing is put before the line hangs up."""

STATES = {"1": AgentState.READY, "2": AgentState.AWAY, "3": AgentState.WRAP_UP}


class AgentLine:
    """One such call. It has no media stream, only questions."""

    def __init__(self, house: House, pins: PinGuard, agent: Agent, carrier_call: str) -> None:
        self.id = secrets.token_hex(16)
        self.over = False
        self._house = house
        self._pins = pins
        self._agent = agent
        self._words = load(agent.languages[0])
        self._leg = Leg(LEG, Role.AGENT, agent.languages[0], lambda _: None, house.clock)
        self._leg.carrier_call = carrier_call
        self._leg.answers["arrival"] = self._ask_pin()

    def arrival(self) -> Script:
        return self._leg.answers["arrival"]

    def step(self, leg: str, step: str, carrier_call: str, answer: Answer) -> Script:
        """The answer to a step, made once. Raises UnknownCall."""
        if leg != LEG or carrier_call != self._leg.carrier_call:
            raise UnknownCall
        if step not in self._leg.answers:
            plan = self._leg.planned.pop(step, None)
            if plan is None:
                raise UnknownCall
            self._leg.answers[step] = plan(answer)
        return self._leg.answers[step]

    def status(self, status: LegStatus) -> None:
        self.over = self.over or status.final

    def _ask_pin(self, *before: str) -> Script:
        prompts = tuple(self._words.say(text) for text in (*before, self._words.agent_pin))
        return (
            Gather(prompts, then=planned(self._leg, self._check), timeout=10, digits=PIN_DIGITS, finish="#"),
            Hangup(),
        )

    def _check(self, answer: Answer) -> Script:
        match self._pins.check(self._agent, answer.keys, self._house.clock()):
            case Verdict.RIGHT:
                return self._ask_state(1)
            case Verdict.AGAIN:
                return self._ask_pin(self._words.agent_pin_wrong)
        log.warning("an agent's PIN was refused")
        self._house.observers.tell(TurnedAway("agent-pin"))
        return self._say_and_hang_up(self._words.agent_pin_refused)

    def _ask_state(self, attempt: int) -> Script:
        if attempt > ASKED_TIMES:
            return self._say_and_hang_up(self._words.goodbye)
        then = planned(self._leg, partial(self._set, attempt))
        return (Gather((self._words.say(self._words.agent_states),), then=then, timeout=8), Hangup())

    def _set(self, attempt: int, answer: Answer) -> Script:
        if (state := STATES.get(answer.keys)) is None:
            return self._ask_state(attempt + 1)
        self._house.agents.set_state(self._agent.name, state, self._house.clock())
        told = {
            AgentState.READY: self._words.agent_ready,
            AgentState.AWAY: self._words.agent_away,
            AgentState.WRAP_UP: self._words.agent_wrap_up,
        }
        return self._say_and_hang_up(told[state])

    def _say_and_hang_up(self, phrase: str) -> Script:
        return (self._words.say(phrase), Hangup())
