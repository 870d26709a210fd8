"""Watching calls: records, consoles and metrics are observers; the audio path knows nothing of them."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

import structlog

from telephony.calls.state import CallState, LegState, Outcome
from telephony.engines.base import Degraded, HandedOver, Restored, Side

log = structlog.get_logger(__name__)


class Role(StrEnum):
    """Which of the people."""

    CALLER = "caller"
    AGENT = "agent"
    INTERPRETER = "interpreter"
    """A human one, who takes over from us."""


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


@dataclass(frozen=True, slots=True)
class SessionReady:
    """A session for `speaker` was set up, `setup_s` seconds after it was asked for."""

    call: str
    speaker: Role
    setup_s: float


@dataclass(frozen=True, slots=True)
class Reading:
    """How one direction stands, told once a second while a call has sessions.

    `lag_s`: how far behind the listener hears what is queued; `heard_dbfs`, `spoken_dbfs`: the loudest 20 ms of the
    speaker's voice and of its translation since the last reading; `ear_voice_s`: from the beginning of a phrase to the
    beginning of its translation, the newest one; `own_delay_s`: what we ourselves added to it, the most since the last
    reading; `session_s`: seconds of session since the last reading, which is what is paid for; `resting`: the two hear
    each other directly.
    """

    call: str
    speaker: Role
    lag_s: float
    heard_dbfs: float
    spoken_dbfs: float
    ear_voice_s: float | None
    own_delay_s: float
    session_s: float
    resting: bool = False


@dataclass(frozen=True, slots=True)
class LanguageHeard:
    """`speaker` speaks `language`, by what the interpreter hears; it decides what the other is interpreted into."""

    call: str
    speaker: Role
    language: str


@dataclass(frozen=True, slots=True)
class TurnedAway:
    """A call was not taken. `reason` is one of a few fixed words, such as "line-full"."""

    reason: str


@dataclass(frozen=True, slots=True)
class LineTrouble:
    """What was wrong with the sound that came from a leg, by kind, in counts or milliseconds since it began."""

    call: str
    leg: str
    role: Role
    figures: dict[str, float] = field(hash=False)


CallNews = (
    CallMoved | LegMoved | Caption | Continuity | SessionReady | Reading | LanguageHeard | TurnedAway | LineTrouble
)


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
