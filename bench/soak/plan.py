"""What goes wrong in a soak, by its seed: to the Live API's sessions, to a leg's sockets, to the service. PURE"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from random import Random

from telephony.simulator.live_api.faults import AtSession, Fault, Hit, Kind, Refused
from telephony.simulator.live_api.refusal import ABNORMAL, UNAVAILABLE, Refusal
from telephony.simulator.scenario import Scenario

MOST_SESSIONS = 2000
"""Sessions into one language that are dealt with; what comes after is well."""

CHANCES = (
    (25, lambda lot: Fault(Kind.CLOSE, _soon(lot), close=Refusal(ABNORMAL, ""))),
    (15, lambda lot: Fault(Kind.CLOSE, _soon(lot), close=UNAVAILABLE)),
    (25, lambda lot: Fault(Kind.GOAWAY, _soon(lot), seconds_left=10.0)),
    (15, lambda lot: Fault(Kind.STALL, _soon(lot))),
    (10, lambda lot: Fault(Kind.SILENT, _soon(lot))),
    (5, lambda lot: Fault(Kind.TONE, _soon(lot))),
    (3, lambda lot: Fault(Kind.WRONG_LANGUAGE, _soon(lot), language="pt")),
    (2, lambda lot: Fault(Kind.REFUSE, refused=Refused.QUOTA)),
)
"""How likely each is, of a hundred."""


def _soon(lot: Random) -> AtSession:
    return AtSession(lot.uniform(3.0, 45.0))


def with_faults(scenarios: Sequence[Scenario], seed: int, share: float) -> list[Scenario]:
    """The same calls; of the sessions into each language, `share` (0 to 1) come to grief."""
    targets: dict[str, tuple[int, Hit]] = {}
    for nth, call in enumerate(scenarios):
        targets.setdefault(call.agent_language, (nth, Hit.CALLER))
        targets.setdefault(call.caller_language, (nth, Hit.AGENT))
    return [
        replace(
            call,
            faults=tuple(
                fault
                for target, (owner, who) in targets.items()
                if owner == nth
                for fault in _faults(Random(f"{seed} {target}"), who, share)  # noqa: S311 -- nothing secret
            ),
        )
        for nth, call in enumerate(scenarios)
    ]


def _faults(lot: Random, who: Hit, share: float) -> list[Fault]:
    weights, makers = zip(*CHANCES, strict=True)
    return [
        replace(lot.choices(makers, weights)[0](lot), who=who, session=session)
        for session in range(1, MOST_SESSIONS + 1)
        if lot.random() < share
    ]


class Trouble(StrEnum):
    """What happens to the service."""

    KILL = "kill"
    """SIGKILL, and started again."""

    LOCK = "lock"
    """Somebody else holds the store's lock."""


@dataclass(frozen=True, slots=True)
class Blow:
    """`after` seconds since the one before is over; `lasts` for a lock."""

    trouble: Trouble
    after: float
    lasts: float = 0.0


def blows(seed: int, pause: float) -> "list[Blow]":
    """What happens to the service, in order, `pause` seconds apart on average."""
    lot = Random(f"{seed} service")  # noqa: S311 -- nothing secret
    return [
        Blow(lot.choice((Trouble.KILL, Trouble.LOCK)), lot.uniform(0.5, 1.5) * pause, lot.uniform(2.0, 12.0))
        for _ in range(MOST_SESSIONS)
    ]


def sockets_break_after(seed: int, call: int) -> float | None:
    """Seconds after which each of a caller's media streams breaks off; None in two calls of three."""
    lot = Random(f"{seed} sockets {call}")  # noqa: S311 -- nothing secret
    return lot.uniform(15.0, 40.0) if lot.random() < 1 / 3 else None
