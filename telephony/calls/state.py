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

    SUMMONING = "summoning"
    """Of a call that we place: the phone of the one who asked for it is rung."""

    RINGING = "ringing"
    """One party hears ringback while the other's phone is rung and both sessions are opened."""

    WAITING = "waiting"
    """Every agent is busy; the caller has a place in the line."""

    MESSAGE = "message"
    """The caller leaves a message."""

    TALKING = "talking"
    """Both are connected and interpreted."""

    CONFERENCE = "conference"
    """A human interprets: all three are in the carrier's conference, and our sessions are over."""

    CLOSING = "closing"
    """Somebody left, or the call failed; what is left is told why and put down."""

    ENDED = "ended"


class CallEvent(StrEnum):
    LANGUAGE_CHOSEN = "language chosen"
    CALLER_JOINED = "caller joined"
    CALLER_LEFT = "caller left"
    AGENT_JOINED = "agent joined"
    AGENT_LEFT = "agent left"
    PUT_THROUGH = "put through"
    NOBODY_ANSWERED = "nobody answered"
    NOT_REACHED = "not reached"
    ALL_BUSY = "all busy"
    AGENT_FREE = "agent free"
    ANSWERING_MACHINE = "answering machine"
    """There is nobody, or nobody soon; a message may be left."""
    MESSAGE_TAKEN = "message taken"
    HUMAN_JOINED = "human joined"
    HUMAN_LEFT = "human left"
    LONGEST_TIME = "longest time"
    ENDED_BY_REQUEST = "ended by request"
    SERVICE_ENDS = "service ends"
    BROKEN = "broken"
    TIME_UP = "time up"
    LEGS_GONE = "legs gone"


class Outcome(StrEnum):
    """How a call ended, as records and metrics name it."""

    CALLER_HUNG_UP = "caller-hung-up"
    AGENT_HUNG_UP = "agent-hung-up"
    CALLER_LEFT_EARLY = "caller-left-early"
    AGENT_LEFT_EARLY = "agent-left-early"
    NOBODY_ANSWERED = "nobody-answered"
    NOT_REACHED = "not-reached"
    MESSAGE_LEFT = "message-left"
    LONGEST_TIME = "longest-time"
    SERVICE_ENDED = "service-ended"
    ENDED_BY_REQUEST = "ended-by-request"
    TECHNICAL_PROBLEM = "technical-problem"


S, E = CallState, CallEvent

LIVE = tuple(state for state in CallState if state not in (CallState.CLOSING, CallState.ENDED))
"""The states in which a call goes on."""

CALL: dict[tuple[CallState, CallEvent], CallState] = {
    (S.CHOOSING, E.LANGUAGE_CHOSEN): S.CONNECTING,
    (S.CHOOSING, E.TIME_UP): S.CLOSING,
    (S.CONNECTING, E.CALLER_JOINED): S.RINGING,
    (S.CONNECTING, E.TIME_UP): S.CLOSING,
    (S.SUMMONING, E.AGENT_JOINED): S.RINGING,
    (S.SUMMONING, E.NOBODY_ANSWERED): S.CLOSING,
    (S.SUMMONING, E.TIME_UP): S.CLOSING,
    (S.SUMMONING, E.AGENT_LEFT): S.CLOSING,
    (S.RINGING, E.PUT_THROUGH): S.TALKING,
    (S.RINGING, E.ALL_BUSY): S.WAITING,
    (S.RINGING, E.ANSWERING_MACHINE): S.MESSAGE,
    (S.RINGING, E.NOBODY_ANSWERED): S.CLOSING,
    (S.RINGING, E.NOT_REACHED): S.CLOSING,
    (S.RINGING, E.AGENT_LEFT): S.CLOSING,
    (S.WAITING, E.AGENT_FREE): S.RINGING,
    (S.WAITING, E.ANSWERING_MACHINE): S.MESSAGE,
    (S.WAITING, E.NOBODY_ANSWERED): S.CLOSING,
    (S.MESSAGE, E.MESSAGE_TAKEN): S.CLOSING,
    (S.MESSAGE, E.NOBODY_ANSWERED): S.CLOSING,
    (S.TALKING, E.AGENT_LEFT): S.CLOSING,
    (S.TALKING, E.HUMAN_JOINED): S.CONFERENCE,
    (S.CONFERENCE, E.HUMAN_LEFT): S.TALKING,
    (S.CONFERENCE, E.AGENT_LEFT): S.CLOSING,
    **{(state, E.CALLER_LEFT): S.CLOSING for state in LIVE},
    **{(state, E.LONGEST_TIME): S.CLOSING for state in LIVE},
    **{(state, E.ENDED_BY_REQUEST): S.CLOSING for state in LIVE},
    **{(state, E.SERVICE_ENDS): S.CLOSING for state in LIVE},
    **{(state, E.BROKEN): S.CLOSING for state in LIVE},
    (S.CLOSING, E.LEGS_GONE): S.ENDED,
}

