"""The report's time axis as HTML: a ruler, the parts of the call, and for each direction what was said, its way, and
what was heard. Every place is given in seconds (`--at`, `--for`); the style sheet turns them into pixels. PURE"""

from collections.abc import Iterable, Sequence

from telephony.replay.parties import clock, language_name
from telephony.replay.phases import Part, Phase
from telephony.replay.report.markup import Markup, element, join
from telephony.replay.report.placing import Placed, place, rows_of
from telephony.replay.report.timeline import Crossing, Direction, Lane, Mark, Stretch
from telephony.replay.report.waveform import COLUMN_S, HEIGHT, extremes, outline, scale, within

TICK = 5
"""Seconds from one label of the ruler to the next."""

FLOW = 100
"""Units a second, and of height, in the picture of the ways."""

PARTS = {Part.MENU: "Menu", Part.RINGING: "Ringing", Part.TALK: "Talk", Part.CLOSING: "Goodbye"}


def sheet(seconds: float, phases: Sequence[Phase], directions: Sequence[Direction], marks: Sequence[Mark]) -> Markup:
    """The whole axis. The times of `marks` are those of the axis."""
    lanes = [lane for direction in directions for lane in (direction.said, direction.heard)]
    units = scale(extremes(lane.pcmu) for lane in lanes)
    rows = [_ruler(seconds), _parts(phases), *([_marks(marks)] if marks else [])]
    for direction in directions:
        rows += _direction(direction, seconds, units)
    playhead = element("div", class_="playhead", aria_hidden="true")
    start = next((phase.began for phase in phases if phase.part is Part.TALK), 0.0)
    style = f"--seconds:{seconds:.3f}"
    return element("div", *rows, playhead, class_="sheet", style=style, data_seconds=seconds, data_start=start)


def _ruler(seconds: float) -> Markup:
    ticks = [element("span", clock(at), class_=_tick(at), style=_at(at)) for at in range(0, int(seconds) + 1, TICK)]
    track = element(
        "div",
        *ticks,
        element("div", class_="flag", aria_hidden="true"),
        class_="track ruler",
        role="slider",
        tabindex="0",
        aria_label="Place in the call",
        aria_valuemin="0",
        aria_valuemax=f"{seconds:.1f}",
        aria_valuenow="0",
        aria_valuetext=f"0:00 of {clock(seconds)}",
    )
    return _row("time", Markup(), track)


def _tick(at: int) -> str:
    """Fewer labels from further away."""
    return "tick" if at % (6 * TICK) == 0 else "tick minor" if at % (2 * TICK) == 0 else "tick minor odd"


def _parts(phases: Iterable[Phase]) -> Markup:
    parts = [
        element("div", element("span", PARTS[p.part]), class_=f"part {p.part}", style=_span(Stretch(p.began, p.ended)))
        for p in phases
    ]
    return _row("parts", Markup(), element("div", *parts, class_="track"))


def _marks(marks: Sequence[Mark]) -> Markup:
    placed = rows_of(marks)
    shown = [
        element(
            "div",
            element("span", mark.label, dir="auto"),
            class_="mark",
            data_kind=mark.kind,
            style=f"{_at(mark.at)};--row:{row}",
        )
        for row, mark in placed
    ]
    rows = f"--rows:{1 + max(row for row, _ in placed)}"
    return _row("marks", Markup(), element("div", *shown, class_="track", style=rows))


def _direction(direction: Direction, seconds: float, units: float) -> list[Markup]:
    said = [crossing.said for crossing in direction.crossings]
    heard = [crossing.heard for crossing in direction.crossings if crossing.heard]
    lost = [at for crossing in direction.crossings for at in crossing.lost]
    of = f"of-{direction.speaker}"
    return [
        _row(f"title {of}", _title(direction), element("div", class_="track")),
        _lane(direction.said, f"{of} said", seconds, units, said),
        _captions(direction.said, f"{of} said", said),
        _row(f"ways {of}", Markup(), _ways(direction.crossings, seconds)),
        _lane(direction.heard, f"{of} heard", seconds, units, heard, lost),
        _captions(direction.heard, f"{of} heard", heard),
    ]


def _title(direction: Direction) -> Markup:
    said, heard = (language_name(lane.language) for lane in (direction.said, direction.heard))
    return element("h3", f"The {direction.speaker}’s words", element("small", f"{said} → {heard}"))


