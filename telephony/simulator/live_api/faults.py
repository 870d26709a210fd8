"""What sessions of the simulated Live API are made to suffer, as a fixture call or a test asks for it. PURE

A `Fault` says what goes wrong, in which sessions, and when. `fault_plan.py` deals the faults out to sessions as they
are opened; `troubled_model.py` makes them happen, behind a socket and in memory alike.
"""

from dataclasses import dataclass
from enum import StrEnum

from telephony.simulator.live_api.refusal import (
    ABORTED,
    KEY,
    QUOTA,
    Refusal,
    unknown_model,
    unsupported_language,
)


class Kind(StrEnum):
    """What goes wrong."""

    GOAWAY = "goaway"
    """The end is announced `seconds_left` before it comes."""

    CLOSE = "close"
    """The connection is closed; 1006 is a TCP connection that is aborted without a close frame."""

    STALL = "stall"
    """Nothing is sent any more. The socket stays open, and what the client sends is taken."""

    SILENT = "silent"
    """Messages go on, and hold zeros only; no transcript comes."""

    TONE = "tone"
    """Messages go on, and hold a tone only; no transcript comes."""

    WRONG_LANGUAGE = "wrong-language"
    """The transcript of what is said names another language than was asked for."""

    REFUSE = "refuse"
    """No session is given."""


class Hit(StrEnum):
    """Whose words the sessions interpret that are hit."""

    CALLER = "caller"
    AGENT = "agent"
    BOTH = "both"


class Refused(StrEnum):
    """Why no session is given."""

    QUOTA = "quota"
    TOO_MANY_REQUESTS = "too-many-requests"
    KEY = "key"
    MODEL = "model"
    LANGUAGE = "language"


TOO_MANY_REQUESTS = 429
SECONDS_LEFT = 50.0
"""What a real goAway was seen to say."""

QUOTA_AFTER = 0.8
"""Seconds after the setup until a spent quota is told (seen so by several projects)."""


@dataclass(frozen=True, slots=True)
class AtSession:
    """Seconds of the session, from its setupComplete."""

    seconds: float


@dataclass(frozen=True, slots=True)
class AtTalk:
    """Seconds of the talk. The Live API learns when that began from the first line it recognises: a fault meant for
    earlier comes then, and all of them as much late as sound takes to arrive."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Heard:
    """Seconds of sound that the session has been sent."""

    seconds: float


@dataclass(frozen=True, slots=True)
class OfLine:
    """When the session has been sent this share (0 to 1) of a line, but not before it has understood the line."""

    line: str
    share: float


@dataclass(frozen=True, slots=True)
class AtRandom:
    """Some second of the session between two; the same one for the same seed, direction and session."""

    first: float
    last: float
    seed: int


Trigger = AtSession | AtTalk | Heard | OfLine | AtRandom


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that goes wrong in the `session`-th session of a direction, or in so many `sessions` from that one on
    (None: in all). Sessions count from 1, with those that are refused."""

    kind: Kind
    trigger: Trigger = AtSession(0.0)
    who: Hit = Hit.BOTH
    session: int = 1
    sessions: int | None = 1
    seconds_left: float = SECONDS_LEFT
    close: Refusal = ABORTED
    """How a goaway ends, or what a close is."""

    language: str = ""
    """What a wrong language is called."""

    refused: Refused = Refused.QUOTA

    def hits(self, session: int) -> bool:
        return self.session <= session and (self.sessions is None or session < self.session + self.sessions)


def refusal_of(refused: Refused, target: str | None, model: str, version: str = "v1beta") -> Refusal:
    """The close that the service answers a setup with."""
    match refused:
        case Refused.KEY:
            return KEY
        case Refused.MODEL:
            return unknown_model(model, version)
        case Refused.LANGUAGE:
            return unsupported_language(target or "", model)
        case _:
            return QUOTA


@dataclass(frozen=True, slots=True)
class Faults:
    """What every session suffers that is opened while this is set, besides what its calls say. Nothing, by default."""

    http_status: int | None = None
    """The handshake is answered with this status, as 401, 429 or 503."""

    refusal: Refusal | None = None
    """The setup is answered with this close, `refusal_after` seconds later."""

    refusal_after: float = 0.0

    refusal_completes: bool = False
    """The setup is answered with setupComplete first."""

    close: Refusal | None = None
    """A session that runs is closed so, at the first of the two that is set."""

    close_after_s: float | None = None
    close_after_bytes: int | None = None
    """Bytes of sound heard."""
