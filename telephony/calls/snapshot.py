"""A call as the store keeps it: enough to find every leg again after the process that carried them is gone. PURE.

A snapshot is made whole at every move of a call and replaces the one before; `version` grows by one with each, so that
an older one that comes late is recognised.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from telephony.calls.state import CallState, LegState, Outcome


class Direction(StrEnum):
    """Who began."""

    IN = "in"
    """A caller rang our number."""

    OUT = "out"
    """We rang both."""


@dataclass(frozen=True, slots=True)
class LegSnapshot:
    """One party. `party` names who it is where we know (an agent's name in the roster); never a number."""

    name: str
    role: str
    language: str
    state: LegState
    carrier_call: str | None
    party: str = ""
    may_be_recorded: bool = False
    """It has agreed to that."""


@dataclass(frozen=True, slots=True)
class CallSnapshot:
    """`line` names the profile the call came in on, `caller` is a keyed digest of the caller's number ("" if none)."""

    id: str
    version: int
    direction: Direction
    line: str
    state: CallState
    outcome: Outcome | None
    began: datetime
    ended: datetime | None
    caller: str = field(repr=False)
    legs: tuple[LegSnapshot, ...] = ()
    session_s: float = 0.0
    """Seconds of interpretation sessions by now, both directions together: what the call costs."""
