"""What was wrong with the parties' telephone lines: as the carrier's end broke them, and as the service counted it."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from telephony.audio.line_check import LineFigures
from telephony.calls.observer import CallNews, LineTrouble
from telephony.simulator.line_fault import LineKind
from telephony.simulator.scenario import Who

_MESSAGES = (LineKind.LOST, LineKind.DOUBLED, LineKind.SWAPPED)
"""Kinds that hit single messages."""


@dataclass(frozen=True, slots=True)
class PhoneLine:
    """`inflicted`: by kind of `LineFault`, how many frames of 20 ms it hit. `counted`: `LineFigures` by name, of all
    the party's streams; None where the service told nothing."""

    inflicted: Mapping[str, int] = field(default_factory=dict)
    counted: Mapping[str, float] | None = None

    @property
    def troubled(self) -> bool:
        return bool(self.inflicted) or self.figures.troubled

    @property
    def figures(self) -> LineFigures:
        """What was counted; names that are none of its figures are passed over."""
        known = {name: value for name, value in (self.counted or {}).items() if name in LineFigures.__slots__}
        return LineFigures(**known)  # type: ignore[arg-type]


class LinesTold:
    """Remembers the latest that the service told of each party's line."""

    def __init__(self) -> None:
        self.counted: dict[Who, Mapping[str, float]] = {}

    def tell(self, news: CallNews) -> None:
        if isinstance(news, LineTrouble) and str(news.role) in set(Who):
            self.counted[Who(str(news.role))] = news.figures


def phone_lines(
    inflicted: Iterable[tuple[Who, Mapping[str, int]]], counted: Mapping[Who, Mapping[str, float]]
) -> dict[Who, PhoneLine]:
    """Both parties' lines; `inflicted` by streams, of which a party may have several."""
    frames: dict[Who, Counter[str]] = {who: Counter() for who in Who}
    for who, hit in inflicted:
        frames[who].update({str(kind): count for kind, count in hit.items()})
    return {who: PhoneLine(dict(frames[who]), counted.get(who)) for who in Who}


def inflicted_words(line: PhoneLine) -> str:
    """What the carrier's end did to a line, for people."""
    hit = [
        f"{count} {kind}" if kind in _MESSAGES else f"{kind} {count * 0.02:.1f} s"
        for kind, count in line.inflicted.items()
    ]
    return ", ".join(hit) or "nothing"


def counted_words(line: PhoneLine) -> str:
    """What the service counted on it."""
    if line.counted is None:
        return "nothing told"
    f = line.figures
    counts = {
        "lost": f.lost,
        "doubled": f.doubled,
        "put back in order": f.out_of_order,
        "bunches": f.bunches,
        "stops": f.stops,
    }
    seconds = {
        "stopped": f.stopped_ms,
        "at a wrong rate": f.off_rate_ms,
        "with an offset": f.offset_ms,
        "clipped": f.clipped_ms,
        "of zeros": f.zeros_ms,
        "of keys silenced": f.blanked_ms,
    }
    told = [f"{count:.0f} {what}" for what, count in counts.items() if count]
    told += [f"{milliseconds / 1000:.1f} s {what}" for what, milliseconds in seconds.items() if milliseconds]
    return ", ".join(told) or "nothing"
