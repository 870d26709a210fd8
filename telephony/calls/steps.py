"""What a leg is answered at each step it asks, by the state its call is in.

The names of a caller's first steps are fixed, so that a caller in the menu can go on with another process. A step that
is not known here any more (its process is gone) leads back into the call, or to the farewell.
"""

from functools import partial

from telephony.calls.call import Call
from telephony.calls.house import House
from telephony.calls.leg import Leg
from telephony.calls.observer import Role
from telephony.calls.parties import planned
from telephony.calls.ports import Consent
from telephony.calls.profile import AUTO
from telephony.calls.reception import ACCEPT_KEY, CONSENT_VERSION
from telephony.calls.snapshot import Direction
from telephony.calls.state import CallState, LegState
from telephony.carriers.base import Answer, UnknownCall
from telephony.carriers.verbs import Script

BACK = ("after", "then", "say")
"""What the names of steps begin with that lead back into a call."""

S = CallState


class Steps:
    """For every call of a house."""

    def __init__(self, house: House) -> None:
        self._house = house

    def answer(self, call: Call, leg: Leg, step: str, answer: Answer) -> Script:
        """The answer to a step, made once; asked again (a carrier's retry) it is the same, and so is the ticket in it.

        Raises UnknownCall for a step that no script of ours names.
        """
        if step not in leg.answers:
            plan = leg.planned.pop(step, None)
            if plan is not None and call.state not in (S.CLOSING, S.ENDED):
                leg.answers[step] = plan(answer)
            else:
                make = self._caller_step if leg.role is Role.CALLER else self._other_step
                leg.answers[step] = make(call, leg, step, answer)
        return leg.answers[step]

    def _caller_step(self, call: Call, leg: Leg, step: str, answer: Answer) -> Script:
        name, _, attempt = step.partition("-")
        match name:
            case "arrival":
                return call.reception.menu(1, call.spoke_before) if call.reception.asks else self._welcome(call, leg)
            case "choice" | "silence" if attempt.isdecimal() and call.state is S.CHOOSING:
                return self._chosen(call, leg, int(attempt), answer)
            case "choice" | "silence":
                return self._way_on(call, leg) if attempt.isdecimal() else _unknown()
            case "answered" if call.direction is Direction.OUT:
                return self._machine(call, leg) if answer.machine else self._answered_out(call, leg)
            case _ if name in BACK:
                return self._way_on(call, leg)
        return _unknown()

    def _chosen(self, call: Call, leg: Leg, attempt: int, answer: Answer) -> Script:
        """The way on with the chosen language, or the question again."""
        language = call.reception.settle(attempt, answer.keys, answer.words, call.spoke_before)
        if language is None:
            return call.reception.menu(attempt + 1, call.spoke_before)
        call.speak(language)
        return self._welcome(call, leg)

    def _welcome(self, call: Call, leg: Leg) -> Script:
        return call.reception.welcome(leg, self._consent_step(call, leg))

    def _answered_out(self, call: Call, leg: Leg) -> Script:
        """The one whom we rang for somebody."""
        agent = call.parties.agent
        if call.state is not S.RINGING or agent is None:
            return self._way_on(call, leg)
        leg.reach(LegState.ANSWERED)
        return call.reception.outgoing(leg, agent.language, self._consent_step(call, leg))

    def _other_step(self, call: Call, leg: Leg, step: str, answer: Answer) -> Script:
        name, _, way = step.partition("-")
        if name not in ("answered", "accept", *BACK):
            return _unknown()
        if name == "after" and way and call.may_return(leg):
            return (call.reception.connect(leg),)  # only a stream has a way back of its own: he has accepted
        if name in BACK or not self._is_rung(call, leg):
            return self._way_on(call, leg)
        if answer.machine:
            return self._machine(call, leg)
        if name == "answered":
            leg.reach(LegState.ANSWERED)
            return self._asked(call, leg)
        if answer.keys != ACCEPT_KEY:
            leg.told_why = True
            return call.reception.declined(leg)
        if leg.role is Role.INTERPRETER:
            return call.talk.human.accept(leg) if call.talk else _unknown()
        return call.reception.accepted(leg, self._consent_step(call, leg))

    def _machine(self, call: Call, leg: Leg) -> Script:
        """Nobody accepts this call."""
        leg.told_why = True
        return call.reception.left_alone()

    def _is_rung(self, call: Call, leg: Leg) -> bool:
        """Whether this leg may still accept. One that another process rang may not: nobody waits for it here."""
        return leg.rung and call.state not in (S.CLOSING, S.ENDED)

    def _asked(self, call: Call, leg: Leg) -> Script:
        """What one who has answered is asked to accept."""
        language = None if call.caller_speaks == AUTO else call.caller_speaks
        if leg.role is Role.INTERPRETER and call.parties.agent:
            return call.reception.human_whisper(leg, (call.caller.language, call.parties.agent.language))
        if call.direction is Direction.OUT:
            return call.reception.placing(leg, language or call.caller.language)
        return call.reception.whisper(leg, language)

    def _way_on(self, call: Call, leg: Leg) -> Script:
        """Back into the call, or out of it."""
        if call.state in (S.CLOSING, S.ENDED) or leg.gone.is_set() or not call.parties.belongs(leg):
            leg.told_why = True
            return call.reception.farewell(leg, call.outcome)
        if call.state is S.CONFERENCE:
            return call.reception.meet(leg, call.parties.room)
        if leg.role is Role.INTERPRETER:
            return call.reception.declined(leg)
        return (call.reception.connect(leg),)

    def _consent_step(self, call: Call, leg: Leg) -> str:
        """Where the answer to being recorded goes; "" where nothing is recorded."""
        return planned(leg, partial(self._consented, call, leg)) if call.profile.recording else ""

    def _consented(self, call: Call, leg: Leg, answer: Answer) -> Script:
        given = answer.keys == ACCEPT_KEY
        self._house.register.consent(Consent(call.id, leg.name, leg.language, CONSENT_VERSION, given))
        leg.may_be_recorded = given
        return call.reception.consented(leg, given=given)


def _unknown() -> Script:
    raise UnknownCall
