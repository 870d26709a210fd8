"""Calls as the API shows them: who is in them and how far they are; no number and nothing that was said. PURE."""

from collections.abc import Iterable
from datetime import datetime

from pydantic import Field

from telephony.api.route import Told
from telephony.calls.observer import Role
from telephony.calls.snapshot import CallSnapshot, Direction, LegSnapshot
from telephony.calls.state import CallState, LegState, Outcome
from telephony.records.store.consents import Consent


class LegView(Told):
    """One party of a call."""

    name: str = Field(description="Unique within the call.")
    role: Role
    state: LegState
    language: str = Field(description="What this party is spoken to in.")
    agent: str | None = Field(description="The agent's name in the roster, where this is one.")


class CallView(Told):
    """A call."""

    id: str
    line: str = Field(description="The name of the line it came in on or is placed for.")
    direction: Direction = Field(description="in: somebody rang us; out: we rang both.")
    state: CallState
    outcome: Outcome | None = Field(description="How it ended; null while it runs.")
    caller_language: str
    agent_language: str | None = Field(description="Null while no agent is there.")
    began: datetime
    ended: datetime | None
    session_seconds: float = Field(description="Interpretation by now, both directions together: what is paid for.")
    legs: tuple[LegView, ...]


class ConsentView(Told):
    """What one party answered when it was asked whether the call may be recorded."""

    leg: str = Field(description="The name of the leg that was asked.")
    text_version: str = Field(description="Which version of the text it was asked with.")
    language: str = Field(description="What it was asked in.")
    granted: bool
    at: datetime


class CallRecord(CallView):
    """A call, and what is kept of it."""

    incomplete: bool = Field(description="Whether something of this call could not be kept.")
    consents: tuple[ConsentView, ...] = Field(description="In the order of the answers.")


class Calls(Told):
    """Calls that run here."""

    calls: tuple[CallView, ...]


def call_record(call: CallSnapshot, consents: Iterable[Consent], *, incomplete: bool) -> CallRecord:
    shown = tuple(
        ConsentView(leg=one.leg, text_version=one.text_version, language=one.language, granted=one.granted, at=one.at)
        for one in consents
    )
    return CallRecord(**dict(call_view(call)), incomplete=incomplete, consents=shown)


def call_view(call: CallSnapshot) -> CallView:
    legs = tuple(_leg_view(leg) for leg in call.legs)
    return CallView(
        id=call.id,
        line=call.line,
        direction=call.direction,
        state=call.state,
        outcome=call.outcome,
        caller_language=next((leg.language for leg in legs if leg.role is Role.CALLER), ""),
        agent_language=_agent_language(legs),
        began=call.began,
        ended=call.ended,
        session_seconds=call.session_s,
        legs=legs,
    )


def _leg_view(leg: LegSnapshot) -> LegView:
    return LegView(name=leg.name, role=Role(leg.role), state=leg.state, language=leg.language, agent=leg.party or None)


def _agent_language(legs: tuple[LegView, ...]) -> str | None:
    """Of the agent who is there, or was."""
    agents = [leg for leg in legs if leg.role is Role.AGENT]
    there = [leg for leg in agents if leg.state in (LegState.JOINED, LegState.AWAY)] or agents[-1:]
    return there[0].language if there else None
