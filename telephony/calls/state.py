"""How a call and a leg go from state to state. Everything that decides so stands in the tables here.

A pair that is not in a table changes nothing: reports of a carrier come late, twice and in any order.
"""

from enum import StrEnum

from telephony.carriers.base import LegStatus


class CallState(StrEnum):
    CHOOSING = "choosing"
    """The caller is in the menu."""

    CONNECTING = "connecting"
    """A language is chosen; the caller's media stream is awaited."""

    RINGING = "ringing"
    """The caller hears ringback while agents are rung and both sessions are opened."""

    TALKING = "talking"
    """Both are connected and interpreted."""

    CLOSING = "closing"
    """Somebody left, or the call failed; what is left is told why and put down."""

    ENDED = "ended"


class CallEvent(StrEnum):
    LANGUAGE_CHOSEN = "language chosen"
    CALLER_JOINED = "caller joined"
    CALLER_LEFT = "caller left"
    AGENT_JOINED = "agent joined"
    AGENT_LEFT = "agent left"
    NOBODY_ANSWERED = "nobody answered"
    INTERPRETER_FAILED = "interpreter failed"
    BROKEN = "broken"
    TIME_UP = "time up"
    LEGS_GONE = "legs gone"


class Outcome(StrEnum):
    """How a call ended, as records and metrics name it."""

    CALLER_HUNG_UP = "caller-hung-up"
    AGENT_HUNG_UP = "agent-hung-up"
    CALLER_LEFT_EARLY = "caller-left-early"
    NOBODY_ANSWERED = "nobody-answered"
    INTERPRETER_UNAVAILABLE = "interpreter-unavailable"
    TECHNICAL_PROBLEM = "technical-problem"


S, E = CallState, CallEvent

CALL: dict[tuple[CallState, CallEvent], CallState] = {
    (S.CHOOSING, E.LANGUAGE_CHOSEN): S.CONNECTING,
    (S.CHOOSING, E.CALLER_LEFT): S.CLOSING,
    (S.CHOOSING, E.TIME_UP): S.CLOSING,
    (S.CHOOSING, E.BROKEN): S.CLOSING,
    (S.CONNECTING, E.CALLER_JOINED): S.RINGING,
    (S.CONNECTING, E.CALLER_LEFT): S.CLOSING,
    (S.CONNECTING, E.TIME_UP): S.CLOSING,
    (S.CONNECTING, E.BROKEN): S.CLOSING,
    (S.RINGING, E.AGENT_JOINED): S.TALKING,
    (S.RINGING, E.CALLER_LEFT): S.CLOSING,
    (S.RINGING, E.NOBODY_ANSWERED): S.CLOSING,
    (S.RINGING, E.INTERPRETER_FAILED): S.CLOSING,
    (S.RINGING, E.BROKEN): S.CLOSING,
    (S.TALKING, E.CALLER_LEFT): S.CLOSING,
    (S.TALKING, E.AGENT_LEFT): S.CLOSING,
    (S.TALKING, E.INTERPRETER_FAILED): S.CLOSING,
    (S.TALKING, E.BROKEN): S.CLOSING,
    (S.CLOSING, E.LEGS_GONE): S.ENDED,
}

OUTCOMES: dict[tuple[CallState, CallEvent], Outcome] = {
    (S.TALKING, E.CALLER_LEFT): Outcome.CALLER_HUNG_UP,
    (S.TALKING, E.AGENT_LEFT): Outcome.AGENT_HUNG_UP,
    (S.RINGING, E.NOBODY_ANSWERED): Outcome.NOBODY_ANSWERED,
    (S.RINGING, E.INTERPRETER_FAILED): Outcome.INTERPRETER_UNAVAILABLE,
    (S.TALKING, E.INTERPRETER_FAILED): Outcome.INTERPRETER_UNAVAILABLE,
    (S.CHOOSING, E.CALLER_LEFT): Outcome.CALLER_LEFT_EARLY,
    (S.CHOOSING, E.TIME_UP): Outcome.CALLER_LEFT_EARLY,
    (S.CONNECTING, E.CALLER_LEFT): Outcome.CALLER_LEFT_EARLY,
    (S.RINGING, E.CALLER_LEFT): Outcome.CALLER_LEFT_EARLY,
}


def after(state: CallState, event: CallEvent) -> CallState | None:
    """The state that `event` leads to; None where it changes nothing."""
    return CALL.get((state, event))


def outcome_of(state: CallState, event: CallEvent) -> Outcome:
    """What a call that is closed by `event` in `state` is remembered as."""
    return OUTCOMES.get((state, event), Outcome.TECHNICAL_PROBLEM)


class LegState(StrEnum):
    """How far a leg has come. A leg only ever moves down this list."""

    NEW = "new"
    RINGING = "ringing"
    ANSWERED = "answered"
    JOINED = "joined"
    LEFT = "left"
    """Its stream is over; the carrier may still be speaking to it."""

    GONE = "gone"


ORDER = {state: place for place, state in enumerate(LegState)}

REPORTED: dict[LegStatus, LegState] = {
    LegStatus.QUEUED: LegState.NEW,
    LegStatus.INITIATED: LegState.NEW,
    LegStatus.RINGING: LegState.RINGING,
    LegStatus.ANSWERED: LegState.ANSWERED,
    LegStatus.COMPLETED: LegState.GONE,
    LegStatus.BUSY: LegState.GONE,
    LegStatus.NO_ANSWER: LegState.GONE,
    LegStatus.FAILED: LegState.GONE,
    LegStatus.CANCELED: LegState.GONE,
}


def further(state: LegState, reached: LegState) -> LegState:
    """The later of two states: a report that comes late never takes a leg back."""
    return max(state, reached, key=ORDER.__getitem__)
