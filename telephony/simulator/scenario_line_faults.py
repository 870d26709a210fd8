"""The tables `[[line_fault]]` of a fixture call: what is wrong with the parties' telephone lines, and when."""

import math

from telephony.simulator.line_fault import LineFault, LineKind
from telephony.simulator.live_api.faults import Hit
from telephony.simulator.scenario_file import ScenarioFile, Table

_KEYS = ("kind", "who", "at", "lasts", "every", "size", "rate", "level", "gain")
_OF_KINDS = {
    LineKind.LOST: ("every",),
    LineKind.DOUBLED: ("every",),
    LineKind.SWAPPED: ("every",),
    LineKind.BUNCHES: ("size",),
    LineKind.RATE: ("rate",),
    LineKind.OFFSET: ("level",),
    LineKind.NOISE: ("level",),
    LineKind.MUSIC: ("level",),
    LineKind.CLIPPED: ("gain",),
}
_LEVELS = {LineKind.NOISE: -45.0, LineKind.MUSIC: -20.0, LineKind.OFFSET: -20.0}
_GAIN = 12.0


def read_line_faults(file: ScenarioFile) -> tuple[LineFault, ...]:
    """Every line fault of the file. Raises ScenarioError."""
    return tuple(map(_fault, file.tables("line_fault", _KEYS)))


def _fault(table: Table) -> LineFault:
    kind = table.choice("kind", LineKind)
    for key in ("every", "size", "rate", "level", "gain"):
        if key in table and key not in _OF_KINDS.get(kind, ()):
            table.refuse(key, f'no "{key}" for the kind "{kind}"')
    default = LineFault(kind)
    return LineFault(
        kind,
        who=table.choice("who", Hit) if "who" in table else default.who,
        at=table.seconds("at"),
        lasts=table.seconds("lasts") if "lasts" in table else math.inf,
        every=_at_least(table, "every", 2, default.every),
        size=_at_least(table, "size", 2, default.size),
        rate=table.factor("rate", 0.5, 2.0, default.rate),
        level=_level(table, kind),
    )


def _level(table: Table, kind: LineKind) -> float:
    if kind is LineKind.CLIPPED:
        return table.factor("gain", 1.0, 60.0, _GAIN)
    return table.factor("level", -80.0, -3.0, _LEVELS.get(kind, LineFault(kind).level))


def _at_least(table: Table, key: str, least: int, default: int) -> int:
    expected = f"a whole number, {least} or more"
    number = table.count(key, expected) if key in table else default
    if number < least:
        table.refuse(key, expected)
    return number
