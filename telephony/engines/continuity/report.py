"""What a session's hand-overs cost, counted. PURE"""

from collections import Counter, deque
from dataclasses import dataclass, field

from telephony.engines.base import HandedOver, Reason, Trouble

MOST_GAPS = 1000


@dataclass(slots=True)
class Report:
    """Grows with the session. Milliseconds as in `HandedOver`."""

    opened: int = 0
    refused: Counter[Trouble] = field(default_factory=Counter)
    hand_overs: Counter[Reason] = field(default_factory=Counter)
    replayed_ms: float = 0.0
    repeated_ms: float = 0.0
    lost_ms: float = 0.0
    gaps_ms: deque[float] = field(default_factory=lambda: deque(maxlen=MOST_GAPS))
    """Of the last hand-overs."""
    degraded: int = 0
    afterthoughts: int = 0
    """Times an old connection spoke again after it was taken to be done."""
    dropped_events: int = 0
    """Events that nobody fetched in time."""

    def add(self, handed_over: HandedOver) -> None:
        self.hand_overs[handed_over.reason] += 1
        self.replayed_ms += handed_over.replayed_ms
        self.repeated_ms += handed_over.repeated_ms
        self.lost_ms += handed_over.lost_ms
        self.gaps_ms.append(handed_over.gap_ms)
