"""The instruments: every figure that is told as it happens, with its unit, its labels and its steps.

Names and units after prometheus.io/docs/practices/naming: base units, `_total` for what only grows.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from prometheus_client import CollectorRegistry, Counter, Histogram

from telephony.calls.guards.reason import Reason
from telephony.calls.observer import Role
from telephony.calls.state import Outcome
from telephony.engines.base import Reason as HandOverReason
from telephony.engines.base import Trouble

INF = float("inf")
DELAY_STEPS = (0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1, 1.5, 2, 3, 5, 10, INF)
SPAN_STEPS = (0.5, 1, 1.5, 2, 2.5, 3, 3.5, 4, 5, 6, 8, 10, 15, INF)
ANSWER_STEPS = (1, 2, 5, 10, 15, 20, 30, 45, 60, 120, 300, 600, INF)
CALL_STEPS = (10, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, INF)
WEBHOOK_STEPS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15, INF)
LAG_STEPS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 5, INF)
LEVEL_STEPS = (-60, -50, -40, -35, -30, -25, -20, -15, -10, -5, 0, INF)

TALKERS = (Role.CALLER, Role.AGENT)
AGENT_PIN = "agent-pin"
OTHER = "other"
TURNED_AWAY = (*(reason.value for reason in Reason), AGENT_PIN, OTHER)

FAULT_COUNTS = ("lost", "late", "out_of_order", "doubled", "renumbered", "stops", "bunches")
FAULT_TIMES = ("stopped_ms", "off_rate_ms", "offset_ms", "clipped_ms", "zeros_ms")
"""Of a line's figures, those that add up."""


class Result(StrEnum):
    """What a hand-over was to the ear."""

    WHOLE = "whole"
    REPEATED = "repeated"
    """Something was said twice, nothing was lost."""
    LOST = "lost"
    """Something that was said will not be interpreted."""


def _counter(registry: CollectorRegistry, name: str, text: str, **labels: Iterable[str]) -> Counter:
    """With a series for each value from the start, so that the first one counted is a rise, too."""
    counter = Counter(f"telephony_{name}", text, tuple(labels), registry=registry)
    chosen: list[tuple[str, ...]] = [()]
    for values in labels.values():
        fixed = tuple(values)
        chosen = [(*before, value) for before in chosen for value in fixed]
    for values in chosen if labels else ():
        counter.labels(*values)
    return counter


def _histogram(
    registry: CollectorRegistry, name: str, text: str, steps: tuple[float, ...], labels: tuple[str, ...] = ()
) -> Histogram:
    return Histogram(f"telephony_{name}", text, labels, registry=registry, buckets=steps)


@dataclass(frozen=True, slots=True)
class CallInstruments:
    """Of calls. `speaker` is whose voice a direction carries."""

    ended: Counter
    lasted: Histogram
    answered: Histogram
    leg_answered: Histogram
    turned_away: Counter
    language_heard: Counter

    @classmethod
    def on(cls, registry: CollectorRegistry) -> "CallInstruments":
        return cls(
            _counter(registry, "calls", "Calls that are over.", outcome=Outcome),
            _histogram(registry, "call_seconds", "From a call's first sign to its end.", CALL_STEPS),
            _histogram(registry, "answer_seconds", "From the search for an agent to the talk.", ANSWER_STEPS),
            _histogram(registry, "leg_answer_seconds", "From ringing to answered.", ANSWER_STEPS, ("role",)),
            _counter(registry, "calls_refused", "Calls that were not taken.", reason=TURNED_AWAY),
            _counter(registry, "languages_heard", "Times a language was told by ear.", speaker=TALKERS),
        )


@dataclass(frozen=True, slots=True)
class SessionInstruments:
    """Of interpretation."""

    setup: Histogram
    hand_overs: Counter
    hand_over_gap: Histogram
    source_lost: Counter
    source_repeated: Counter
    degraded: Counter
    seconds: Counter
    cost: Counter

    @classmethod
    def on(cls, registry: CollectorRegistry) -> "SessionInstruments":
        return cls(
            _histogram(registry, "session_setup_seconds", "From asking for a session to having it.", DELAY_STEPS),
            _counter(
                registry,
                "hand_overs",
                "Times one connection took over from another; stuck, stalled and unanswered are stalls.",
                reason=HandOverReason,
                result=Result,
            ),
            _histogram(registry, "hand_over_gap_seconds", "How long nobody could speak.", DELAY_STEPS),
            _counter(registry, "source_lost_seconds", "Voice never interpreted.", cause=("hand-over", "outage")),
            _counter(registry, "source_repeated_seconds", "Voice whose translation was heard twice."),
            _counter(registry, "degraded", "Times a direction had no interpretation.", trouble=Trouble),
            _counter(registry, "session_seconds", "Seconds of sessions, which are paid for.", speaker=TALKERS),
            _counter(registry, "cost", "Price of the sessions, in the currency of the minute's price."),
        )


@dataclass(frozen=True, slots=True)
class SoundInstruments:
    """Of what is heard. Levels in dBFS, of moments with sound only."""

    ear_voice: Histogram
    own_delay: Histogram
    lag: Histogram
    heard: Histogram
    spoken: Histogram
    line_faults: Counter
    line_fault_seconds: Counter

    @classmethod
    def on(cls, registry: CollectorRegistry) -> "SoundInstruments":
        who = ("speaker",)
        times = tuple(kind.removesuffix("_ms") for kind in FAULT_TIMES)
        return cls(
            _histogram(registry, "ear_voice_seconds", "From a phrase to its translation.", SPAN_STEPS, who),
            _histogram(registry, "own_delay_seconds", "What this service itself adds.", DELAY_STEPS, who),
            _histogram(registry, "lag_seconds", "How far behind the listener hears.", DELAY_STEPS, who),
            _histogram(registry, "heard_dbfs", "The speaker's voice, loudest 20 ms a second.", LEVEL_STEPS, who),
            _histogram(registry, "spoken_dbfs", "The translation, loudest 20 ms a second.", LEVEL_STEPS, who),
            _counter(registry, "line_faults", "Faults of a phone's line.", role=Role, kind=FAULT_COUNTS),
            _counter(registry, "line_fault_seconds", "Sound with a fault of the line.", role=Role, kind=times),
        )


@dataclass(frozen=True, slots=True)
class ProcessInstruments:
    """Of this process."""

    webhook: Histogram
    loop_lag: Histogram
    loop_blocked: Counter
    loop_blocked_seconds: Counter

    @classmethod
    def on(cls, registry: CollectorRegistry) -> "ProcessInstruments":
        return cls(
            _histogram(registry, "webhook_seconds", "Time to an answer.", WEBHOOK_STEPS, ("route", "status")),
            _histogram(registry, "event_loop_lag_seconds", "How late the event loop is.", LAG_STEPS),
            _counter(registry, "event_loop_blocked", "Times this process blocked its event loop."),
            _counter(registry, "event_loop_blocked_seconds", "For how long it did."),
        )
