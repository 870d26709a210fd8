"""The few figures that a played call comes down to, for the summary, the report and `--json`. Seconds, and counts."""

from collections.abc import Mapping
from dataclasses import dataclass

from telephony.replay.evidence import Evidence
from telephony.replay.measures import LEFT, HeardLine, Measures, percentile
from telephony.simulator.scenario import Who


@dataclass(frozen=True, slots=True)
class Figures:
    """None where there was nothing to measure. `up` is from a phone to the interpreter, `down` from it to a phone."""

    span_p50: float | None
    span_max: float | None
    up_p50: float | None
    up_p99: float | None
    down_p50: float | None
    down_p99: float | None
    underruns: Mapping[Who, int]
    pieces: int
    """Messages with sound that the interpreter sent."""

    missing: int
    """Those of them that the listener, while on the line, did not hear, nor the same from another session."""

    longest_gap: float
    lost_ms: int
    """Of all translations: what should have been heard and was not, and what was heard again."""

    repeated_ms: int


def figures(evidence: Evidence, measures: Measures) -> Figures:
    """What this call comes down to."""
    lines = measures.lines
    return Figures(
        span_p50=percentile(measures.spans, 0.5),
        span_max=max(measures.spans, default=None),
        up_p50=percentile(measures.delays_up, 0.5),
        up_p99=percentile(measures.delays_up, 0.99),
        down_p50=percentile(measures.delays_down, 0.5),
        down_p99=percentile(measures.delays_down, 0.99),
        underruns={who: evidence.underruns.get(who, 0) for who in Who},
        pieces=sum(len(line.messages) for line in lines if not line.direct),
        missing=sum(len(missing(evidence, line)) for line in lines),
        longest_gap=max((line.gap for line in lines), default=0.0),
        lost_ms=round(1000 * sum(line.lost for line in lines)),
        repeated_ms=round(1000 * sum(line.repeated for line in lines)),
    )


def missing(evidence: Evidence, line: HeardLine) -> list[float]:
    """When the messages of a line were sent that the listener should have heard and did not."""
    if line.direct:
        return []
    left = evidence.talk_ended.get(line.line.who.other, evidence.until)
    return [message.sent for message in line.messages if message.missing and message.sent < left - LEFT]
