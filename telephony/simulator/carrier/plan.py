"""What a call is placed with: its first document, where to fall back, whom to tell of its progress. PURE."""

from dataclasses import dataclass, field

from telephony.simulator.carrier.request import Request

EVENTS = ("initiated", "ringing", "answered", "completed")
"""What a status callback may be asked for, in order."""


@dataclass(frozen=True, slots=True)
class Document:
    """TwiML given with a REST request; it has no URL of its own."""

    twiml: str = field(repr=False)


Source = Request | Document


@dataclass(frozen=True, slots=True)
class StatusCallback:
    """Where call progress is reported, and which of `EVENTS`."""

    url: str
    method: str = "POST"
    events: frozenset[str] = frozenset({"completed"})


@dataclass(frozen=True, slots=True)
class Plan:
    """`ring_seconds` is how long an outgoing call rings, `time_limit` how long it may last once answered.

    `machine_detection`: find out who answered before the document is asked for.
    """

    source: Source
    fallback: Request | None = None
    reports: StatusCallback | None = None
    ring_seconds: float = 60.0
    time_limit: float = 14400.0
    machine_detection: bool = False
