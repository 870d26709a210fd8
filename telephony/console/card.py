"""What the console knows of one live call, from what the call tells of itself. PURE."""

from collections import deque
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from telephony.calls.observer import CallMoved, CallNews, Caption, Continuity, LanguageHeard, LegMoved, Reading, Role
from telephony.calls.state import CallState, LegState, Outcome
from telephony.console.words import Words
from telephony.engines.base import Degraded, HandedOver, Reason, Restored

MOST_MARKS: Final = 8
MOST_LEGS: Final = 50
"""Phones of one call that are remembered; one call rings so many agents at most."""

THERE: Final = (LegState.JOINED, LegState.AWAY)


class MarkKind(StrEnum):
    """What befell the interpretation of a party."""

    HAND_OVER = "hand-over"
    LOST = "lost"
    """A connection broke, another took over."""
    STALL = "stall"
    """A connection gave nothing, or nothing of use, and was replaced."""
    DEGRADED = "degraded"
    """There is none; the two hear each other directly."""
    RESTORED = "restored"


PLANNED: Final = (Reason.AGE, Reason.GO_AWAY)


@dataclass(frozen=True, slots=True)
class Mark:
    """`at`: seconds since 1970; `why`: a fixed word; `lost_ms`, `repeated_ms`: of the speaker's voice."""

    number: int
    at: float
    kind: MarkKind
    speaker: Role
    why: str
    lost_ms: float = 0.0
    repeated_ms: float = 0.0


@dataclass(frozen=True, slots=True)
class Party:
    """One phone, as far as it has come."""

    role: Role
    language: str
    state: LegState


@dataclass(slots=True)
class Direction:
    """What `speaker` says, on its way to the other."""

    speaker: Role
    reading: Reading | None = None
    heard: str | None = None
    """The language that the interpreter hears."""
    failing: str | None = None
    """Why there is no interpretation now."""


@dataclass(slots=True)
class Card:
    """Fed by `tell`. `began` and `ended` are monotonic seconds, `since` the wall's time in seconds since 1970."""

    id: str
    began: float
    since: float
    state: CallState = CallState.CHOOSING
    outcome: Outcome | None = None
    ended: float | None = None
    session_s: float = 0.0
    words: Words = field(default_factory=Words)
    marks: deque[Mark] = field(default_factory=lambda: deque(maxlen=MOST_MARKS))
    directions: dict[Role, Direction] = field(default_factory=dict)
    _legs: dict[str, Party] = field(default_factory=dict)
    _marked: int = 0

    def tell(self, news: CallNews, now: float, wall: float) -> int | None:
        """Takes what the call tells; the number of a bubble where that is all that changed."""
        match news:
            case Caption():
                return self.words.take(news, now)
            case CallMoved():
                self._moved(news, now)
            case LegMoved():
                self._leg_moved(news)
            case Reading():
                self._direction(news.speaker).reading = news
                self.session_s += news.session_s
            case LanguageHeard():
                self._direction(news.speaker).heard = news.language
            case Continuity():
                self._continuity(news, wall)
        return None

    @property
    def parties(self) -> tuple[Party, ...]:
        """One of each role: who is there, else whoever moved last."""
        best: dict[Role, Party] = {}
        for party in self._legs.values():
            known = best.get(party.role)
            if known is None or party.state in THERE or known.state not in THERE:
                best[party.role] = party
        return tuple(best[role] for role in Role if role in best)

    def _moved(self, news: CallMoved, now: float) -> None:
        self.state, self.outcome = news.state, news.outcome
        if news.state is CallState.ENDED and self.ended is None:
            self.ended = now

    def _leg_moved(self, news: LegMoved) -> None:
        """The leg that moved last stands last."""
        self._legs.pop(news.leg, None)
        self._legs[news.leg] = Party(news.role, news.language, news.state)
        while len(self._legs) > MOST_LEGS:
            gone = (leg for leg, party in self._legs.items() if party.state not in THERE)
            del self._legs[next(gone, next(iter(self._legs)))]

    def _continuity(self, news: Continuity, wall: float) -> None:
        direction = self._direction(news.speaker)
        match news.event:
            case HandedOver(reason, lost_ms, repeated_ms):
                self._mark(wall, _kind_of(reason), news.speaker, reason.value, lost_ms, repeated_ms)
            case Degraded(trouble):
                direction.failing = trouble.value
                self._mark(wall, MarkKind.DEGRADED, news.speaker, trouble.value)
            case Restored(lost_ms):
                direction.failing = None
                self._mark(wall, MarkKind.RESTORED, news.speaker, "", lost_ms)

    def _mark(
        self, at: float, kind: MarkKind, speaker: Role, why: str, lost_ms: float = 0.0, repeated_ms: float = 0.0
    ) -> None:
        self._marked += 1
        self.marks.append(Mark(self._marked, at, kind, speaker, why, lost_ms, repeated_ms))

    def _direction(self, speaker: Role) -> Direction:
        return self.directions.setdefault(speaker, Direction(speaker))


def _kind_of(reason: Reason) -> MarkKind:
    if reason in PLANNED:
        return MarkKind.HAND_OVER
    return MarkKind.LOST if reason is Reason.LOST else MarkKind.STALL
