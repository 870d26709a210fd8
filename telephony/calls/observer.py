"""Watching calls: records, consoles and metrics are observers; the audio path knows nothing of them."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

import structlog

from telephony.calls.state import CallState, LegState, Outcome
from telephony.engines.base import Degraded, HandedOver, Restored, Side

log = structlog.get_logger(__name__)


class Role(StrEnum):
    """Which of the two people."""

    CALLER = "caller"
    AGENT = "agent"


@dataclass(frozen=True, slots=True)
class CallMoved:
    """A call came into a new state."""

    call: str
    state: CallState
    outcome: Outcome | None = None


@dataclass(frozen=True, slots=True)
class LegMoved:
    """A leg came into a new state."""

    call: str
    leg: str
    role: Role
    language: str
    state: LegState


@dataclass(frozen=True, slots=True)
class Caption:
    """A few more words of `speaker`'s: as heard, or as spoken to the other party in `language`."""

    call: str
    speaker: Role
    side: Side
    language: str
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Continuity:
    """The interpretation of `speaker` was handed over, cannot be had for now, or is back."""

    call: str
    speaker: Role
    event: HandedOver | Degraded | Restored


CallNews = CallMoved | LegMoved | Caption | Continuity


class CallObserver(Protocol):
    """Is told what happens. Must not block: the call waits for it."""

    def tell(self, news: CallNews) -> None: ...


class Observers:
    """Tells each observer in turn; one that fails is reported once and the call goes on."""

    def __init__(self, *observers: CallObserver) -> None:
        self._observers = observers
        self._failed: set[int] = set()

    def tell(self, news: CallNews) -> None:
        for place, observer in enumerate(self._observers):
            try:
                observer.tell(news)
            except Exception as failure:
                if place not in self._failed:
                    self._failed.add(place)
                    log.error("an observer fails", observer=type(observer).__name__, error=type(failure).__name__)
