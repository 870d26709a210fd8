from itertools import product

import pytest

from telephony.calls.state import (
    CALL,
    LIVE,
    OUTCOMES,
    REPORTED,
    CallEvent,
    CallState,
    LegState,
    Outcome,
    after,
    further,
    outcome_of,
)
from telephony.carriers.base import LegStatus

S, E = CallState, CallEvent
FIRST = (S.CHOOSING, S.SUMMONING)
"""Of a call that came in, and of one that we place."""

AGAIN = {(S.WAITING, S.RINGING), (S.CONFERENCE, S.TALKING)}
"""Where a call goes back: an agent is free, a human interpreter has left."""


def route(*events: CallEvent) -> CallState:
    """Where a new call stands after `events`; those that change nothing are passed over."""
    state = S.CHOOSING
    for event in events:
        state = after(state, event) or state
    return state


def test_a_call_goes_from_the_menu_to_the_talk_and_to_its_end() -> None:
    way = [E.LANGUAGE_CHOSEN, E.CALLER_JOINED, E.PUT_THROUGH, E.CALLER_LEFT, E.LEGS_GONE]
    states = [route(*way[:steps]) for steps in range(6)]
    assert states == [S.CHOOSING, S.CONNECTING, S.RINGING, S.TALKING, S.CLOSING, S.ENDED]


@pytest.mark.parametrize("state", [state for state in S if state is not S.ENDED])
def test_every_state_leads_to_the_end(state: CallState) -> None:
    reached, new = set[CallState](), {state}
    while new:
        reached |= new
        new = {to for (came, _), to in CALL.items() if came in reached} - reached
    assert S.ENDED in reached


@pytest.mark.parametrize("state", S)
def test_every_state_is_reached_from_a_first_one(state: CallState) -> None:
    assert state in FIRST or state in CALL.values()


@pytest.mark.parametrize("state", LIVE)
@pytest.mark.parametrize("event", [E.CALLER_LEFT, E.BROKEN, E.LONGEST_TIME, E.SERVICE_ENDS, E.ENDED_BY_REQUEST])
def test_a_caller_who_leaves_and_a_fault_close_a_call_in_any_state(state: CallState, event: CallEvent) -> None:
    assert after(state, event) is S.CLOSING


@pytest.mark.parametrize("event", E)
def test_nothing_moves_a_call_that_is_over(event: CallEvent) -> None:
    assert after(S.ENDED, event) is None


@pytest.mark.parametrize("event", [event for event in E if event is not E.LEGS_GONE])
def test_a_call_that_is_closing_stays_so_until_its_legs_are_gone(event: CallEvent) -> None:
    assert after(S.CLOSING, event) is None


def test_a_call_goes_back_from_the_line_and_from_the_conference_only() -> None:
    order = list(S)
    assert {(came, to) for (came, _), to in CALL.items() if order.index(to) < order.index(came)} == AGAIN


def test_reports_that_come_twice_or_late_change_nothing() -> None:
    way = [E.LANGUAGE_CHOSEN, E.CALLER_JOINED, E.PUT_THROUGH]
    assert route(*way, *way) is S.TALKING
    assert route(*way, E.NOBODY_ANSWERED, E.TIME_UP) is S.TALKING


def test_every_outcome_belongs_to_a_way_of_closing() -> None:
    assert all(CALL[pair] is S.CLOSING for pair in OUTCOMES)


BY_EVENT = {
    E.LONGEST_TIME: Outcome.LONGEST_TIME,
    E.SERVICE_ENDS: Outcome.SERVICE_ENDED,
    E.ENDED_BY_REQUEST: Outcome.ENDED_BY_REQUEST,
    E.BROKEN: Outcome.TECHNICAL_PROBLEM,
}
"""What means the same in every state."""

BY_PAIR = {
    (S.CHOOSING, E.CALLER_LEFT): Outcome.CALLER_LEFT_EARLY,
    (S.CONNECTING, E.CALLER_LEFT): Outcome.CALLER_LEFT_EARLY,
    (S.SUMMONING, E.CALLER_LEFT): Outcome.CALLER_LEFT_EARLY,
    (S.RINGING, E.CALLER_LEFT): Outcome.CALLER_LEFT_EARLY,
    (S.WAITING, E.CALLER_LEFT): Outcome.CALLER_LEFT_EARLY,
    (S.MESSAGE, E.CALLER_LEFT): Outcome.CALLER_LEFT_EARLY,
    (S.TALKING, E.CALLER_LEFT): Outcome.CALLER_HUNG_UP,
    (S.CONFERENCE, E.CALLER_LEFT): Outcome.CALLER_HUNG_UP,
    (S.SUMMONING, E.AGENT_LEFT): Outcome.AGENT_LEFT_EARLY,
    (S.RINGING, E.AGENT_LEFT): Outcome.AGENT_LEFT_EARLY,
    (S.TALKING, E.AGENT_LEFT): Outcome.AGENT_HUNG_UP,
    (S.CONFERENCE, E.AGENT_LEFT): Outcome.AGENT_HUNG_UP,
    (S.CHOOSING, E.TIME_UP): Outcome.CALLER_LEFT_EARLY,
    (S.CONNECTING, E.TIME_UP): Outcome.TECHNICAL_PROBLEM,
    (S.SUMMONING, E.TIME_UP): Outcome.NOBODY_ANSWERED,
    (S.SUMMONING, E.NOBODY_ANSWERED): Outcome.NOBODY_ANSWERED,
    (S.RINGING, E.NOBODY_ANSWERED): Outcome.NOBODY_ANSWERED,
    (S.RINGING, E.NOT_REACHED): Outcome.NOT_REACHED,
    (S.WAITING, E.NOBODY_ANSWERED): Outcome.NOBODY_ANSWERED,
    (S.MESSAGE, E.NOBODY_ANSWERED): Outcome.NOBODY_ANSWERED,
    (S.MESSAGE, E.MESSAGE_TAKEN): Outcome.MESSAGE_LEFT,
}


@pytest.mark.parametrize(("state", "event"), [pair for pair in CALL if CALL[pair] is S.CLOSING])
def test_a_call_is_remembered_by_what_closed_it(state: CallState, event: CallEvent) -> None:
    expected = BY_EVENT.get(event) or BY_PAIR[state, event]
    assert outcome_of(state, event) is expected


@pytest.mark.parametrize("status", LegStatus)
def test_every_report_of_a_carrier_means_a_state_of_the_leg(status: LegStatus) -> None:
    assert (REPORTED[status] is LegState.GONE) is status.final


@pytest.mark.parametrize(("state", "reached"), list(product(LegState, LegState)))
def test_a_leg_is_never_taken_back(state: LegState, reached: LegState) -> None:
    order = list(LegState)
    later = further(state, reached)
    assert later in (state, reached)
    if {state, reached} == {LegState.JOINED, LegState.AWAY}:
        assert later is reached
    else:
        assert order.index(later) == max(order.index(state), order.index(reached))


def test_a_late_report_of_ringing_does_not_wake_a_leg_that_is_gone() -> None:
    assert further(LegState.GONE, REPORTED[LegStatus.RINGING]) is LegState.GONE
    assert further(LegState.JOINED, REPORTED[LegStatus.ANSWERED]) is LegState.JOINED
