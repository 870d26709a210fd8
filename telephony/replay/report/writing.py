"""Puts the report into a folder: four recordings, and one page beside them that needs nothing else."""

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256
from html import escape
from importlib.resources import files
from pathlib import Path
from string import Template

from telephony.audio import g711, wav
from telephony.audio.format import AudioFormat, Encoding
from telephony.replay.evidence import Evidence
from telephony.replay.figures import figures
from telephony.replay.measures import Measures
from telephony.replay.phases import phases
from telephony.replay.report import page
from telephony.replay.report.sheet import sheet
from telephony.replay.report.timeline import Direction, Mark, directions

PCM16_8K = AudioFormat(Encoding.PCM16, 8000)
"""Browsers play linear sound, but not all of them mu-law."""

POLICY = "default-src 'none'; media-src 'self' file:; style-src 'unsafe-inline'; script-src 'sha256-{script}'"
"""The page loads its recordings, runs its own script and nothing else (W3C Content Security Policy Level 3)."""


def write(
    evidence: Evidence, measures: Measures, problems: Sequence[str], folder: Path, marks: Sequence[Mark] = ()
) -> Path:
    """Writes caller-said.wav, caller-heard.wav, agent-said.wav, agent-heard.wav and report.html over whatever is there.

    `marks` are shown on the axis at their time, which is of the evidence's clock; one from outside of the recordings
    stands at their edge. Returns the page's path.
    """
    folder.mkdir(parents=True, exist_ok=True)
    both = directions(evidence, measures)
    for direction in both:
        for lane in (direction.said, direction.heard):
            wav.write(folder / f"{lane.name}.wav", g711.decode(lane.pcmu), PCM16_8K)
    report = folder / "report.html"
    report.write_text(_page(evidence, measures, problems, both, marks), encoding="utf-8")
    return report


def _page(
    evidence: Evidence,
    measures: Measures,
    problems: Sequence[str],
    both: tuple[Direction, ...],
    marks: Sequence[Mark],
) -> str:
    script = _asset("report.js")
    seconds = evidence.until - evidence.origin
    on_axis = [replace(mark, at=min(max(mark.at - evidence.origin, 0.0), seconds)) for mark in marks]
    return Template(_asset("template.html")).substitute(
        policy=POLICY.format(script=b64encode(sha256(script.encode()).digest()).decode()),
        title=escape(evidence.scenario.title),
        style=_asset("report.css"),
        heading=page.heading(evidence, problems),
        figures=page.figure_list(figures(evidence, measures)),
        lines=page.phone_lines(evidence),
        sheet=sheet(seconds, phases(evidence), both, on_axis),
        conversation=page.conversation(evidence, both),
        script=script,
    )


def _asset(name: str) -> str:
    return files("telephony.replay.report").joinpath(name).read_text(encoding="utf-8")
