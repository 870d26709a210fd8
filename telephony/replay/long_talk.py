"""A fixture call made long: its lines over and over, each party at its own pace. PURE but for reading recordings."""

from dataclasses import replace
from itertools import cycle
from pathlib import Path

from telephony.simulator import recordings
from telephony.simulator.scenario import End, Line, Scenario, Who

AGAIN = "#"
"""Between a line's id and how often it has been said before."""


def long_talk(scenario: Scenario, seconds: float, pause: float = 2.0, begin: float = 0.5) -> Scenario:
    """The same people for `seconds`, when the caller hangs up. Nobody waits for the other: each says its lines in
    turn, the next one when the last, and its translation, could have been said and `pause` seconds have passed."""
    lines = sorted(
        (line for who in Who for line in _over_and_over(scenario, who, seconds - pause, pause, begin)),
        key=lambda line: line.at,
    )
    return replace(scenario, lines=tuple(lines), end=End(Who.CALLER, at=seconds), expected_end="caller-hung-up")


def said_before(line: str) -> str:
    """The id that a line has in the fixture call."""
    return line.partition(AGAIN)[0]


def _over_and_over(scenario: Scenario, who: Who, until: float, pause: float, at: float) -> list[Line]:
    mine = [line for line in scenario.lines if line.who is who]
    said: list[Line] = []
    for line in cycle(mine):
        length = max(_seconds(line.recording), _seconds(line.translated) * scenario.pace.factor)
        if at + length > until:
            break
        said.append(replace(line, id=f"{line.id}{AGAIN}{len(said) // len(mine)}", at=at))
        at += length + pause
    return said


def _seconds(recording: Path) -> float:
    return recordings.read(recording).size / recordings.RATE
