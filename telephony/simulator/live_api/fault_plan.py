"""Which session gets which faults: sessions are counted as they are asked for, in each direction by itself. PURE"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from random import Random

from telephony.simulator.live_api.faults import (
    QUOTA_AFTER,
    TOO_MANY_REQUESTS,
    AtRandom,
    AtSession,
    Fault,
    Faults,
    Heard,
    Hit,
    Kind,
    OfLine,
    Refused,
    refusal_of,
)
from telephony.simulator.live_api.lines import HEARD_RATE
from telephony.simulator.live_api.refusal import Refusal
from telephony.simulator.live_api.setup import TRANSLATE_MODEL
from telephony.simulator.scenario import Scenario, Who


@dataclass(frozen=True, slots=True)
class Refusing:
    """How a session is refused: `after` so many seconds, and whether setupComplete is sent before."""

    refusal: Refusal
    after: float = 0.0
    completes: bool = False
    refused: Refused | None = None
    """None: not because a call says so."""


@dataclass(frozen=True, slots=True)
class Lot:
    """What one session has to suffer: it is refused, or these faults come in their time."""

    refusing: Refusing | None = None
    faults: tuple[Fault, ...] = ()

    def with_these(self, faults: Faults) -> "Lot":
        """Adds what every session suffers now."""
        refusing = self.refusing
        if faults.refusal:
            refusing = Refusing(faults.refusal, faults.refusal_after, faults.refusal_completes)
        return Lot(refusing, (*self.faults, *_closes(faults)))


class TalkClock:
    """When the talk began, as far as a Live API can tell: from where lines lie in it, and when they were heard."""

    def __init__(self, scenarios: Iterable[Scenario] = ()) -> None:
        calls = tuple(scenarios)
        self.began: float | None = None
        self._lines = {_name(call, line.id, calls): line.at for call in calls for line in call.lines}

    def heard(self, line: str, at: float, position: float) -> None:
        """The place `position` seconds into this line arrived `at`."""
        if self.began is None and line in self._lines:
            self.began = at - position - self._lines[line]


class FaultPlan:
    """Deals out the faults of these calls to the sessions of one Live API."""

    def __init__(self, scenarios: Iterable[Scenario] = ()) -> None:
        calls = tuple(scenarios)
        self.talk = TalkClock(calls)
        self._faults = [(call, _of(call, fault, calls)) for call in calls for fault in call.faults]
        self._handshakes = 0
        self._sessions: Counter[str | None] = Counter()

    def handshake(self) -> int | None:
        """One more client is there: the HTTP status that it is turned away with, if it is.

        Nobody knows yet which direction it is for: handshakes are counted together.
        """
        self._handshakes += 1
        turned = any(_at_handshake(fault) and fault.hits(self._handshakes) for _, fault in self._faults)
        return TOO_MANY_REQUESTS if turned else None

    def session(self, target: str | None, model: str = TRANSLATE_MODEL) -> Lot:
        """One more session into this language has been asked for."""
        self._sessions[target] += 1
        nth = self._sessions[target]
        mine = [fault for call, fault in self._faults if target in _targets(call, fault.who) and fault.hits(nth)]
        refusing = next(
            (
                Refusing(refusal_of(fault.refused, target, model), QUOTA_AFTER, refused=fault.refused)
                for fault in mine
                if fault.kind is Kind.REFUSE and not _at_handshake(fault)
            ),
            None,
        )
        return Lot(refusing, tuple(_drawn(fault, target, nth) for fault in mine if fault.kind is not Kind.REFUSE))


def _at_handshake(fault: Fault) -> bool:
    return fault.kind is Kind.REFUSE and fault.refused is Refused.TOO_MANY_REQUESTS


def _targets(call: Scenario, who: Hit) -> set[str]:
    """A session into the agent's language interprets the caller."""
    agents, callers = call.wanted(Who.AGENT), call.wanted(Who.CALLER)
    return {Hit.CALLER: {agents}, Hit.AGENT: {callers}}.get(who, {agents, callers})


def _of(call: Scenario, fault: Fault, calls: tuple[Scenario, ...]) -> Fault:
    """The fault with its line under the name that the interpreter knows it by."""
    match fault.trigger:
        case OfLine(line, share):
            return replace(fault, trigger=OfLine(_name(call, line, calls), share))
    return fault


def _name(call: Scenario, line: str, calls: tuple[Scenario, ...]) -> str:
    return line if len(calls) == 1 else f"{call.folder.name}/{line}"


def _drawn(fault: Fault, target: str | None, nth: int) -> Fault:
    match fault.trigger:
        case AtRandom(first, last, seed):
            drawn = Random(f"{seed} {target} {nth}").uniform(first, last)  # noqa: S311 -- nothing secret
            return replace(fault, trigger=AtSession(drawn))
    return fault


def _closes(faults: Faults) -> Iterable[Fault]:
    if faults.close and faults.close_after_s is not None:
        yield Fault(Kind.CLOSE, AtSession(faults.close_after_s), close=faults.close)
    if faults.close and faults.close_after_bytes is not None:
        yield Fault(Kind.CLOSE, Heard(faults.close_after_bytes / 2 / HEARD_RATE), close=faults.close)