OUTCOMES: dict[tuple[CallState, CallEvent], Outcome] = {
    **{(state, E.CALLER_LEFT): Outcome.CALLER_LEFT_EARLY for state in LIVE},
    **{(state, E.LONGEST_TIME): Outcome.LONGEST_TIME for state in LIVE},
    **{(state, E.ENDED_BY_REQUEST): Outcome.ENDED_BY_REQUEST for state in LIVE},
    **{(state, E.SERVICE_ENDS): Outcome.SERVICE_ENDED for state in LIVE},
    (S.CHOOSING, E.TIME_UP): Outcome.CALLER_LEFT_EARLY,
    (S.SUMMONING, E.NOBODY_ANSWERED): Outcome.NOBODY_ANSWERED,
    (S.SUMMONING, E.TIME_UP): Outcome.NOBODY_ANSWERED,
    (S.SUMMONING, E.AGENT_LEFT): Outcome.AGENT_LEFT_EARLY,
    (S.RINGING, E.NOBODY_ANSWERED): Outcome.NOBODY_ANSWERED,
    (S.RINGING, E.NOT_REACHED): Outcome.NOT_REACHED,
    (S.RINGING, E.AGENT_LEFT): Outcome.AGENT_LEFT_EARLY,
    (S.WAITING, E.NOBODY_ANSWERED): Outcome.NOBODY_ANSWERED,
    (S.MESSAGE, E.MESSAGE_TAKEN): Outcome.MESSAGE_LEFT,
    (S.MESSAGE, E.NOBODY_ANSWERED): Outcome.NOBODY_ANSWERED,
    (S.TALKING, E.CALLER_LEFT): Outcome.CALLER_HUNG_UP,
    (S.TALKING, E.AGENT_LEFT): Outcome.AGENT_HUNG_UP,
    (S.CONFERENCE, E.CALLER_LEFT): Outcome.CALLER_HUNG_UP,
    (S.CONFERENCE, E.AGENT_LEFT): Outcome.AGENT_HUNG_UP,
}


def after(state: CallState, event: CallEvent) -> CallState | None:
    """The state that `event` leads to; None where it changes nothing."""
    return CALL.get((state, event))


def outcome_of(state: CallState, event: CallEvent) -> Outcome:
    """What a call that is closed by `event` in `state` is remembered as."""
    return OUTCOMES.get((state, event), Outcome.TECHNICAL_PROBLEM)


class LegState(StrEnum):
    """How far a leg has come. Reports of the carrier only ever move a leg down this list; only its own media streams
    take it from JOINED to AWAY and back."""

    NEW = "new"
    RINGING = "ringing"
    ANSWERED = "answered"
    JOINED = "joined"
    AWAY = "away"
    """It is between two media streams: the carrier speaks to it, or its stream broke and it is expected back."""

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
    """The state of a leg in `state` of which `reached` is reported: a report that comes late never takes it back."""
    if {state, reached} == {LegState.JOINED, LegState.AWAY}:
        return reached
    return max(state, reached, key=ORDER.__getitem__)
