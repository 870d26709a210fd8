"""Where captions and marks stand so that none covers another: each at its time, in as many rows as it takes. PURE"""

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len

from telephony.replay.report.timeline import Mark, Note

PIXELS_A_SECOND = 44
"""The zoom at which captions are meant to be read."""

CELL = 6.8
"""Pixels of a letter of Latin script in a caption; an ideograph takes two."""

MARGIN = 3
"""Letters of room that a mark takes beside its label, for its sign and some air."""

LINES, LINES_TOLD = 4, 2
"""Lines that a caption should not exceed. The carrier's voice has time: it speaks before the talk and after."""

LEAST = 2.2
"""Seconds of room that the shortest caption is given."""


@dataclass(frozen=True, slots=True)
class Placed:
    """`room` is the caption's width in seconds."""

    note: Note
    row: int
    room: float


def place(notes: Sequence[Note]) -> list[Placed]:
    """Captions in order of time; each in the first row whose last one has had the room that it needs."""
    rows: list[list[Note]] = []
    for note in sorted(notes, key=lambda note: note.stretch.began):
        free = (row for row in rows if row[-1].stretch.began + _needed(row[-1]) <= note.stretch.began)
        row = next(free, None)
        if row is None:
            rows.append(row := [])
        row.append(note)
    return [
        Placed(note, number, _room(note, following))
        for number, row in enumerate(rows)
        for note, following in zip(row, [*row[1:], None], strict=True)
    ]


def rows_of(marks: Sequence[Mark]) -> list[tuple[int, Mark]]:
    """Marks in order of time, each with the first row in which its label covers none before it."""
    ends: list[float] = []
    placed = []
    for mark in sorted(marks, key=lambda mark: mark.at):
        row = next((row for row, end in enumerate(ends) if end <= mark.at), len(ends))
        ends[row:] = [mark.at + (cell_len(mark.label) + MARGIN) * CELL / PIXELS_A_SECOND, *ends[row + 1 :]]
        placed.append((row, mark))
    return placed


def _needed(note: Note) -> float:
    return _width(note, LINES)


def _width(note: Note, lines: int) -> float:
    """Seconds of room in which the text takes no more than so many lines."""
    return max(LEAST, cell_len(note.text) * CELL / lines / PIXELS_A_SECOND)


def _room(note: Note, following: Note | None) -> float:
    wanted = max(_width(note, LINES if note.language else LINES_TOLD), note.stretch.ended - note.stretch.began)
    return wanted if following is None else min(wanted, following.stretch.began - note.stretch.began)
