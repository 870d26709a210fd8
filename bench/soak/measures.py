"""What a soak measures, from the phones' recordings and what the Live API wrote down.

A line counts where its speaker came to its end ten seconds before the call's. A translation is looked for by its sound.
Lines are told apart by whether a leg was out of its stream in their time (killed process, broken socket).
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from bench.soak.calls import Played
from telephony.replay.likeness import Sound, level
from telephony.replay.long_talk import said_before
from telephony.replay.passages import NOWHERE, Passages, passages
from telephony.simulator import mulaw
from telephony.simulator.live_api.lines import as_spoken
from telephony.simulator.scenario import Line, Who

RATE = 8000
FRAME = 160
AUDIBLE = -45.0
HEARD_WITHIN = 12.0
"""Seconds from a line's end in which its translation is looked for."""

MESSAGE = 0.25
LATEST = 10.0
EVERY = 4
"""Of the interpreter's messages, every so many-th is looked for."""

Event = dict[str, Any]


@dataclass
class Lines:
    """Of one kind of line. Seconds."""

    count: int = 0
    sound: float = 0.0
    lost: float = 0.0
    repeated: float = 0.0
    whole: int = 0


@dataclass
class Figures:
    """Of a whole soak. `gaps` are the longest pauses within translations that several sessions spoke, `plain_gaps`
    within those of one; `delays` from a message's leaving the interpreter to its sound at the ear; `again` from the
    service being up again to sound at an ear."""

    smooth: Lines = field(default_factory=Lines)
    cut: Lines = field(default_factory=Lines)
    gaps: list[float] = field(default_factory=list)
    plain_gaps: list[float] = field(default_factory=list)
    delays: list[float] = field(default_factory=list)
    again: list[float] = field(default_factory=list)
    deaf: int = 0
    """Ears that heard nothing between the service being up again and its next kill, or the call's end."""

    faults: Counter[str] = field(default_factory=Counter)
    lines: list[dict[str, object]] = field(default_factory=list)
    """Each line and each ear after each restart by itself, for who looks closer."""


def measured(
    calls: Sequence[Played],
    journal: Iterable[Event],
    live: Path,
    restarts: Sequence[tuple[float, float]],
    *,
    lines: bool = True,
) -> Figures:
    """Everything; without `lines`, which take the longest to look for, calls and restarts alone."""
    figures = Figures()
    events = [json.loads(line) for line in live.read_text("utf-8").splitlines()]
    figures.faults.update(event["kind"] for event in events if event["event"] == "fault")
    spoken: dict[str, list[Event]] = defaultdict(list)
    for event in events:
        if event["event"] == "audio":
            spoken[event["line"]].append(event)
    said = _said(journal)
    speakers = Counter(voices for _, voices in {(call.slot.name, call.slot.voices) for call in calls})
    for call in calls:
        if call.talk.began is None or Who.AGENT not in call.legs:
            continue
        heard = {who: _heard(call, who) for who in Who}
        for line in call.scenario.lines if lines else ():
            if when := said.get((call.legs[line.who].sid, line.id)):
                mine = spoken[f"{call.slot.voices}/{said_before(line.id)}"] if speakers[call.slot.voices] == 1 else []
                _measure(figures, call, line, when, heard[line.who.other], mine)
        _measure_restarts(figures, call, heard, restarts)
    return figures


def write_lines(figures: Figures, path: Path) -> None:
    """One JSON object a line."""
    path.write_text("".join(json.dumps(line) + "\n" for line in figures.lines), encoding="utf-8")


def _said(journal: Iterable[Event]) -> dict[tuple[str, str], tuple[float, float]]:
    """When each line began and ended, by leg and line."""
    began: dict[tuple[str, str], float] = {}
    said: dict[tuple[str, str], tuple[float, float]] = {}
    for entry in journal:
        key = (entry["call"], entry["line"])
        if entry["event"] == "line began":
            began[key] = entry["at"]
        elif key in began:
            said[key] = (began[key], entry["at"])
    return said


