"""Figures that are asked for when they are fetched: how many calls there are now, how far behind the store is."""

from collections.abc import Callable, Iterator

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from telephony.calls.clock import Clock
from telephony.calls.state import CallState
from telephony.metrics.live_calls import LiveCalls
from telephony.metrics.readiness import NotReady, Standing, Thresholds, against

STATES = tuple(state for state in CallState if state is not CallState.ENDED)


class CallFigures(Collector):
    """Of the calls that go on."""

    def __init__(self, live: LiveCalls, clock: Clock) -> None:
        self._live = live
        self._clock = clock

    def collect(self) -> Iterator[Metric]:
        calls = GaugeMetricFamily("telephony_calls_live", "Calls that go on, by state.", labels=["state"])
        counts = self._live.by_state()
        for state in STATES:
            calls.add_metric([state.value], counts[state])
        yield calls
        yield _gauge("sessions_live", "Directions with an interpretation session.", self._live.sessions(self._clock()))
        yield _gauge("directions_failing", "Directions without interpretation for now.", self._live.failing())


class StandingFigures(Collector):
    """Of the house, and why it takes no new calls."""

    def __init__(self, standing: Callable[[], Standing], thresholds: Thresholds) -> None:
        self._standing = standing
        self._thresholds = thresholds

    def collect(self) -> Iterator[Metric]:
        standing = self._standing()
        reasons = against(standing, self._thresholds)
        yield _gauge("ready", "1 while new calls may be sent here.", not reasons)
        not_ready = GaugeMetricFamily("telephony_not_ready", "1 for each reason against new calls.", labels=["reason"])
        for reason in NotReady:
            not_ready.add_metric([reason.value], reason in reasons)
        yield not_ready
        if standing.most_calls is not None:
            yield _gauge("calls_most", "Calls at once that are taken.", standing.most_calls)
        yield _gauge("event_loop_lag_p99_seconds", "Of the last ten seconds.", standing.loop_lag_p99_s)
        yield _gauge("spent_today", "Spend of this UTC day, in the minute price's currency.", standing.spent_today)
        yield _gauge("store_behind", "Records that are not written yet.", standing.store_behind)
        yield _gauge("store_waits_seconds", "Age of the oldest of them.", standing.store_waits_s)
        yield CounterMetricFamily("telephony_store_dropped", "Records never written.", value=standing.store_dropped)


def _gauge(name: str, text: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"telephony_{name}", text, value=float(value))
