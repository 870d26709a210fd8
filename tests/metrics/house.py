"""Instruments of a house in which a test tells what happens, and how they are read."""

from prometheus_client import CollectorRegistry

from telephony.calls.observer import CallMoved, CallNews
from telephony.calls.state import CallState, Outcome
from telephony.metrics.call_metrics import CallMetrics
from telephony.metrics.instruments import CallInstruments, SessionInstruments, SoundInstruments
from telephony.metrics.live_calls import LiveCalls
from telephony.metrics.standing_figures import CallFigures

MINUTE_PRICE = 0.6


class Metered:
    """Calls as a test tells of them, at the time `now`."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.registry = CollectorRegistry()
        self.live = LiveCalls()
        self.metrics = CallMetrics(
            CallInstruments.on(self.registry),
            SessionInstruments.on(self.registry),
            SoundInstruments.on(self.registry),
            self.live,
            MINUTE_PRICE,
            lambda: self.now,
        )
        self.registry.register(CallFigures(self.live, lambda: self.now))

    def tell(self, *news: CallNews, after: float = 0.0) -> None:
        self.now += after
        for each in news:
            self.metrics.tell(each)

    def move(self, *states: CallState, call: str = "one", outcome: Outcome | None = None, after: float = 0.0) -> None:
        for state in states:
            self.tell(CallMoved(call, state, outcome), after=after)

    def figure(self, name: str, **labels: str) -> float | None:
        """The value of one series, None where there is none."""
        return self.registry.get_sample_value(f"telephony_{name}", labels)