def _heard(call: Played, who: Who) -> Sound:
    phone = call.talk.caller if who is Who.CALLER else call.talk.agents[0]
    return mulaw.decode(phone.recording_heard(call.origin, call.until)).astype(np.float32)


def _measure(
    figures: Figures, call: Played, line: Line, when: tuple[float, float], recording: Sound, events: list[Event]
) -> None:
    began, ended = when
    latest = ended + HEARD_WITHIN
    if latest > call.until:
        return
    translation = as_spoken(line, call.scenario.pace).astype(np.float32)
    heard = passages(translation, recording, _place(began, call), _place(latest, call))
    out = any(one < latest and other > began for one, other in call.cuts())
    kind = figures.cut if out else figures.smooth
    kind.count += 1
    kind.sound += float(np.count_nonzero(heard.times >= 0)) * FRAME / RATE
    kind.lost += heard.lost()
    kind.repeated += heard.repeated
    kind.whole += not heard.lost()
    mine = [event for event in events if began <= event["at"] <= latest]
    figures.lines.append(
        {
            "call": call.slot.name,
            "line": line.id,
            "at": round(began - (call.talk.began or 0.0), 2),
            "out_of_stream": out,
            "lost_ms": round(heard.lost() * 1000),
            "repeated_ms": round(heard.repeated * 1000),
            "sessions": sorted({event["session"] for event in mine}),
        }
    )
    if mine and not out:
        several = len({event["session"] for event in mine}) > 1
        (figures.gaps if several else figures.plain_gaps).append(longest_pause(heard))
        figures.delays += _delays(mine[::EVERY], heard, call)


def longest_pause(heard: Passages) -> float:
    """Seconds of the longest break in a translation as it was heard, beyond the pauses of the translation itself."""
    places: npt.NDArray[np.int64] = np.full(heard.times.size, NOWHERE, dtype=np.int64)
    for hearing in reversed(heard.hearings):
        places = np.where(hearing != NOWHERE, hearing, places)
    frames = np.flatnonzero(places != NOWHERE)
    breaks = [int(places[b] - places[a] - (b - a) * FRAME) for a, b in pairwise(frames)]
    return max((*breaks, 0)) / RATE


def _delays(events: list[Event], heard: Passages, call: Played) -> list[float]:
    found = []
    for event in events:
        begin = max(event["position"] // 3, 0)
        places = (place / RATE + call.origin for place in heard.places(begin, begin + round(MESSAGE * RATE)))
        at = next((at for at in places if event["at"] <= at <= event["at"] + LATEST), None)
        found += [] if at is None else [at - event["at"]]
    return found


def _measure_restarts(
    figures: Figures, call: Played, heard: dict[Who, Sound], restarts: Sequence[tuple[float, float]]
) -> None:
    """For each ear that was in the talk when the service was killed: until it heard something again."""
    kills = [*(killed for killed, _ in restarts[1:]), float("inf")]
    for nth, ((killed, up), next_kill) in enumerate(zip(restarts, kills, strict=False)):
        until = min(next_kill, call.until)
        if not (call.talk.began or 0.0) < killed < call.until or until < up + HEARD_WITHIN / 4:
            continue
        for who, recording in heard.items():
            at = first_sound(recording, _place(up, call), _place(until, call))
            after = None if at is None else at / RATE + call.origin - up
            figures.deaf += after is None
            figures.again += [] if after is None else [after]
            figures.lines.append({"call": call.slot.name, "who": who.value, "restart": nth, "heard_after_s": after})


def first_sound(recording: Sound, first: int, last: int) -> int | None:
    """The sample at which anything is heard between two."""
    for begin in range(first, min(last, recording.size - FRAME), FRAME):
        if level(recording[begin : begin + FRAME]) > AUDIBLE:
            return begin
    return None


def _place(at: float, call: Played) -> int:
    return round((at - call.origin) * RATE)
