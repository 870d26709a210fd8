"""What the decisions ask for. PURE"""

from dataclasses import dataclass

from telephony.engines.base import EngineEvent


@dataclass(frozen=True, slots=True)
class Open:
    """A connection is to be opened; then it is told whether it `opened` or was `refused`."""


@dataclass(frozen=True, slots=True)
class Close:
    """A connection is not needed any more."""

    number: int


@dataclass(frozen=True, slots=True)
class Tell:
    """Something for whoever listens to the session."""

    event: EngineEvent


Action = Open | Close | Tell