def _lane(
    lane: Lane, kind: str, seconds: float, units: float, stretches: Sequence[Stretch], lost: Iterable[float] = ()
) -> Markup:
    track = element(
        "div",
        *_tints(stretches),
        _wave(lane, seconds, units, stretches),
        *(element("i", class_="lost", style=_at(at), title="A piece sent here was not heard") for at in lost),
        class_="track",
    )
    return _row(f"lane {kind}", _player(lane), track)


def _player(lane: Lane) -> Markup:
    what = f"what the {lane.who} {lane.verb}"
    return join(
        element("button", class_="play", type="button", aria_pressed="false", aria_label=f"Play {what}"),
        element("span", f"{lane.who.capitalize()} {lane.verb}", class_="name"),
        element("audio", src=f"{lane.name}.wav", preload="metadata"),
    )


def _wave(lane: Lane, seconds: float, units: float, stretches: Iterable[Stretch]) -> Markup:
    """The lines in the speaker's colour, and any other sound, such as ringback, without one."""
    sound = extremes(lane.pcmu)
    lines = within(sound, [(stretch.began, stretch.ended) for stretch in stretches])
    other = element("path", class_="other", d=outline(sound - lines, units))
    box = f"0 0 {seconds / COLUMN_S:.2f} {HEIGHT}"
    shown = element("path", d=outline(lines, units))
    return element("svg", other, shown, class_="wave", viewBox=box, preserveAspectRatio="none", aria_hidden="true")


def _captions(lane: Lane, kind: str, stretches: Iterable[Stretch]) -> Markup:
    track = element("div", *_tints(stretches), *map(_caption, place(lane.notes)), class_="track")
    return _row(f"captions {kind}", Markup(), track)


def _caption(placed: Placed) -> Markup:
    note = placed.note
    return element(
        "p",
        note.text,
        class_="caption" if note.language else "caption told",
        style=f"--at:{note.stretch.began:.3f};--for:{placed.room:.3f};grid-row:{placed.row + 1}",
        lang=note.language,
        dir="auto",
        title=None if note.language else "Said by the carrier's voice",
        data_from=note.stretch.began,
        data_until=note.stretch.ended,
    )


def _ways(crossings: Iterable[Crossing], seconds: float) -> Markup:
    """From each line's saying to its hearing; the label is the ear-voice span."""
    crossings = list(crossings)
    shapes = [shape for crossing in crossings if crossing.heard for shape in _way(crossing.said, crossing.heard)]
    box = f"0 0 {seconds * FLOW:.0f} {FLOW}"
    picture = element("svg", *shapes, viewBox=box, preserveAspectRatio="none", aria_hidden="true")
    return element("div", picture, *map(_span_label, crossings), class_="track")


def _way(said: Stretch, heard: Stretch) -> tuple[Markup, Markup]:
    a, b, c, d = (round(at * FLOW) for at in (said.began, said.ended, heard.began, heard.ended))
    half = FLOW // 2
    front = f"M{a} 0C{a} {half} {c} {half} {c} {FLOW}"
    whole = f"{front}L{d} {FLOW}C{d} {half} {b} {half} {b} 0Z"
    return element("path", class_="way", d=whole), element("path", class_="front", d=front)


def _span_label(crossing: Crossing) -> Markup:
    span, line = crossing.line.span, crossing.line.line
    if span is None or crossing.heard is None:
        return element("span", "not heard", class_="span never", style=_at(crossing.said.began))
    middle = (crossing.said.began + crossing.heard.began) / 2
    title = f"Line {line.id}: heard {span:.2f} s after it was said"
    return element("span", f"{span:.1f} s", class_="span", style=_at(middle), title=title)


def _tints(stretches: Iterable[Stretch]) -> list[Markup]:
    return [element("i", class_="tint", style=_span(stretch)) for stretch in stretches]


def _row(kind: str, gutter: Markup, track: Markup) -> Markup:
    return element("div", element("div", gutter, class_="gutter"), track, class_=f"row {kind}")


def _at(at: float) -> str:
    return f"--at:{at:.3f}"


def _span(stretch: Stretch) -> str:
    return f"--at:{stretch.began:.3f};--for:{stretch.ended - stretch.began:.3f}"
