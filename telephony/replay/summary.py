"""What a played call came to: for people on a terminal, and as JSON for programs."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Column, Table
from rich.text import Text

from telephony.replay.evidence import Evidence, SessionMark
from telephony.replay.figures import Figures, figures, missing
from telephony.replay.measures import HeardLine, Measures
from telephony.replay.parties import clock, language_name, language_of, printable
from telephony.replay.phone_lines import PhoneLine, counted_words, inflicted_words
from telephony.replay.wording import heard_text, said_text
from telephony.simulator.scenario import Who

HUE = {Who.CALLER: "cyan", Who.AGENT: "yellow"}

NARROW = 90
"""Columns below which what was heard stands under what was said instead of beside it."""


def show(
    console: Console, evidence: Evidence, measures: Measures, problems: Sequence[str], folder: Path | None
) -> None:
    """Who said and heard what, the figures, what differs from what the call expects, and where the report lies."""
    scenario = evidence.scenario
    spoken = ", ".join(f"{who} {language_name(language_of(scenario, who))}" for who in Who)
    console.print()
    console.print(Text.assemble((printable(scenario.title), "bold"), (f"  {spoken}", "dim")))
    console.print(_lines(evidence, measures, console.width))
    console.print(_figures(evidence, figures(evidence, measures)))
    console.print()
    console.print(_verdict(problems), soft_wrap=True)
    if folder:
        console.print(Text(f"Report and recordings: {folder / 'report.html'}"), soft_wrap=True)


def _lines(evidence: Evidence, measures: Measures, width: int) -> Table:
    wide = width >= NARROW
    words = ["said", "heard as"] if wide else ["said, and heard as"]
    columns = [Column(title, ratio=1, overflow="fold") for title in words]
    numbers = [Column(title, justify="right", no_wrap=True) for title in ("at", "span")]
    table = Table(Column("line", no_wrap=True), *columns, *numbers, box=box.SIMPLE_HEAD, expand=True, pad_edge=False)
    for heard in measures.lines:
        said, translation = _said(evidence, heard), _heard(heard)
        span = Text("–" if heard.span is None else f"{heard.span:.1f} s")
        name = Text(
            printable(f"{heard.line.who} {heard.line.id}" if wide else heard.line.id), style=HUE[heard.line.who]
        )
        both = [said, translation] if wide else [Text("\n").join((said, translation))]
        table.add_row(name, *both, Text(clock(heard.said_at - evidence.origin)), span)
    return table


def _said(evidence: Evidence, heard: HeardLine) -> Text:
    return Text(printable(said_text(evidence, heard)))


def _heard(heard: HeardLine) -> Text:
    text = printable(heard_text(heard))
    return Text(text, style=HUE[heard.line.who]) if text else Text("not heard", style="red")


def _figures(evidence: Evidence, found: Figures) -> Table:
    table = Table.grid(padding=(0, 2))
    table.add_row("Ear-voice span", f"p50 {_seconds(found.span_p50)}", f"max {_seconds(found.span_max)}")
    for way, p50, p99 in (("up", found.up_p50, found.up_p99), ("down", found.down_p50, found.down_p99)):
        table.add_row(f"Our own delay, {way}", f"p50 {_milliseconds(p50)}", f"p99 {_milliseconds(p99)}")
    caller, agent = (found.underruns[who] for who in Who)
    table.add_row("Underruns", f"caller {caller}", f"agent {agent}", style="red" if caller + agent else "")
    table.add_row("Pieces missing", f"{found.missing} of {found.pieces}", "", style="red" if found.missing else "")
    table.add_row("Longest gap", _milliseconds(found.longest_gap), "")
    table.add_row("Translations", f"lost {found.lost_ms} ms", f"repeated {found.repeated_ms} ms")
    for who, line in evidence.phone_lines.items():
        if line.troubled:
            table.add_row(f"Line of the {who}", f"suffered {inflicted_words(line)}", f"counted {counted_words(line)}")
    table.add_row("Ended", (evidence.outcome or "no end known").replace("-", " "), "")
    return table


def _verdict(problems: Sequence[str]) -> Text:
    if not problems:
        return Text("✓ every line was heard as it should be", style="green")
    count = "1 difference" if len(problems) == 1 else f"{len(problems)} differences"
    listed = [Text(f"\n  {printable(problem)}") for problem in problems]
    return Text.assemble((f"✗ {count} from what this call expects", "bold red"), *listed)


def _seconds(value: float | None) -> str:
    return "–" if value is None else f"{value:.1f} s"


def _milliseconds(value: float | None) -> str:
    return "–" if value is None else f"{value * 1000:.0f} ms"


def as_json(evidence: Evidence, measures: Measures, problems: Sequence[str]) -> dict[str, Any]:
    """The same for programs. Every time and duration is in seconds; times count from the beginning of the recordings.

    - `call`, `title`: the name of the call's folder, and its title
    - `caller_language`, `agent_language`: codes
    - `ok`, `differences`: whether all went as the call expects, and one text for each thing that did not
    - `outcome`, `expected_outcome`: how the call ended (null: nobody knows), and how it should have
    - `seconds`: how long the recordings are
    - `talk_began`, `talk_ended`: when both parties were connected (null: never), and by party until when each was
    - `lines`, one for each line said, in that order: `line`, `speaker`, `said` and `heard` (the words, as far as the
      line was said and heard), `said_at`, `heard_at`, `ear_voice_span` (both null: not heard), `direct` (whether the
      speaker's own voice was to be heard instead of a translation; there is no span then, and what is lost is of it),
      `own_voice_db` (its level against what was said, `alone` and `under` the interpreter; null: too little of it to
      measure, or it is not heard in this call), `longest_gap`, `pieces`
      (messages with sound that the interpreter sent for it), `missing` (those that were not heard, nor the same from
      another of its sessions), `lost_ms` (of the translation: what should have been heard and was not), `repeated_ms`
      (what was heard again)
    - `figures`: `ear_voice_span` (`p50`, `max`), `delay_up` and `delay_down` (`p50`, `p99`), each null where nothing
      could be measured; `underruns` by party; `pieces`, `missing`, `longest_gap`, `lost_ms`, `repeated_ms` over all
      lines
    - `sessions`: what happened to those of the interpreter, in order: `at`, `what` (opened, refused, fault, closed),
      `speaker` (whose words it interprets, null: not known), `detail` (the fault, or how it was refused or closed)
    - `phone_lines`, by party: `inflicted`, what the carrier's end did to the line (frames of 20 ms by kind), and
      `counted`, the service's figures of it by the names of `LineFigures` (null: none were told)
    - `warnings`, `left_running`: what the carrier complained about, and what had not ended with the call
    """
    scenario, origin = evidence.scenario, evidence.origin
    return {
        "call": scenario.folder.name,
        "title": scenario.title,
        "caller_language": scenario.caller_language,
        "agent_language": scenario.agent_language,
        "ok": not problems,
        "differences": list(problems),
        "outcome": evidence.outcome,
        "expected_outcome": scenario.expected_end,
        "seconds": _rounded(evidence.until - origin),
        "talk_began": None if evidence.talk_began is None else _rounded(evidence.talk_began - origin),
        "talk_ended": {str(who): _rounded(at - origin) for who, at in evidence.talk_ended.items()},
        "lines": [_line_as_json(evidence, line) for line in measures.lines],
        "figures": _figures_as_json(figures(evidence, measures)),
        "sessions": [_mark_as_json(evidence, mark) for mark in evidence.marks],
        "phone_lines": {str(who): _phone_line_as_json(evidence.phone_lines.get(who, PhoneLine())) for who in Who},
        "warnings": list(evidence.warnings),
        "left_running": list(evidence.left_running),
    }


def _line_as_json(evidence: Evidence, heard: HeardLine) -> dict[str, Any]:
    return {
        "line": heard.line.id,
        "speaker": str(heard.line.who),
        "said": said_text(evidence, heard),
        "heard": heard_text(heard),
        "said_at": _rounded(heard.said_at - evidence.origin),
        "heard_at": None if heard.heard_at is None else _rounded(heard.heard_at - evidence.origin),
        "ear_voice_span": _rounded(heard.span),
        "direct": heard.direct,
        "own_voice_db": {
            "alone": heard.voice and _rounded(heard.voice.alone),
            "under": heard.voice and _rounded(heard.voice.under),
        },
        "longest_gap": _rounded(heard.gap),
        "pieces": len(heard.messages),
        "missing": len(missing(evidence, heard)),
        "lost_ms": round(heard.lost * 1000),
        "repeated_ms": round(heard.repeated * 1000),
    }


def _mark_as_json(evidence: Evidence, mark: SessionMark) -> dict[str, Any]:
    into = {evidence.scenario.wanted(who.other): who for who in Who}
    speaker = into.get(mark.target or "")
    return {
        "at": _rounded(mark.at - evidence.origin),
        "what": str(mark.what),
        "speaker": speaker and str(speaker),
        "detail": mark.detail,
    }


def _phone_line_as_json(line: PhoneLine) -> dict[str, Any]:
    return {"inflicted": dict(line.inflicted), "counted": None if line.counted is None else dict(line.counted)}


def _figures_as_json(found: Figures) -> dict[str, Any]:
    return {
        "ear_voice_span": {"p50": _rounded(found.span_p50), "max": _rounded(found.span_max)},
        "delay_up": {"p50": _rounded(found.up_p50), "p99": _rounded(found.up_p99)},
        "delay_down": {"p50": _rounded(found.down_p50), "p99": _rounded(found.down_p99)},
        "underruns": {str(who): count for who, count in found.underruns.items()},
        "pieces": found.pieces,
        "missing": found.missing,
        "longest_gap": _rounded(found.longest_gap),
        "lost_ms": found.lost_ms,
        "repeated_ms": found.repeated_ms,
    }


def _rounded(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds, 4)
