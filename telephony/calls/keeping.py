"""A call as the store keeps it, and how one is taken up that another process carried."""

from typing import TYPE_CHECKING

from telephony.calls.observer import Role
from telephony.calls.profile import AUTO
from telephony.calls.snapshot import CallSnapshot, Direction, LegSnapshot
from telephony.calls.state import CallState, LegState, Outcome

if TYPE_CHECKING:
    from telephony.calls.call import Call
    from telephony.calls.leg import Leg


def snapshot_of(call: "Call") -> CallSnapshot:
    """Everything that is needed to find its legs again. The language of a caller who did not choose one is "auto"."""
    return CallSnapshot(
        id=call.id,
        version=call.version,
        direction=call.direction,
        line=call.profile.name,
        state=call.state,
        outcome=call.outcome,
        began=call.began,
        ended=call.ended,
        caller=call.caller_digest,
        legs=tuple(_leg_snapshot(call, leg) for leg in call.parties.legs.values()),
        session_s=call.session_s,
    )


def take_up(call: "Call", kept: CallSnapshot) -> None:
    """Makes a new `call` the one that was kept, as far as it had come. Its legs are expected back."""
    call.id = call.parties.call = kept.id
    call.direction, call.began, call.version = kept.direction, kept.began, kept.version
    call.session_s_before, call.outcome = kept.session_s, kept.outcome
    for leg in kept.legs:
        _find_leg(call, leg, kept.state)
    if kept.state is CallState.WAITING:
        call.seeking.join_line(since=kept.began)
    call.state = _taken_up(kept, there=call.parties.agent is not None)
    if call.state is CallState.CLOSING:
        call.outcome = call.outcome or Outcome.TECHNICAL_PROBLEM


def _leg_snapshot(call: "Call", leg: "Leg") -> LegSnapshot:
    language = _language(call, leg)
    return LegSnapshot(leg.name, leg.role.value, language, leg.state, leg.carrier_call, leg.party, leg.may_be_recorded)


def _language(call: "Call", leg: "Leg") -> str:
    return AUTO if leg is call.caller and call.speaks == AUTO else leg.language


def _find_leg(call: "Call", kept: LegSnapshot, state: CallState) -> None:
    """One leg as it was kept. Whoever was still being rung is not expected back."""
    if kept.name == call.caller.name:
        leg = call.caller
        leg.arrived = call.direction is Direction.IN
    else:
        leg = call.parties.add(kept.name, Role(kept.role), kept.language)
    if leg is call.caller and state is not CallState.CHOOSING:
        call.caller_speaks = kept.language
    leg.language = leg.language if kept.language == AUTO else kept.language
    leg.party, leg.may_be_recorded = kept.party, kept.may_be_recorded
    leg.restore(kept.state, kept.carrier_call)
    there = kept.state in (LegState.JOINED, LegState.AWAY)
    leg.confers = state is CallState.CONFERENCE and not leg.gone.is_set()
    if leg.role is Role.AGENT and there:
        call.parties.agent = leg
        call.seeking.hunt.claim(leg.party)
    elif leg.role is Role.INTERPRETER and leg.confers:
        call.parties.human = leg


def _taken_up(kept: CallSnapshot, *, there: bool) -> CallState:
    """Where a call goes on that was found in `state`: phones that were being rung are not, so the search begins anew.

    Of a call that we placed, the number was never kept: one whose phone does not ring yet cannot go on.
    """
    state = kept.state
    if state in (CallState.TALKING, CallState.CONFERENCE, CallState.CLOSING) and there:
        return state
    if kept.direction is Direction.OUT:
        return CallState.RINGING if state is CallState.RINGING and there else CallState.CLOSING
    if state is CallState.RINGING and there:
        return CallState.TALKING
    return state if state in (CallState.CHOOSING, CallState.CLOSING) else CallState.CONNECTING
