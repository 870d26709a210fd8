"""The figures of a soak as a table."""

from collections import Counter
from collections.abc import Sequence

from rich.table import Table

from bench.soak.calls import Played
from bench.soak.growth import MIB, Growth
from bench.soak.measures import Figures, Lines
from bench.soak.world import World
from telephony.replay.measures import percentile


def table_of(world: World, calls: Sequence[Played], figures: Figures, growth: Growth | None, title: str) -> Table:
    table = Table("what", "figure", title=title)
    outcomes = Counter(call.outcome for call in calls)
    minutes = sum(call.until - (call.talk.began or call.until) for call in calls) / 60
    table.add_row("calls", f"{len(calls)}; {minutes:.1f} minutes of talk")
    for outcome, count in outcomes.most_common():
        table.add_row(f"  {outcome}", str(count))
    table.add_row("calls lost", str(sum(call.lost for call in calls)))
    table.add_row("restarts survived", f"{len(world.restarts)} (kill -9); each took {_spread(_took(world))}")
    table.add_row("store locks", str(world.locks))
    table.add_row("media streams broken", str(sum(len(call.cuts()) for call in calls)))
    table.add_row("Live API faults", ", ".join(f"{kind} {n}" for kind, n in figures.faults.most_common()) or "none")
    table.add_row("lines on whole streams", _lines(figures.smooth))
    table.add_row("lines on broken streams", _lines(figures.cut))
    table.add_row("longest pause in a line, one session", _spread(figures.plain_gaps))
    table.add_row("longest pause in a line, hand-over", _spread(figures.gaps))
    table.add_row("from the interpreter to the ear", _spread(figures.delays))
    table.add_row("backlog p95", _seconds(percentile(figures.delays, 0.95)))
    table.add_row("first sound once up again", f"{_spread(figures.again)}; {figures.deaf} heard none")
    table.add_row("frames sent late (this machine)", _spread([late for call in calls for late in call.late()]))
    for row in _growth(growth):
        table.add_row(*row)
    return table


def _growth(growth: Growth | None) -> list[tuple[str, str]]:
    if growth is None:
        return []
    first, most, last = (size / MIB for size in growth.rss)
    return [
        (
            "memory of the last process",
            (
                f"{first:.0f} MiB, most {most:.0f}, {last:.0f} after {growth.seconds:.0f} s; "
                f"most of all {growth.most_rss / MIB:.0f}"
            ),
        ),
        ("its tasks", "{}, most {}, {} when all calls were over".format(*growth.tasks)),
        ("its open files", "{}, most {}, {} when all calls were over".format(*growth.files)),
    ]


def _took(world: World) -> list[float]:
    return [up - killed for killed, up in world.restarts]


def _lines(lines: Lines) -> str:
    return (
        f"{lines.count}, {lines.whole} heard whole; of {lines.sound:.0f} s lost {lines.lost * 1000:.0f} ms, "
        f"repeated {lines.repeated * 1000:.0f} ms"
    )


def _spread(values: list[float]) -> str:
    if not values:
        return "none"
    p50, p99 = (_seconds(percentile(values, share)) for share in (0.5, 0.99))
    return f"{len(values)}: p50 {p50}, p99 {p99}, most {_seconds(max(values))}"


def _seconds(value: float | None) -> str:
    return "none" if value is None else f"{value * 1000:.0f} ms" if value < 10 else f"{value:.1f} s"
