"""What has to be remembered of a call while it goes on, to measure it. PURE"""

from collections import Counter, OrderedDict
from dataclasses import dataclass, field

from telephony.calls.observer import Role
from telephony.calls.state import CallState

MOST = 10_000
"""Calls, and lines of phones, that are remembered; beyond it the oldest are forgotten."""

FRESH_S = 3.0
"""Seconds after a sign of a session in which it is taken to be there; there is one every second."""


@dataclass(slots=True)
class LiveCall:
    """Times are monotonic seconds."""

    began: float
    state: CallState
    sought_at: float | None = None
    """When an agent began to be sought."""
    talked: bool = False
    ringing: dict[str, float] = field(default_factory=dict)
    """Legs that ring, since when."""
    sessions: dict[Role, float] = field(default_factory=dict)
    """The last sign of each direction's session."""
    ear_voice: dict[Role, float] = field(default_factory=dict)
    failing: set[Role] = field(default_factory=set)


class LiveCalls:
    """The calls of this process, by id, and what their lines have told so far."""

    def __init__(self) -> None:
        self._calls: OrderedDict[str, LiveCall] = OrderedDict()
        self._lines: OrderedDict[tuple[str, str], dict[str, float]] = OrderedDict()

    def find(self, call: str) -> LiveCall | None:
        return self._calls.get(call)

    def moved(self, call: str, state: CallState, now: float) -> LiveCall:
        """The call, in its new state; a new one if it was not known."""
        live = self._calls.setdefault(call, LiveCall(now, state))
        live.state = state
        if state is CallState.ENDED:
            del self._calls[call]
        while len(self._calls) > MOST:
            self._calls.popitem(last=False)
        return live

    def new_of_line(self, call: str, leg: str, figures: dict[str, float]) -> dict[str, float]:
        """By how much the figures of a leg's line have grown since they were told before."""
        before = self._lines.pop((call, leg), {})
        self._lines[call, leg] = dict(figures)
        while len(self._lines) > MOST:
            self._lines.popitem(last=False)
        return {kind: max(0.0, figure - before.get(kind, 0.0)) for kind, figure in figures.items()}

    def by_state(self) -> Counter[CallState]:
        return Counter(call.state for call in self._calls.values())

    def sessions(self, now: float) -> int:
        """Directions with a session."""
        return sum(now - sign < FRESH_S for call in self._calls.values() for sign in call.sessions.values())

    def failing(self) -> int:
        """Directions whose interpretation cannot be had for now."""
        return sum(len(call.failing) for call in self._calls.values())
