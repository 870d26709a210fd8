import re
from base64 import b64encode
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest

from telephony.audio import wav
from telephony.audio.format import AudioFormat, Encoding
from telephony.replay.evidence import Evidence
from telephony.replay.measures import Measures
from telephony.replay.report import Mark, write
from telephony.replay.report.placing import rows_of
from telephony.simulator import mulaw
from telephony.simulator.scenario import Who
from tests.replay.evidence_of import MENU, ORIGIN, RINGING, SPAN, TALKED, evidence_of, short_call

VOID = {"meta", "br", "link"}
HOSTILE = "</script><script>alert('x')</script><img src=x onerror=alert(1)> \"&amp; ${1} $title \u202e"


class Page(HTMLParser):
    """Every element with its attributes, and the text of the whole. Fails on elements that are not closed in order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.texts: list[str] = []
        self._open: list[str] = []
        self.feed(html)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if data.strip() and self._open[-1] not in ("style", "script"):
            self.texts.append(" ".join(data.split()))

    def all(self, tag: str, of: str = "") -> list[dict[str, str]]:
        return [a for name, a in self.elements if name == tag and (not of or of in a.get("class", "").split())]


@pytest.fixture(scope="module")
def played() -> tuple[Evidence, Measures]:
    evidence = evidence_of(short_call())
    return evidence, Measures(evidence)


def page_of(evidence: Evidence, folder: Path, problems: tuple[str, ...] = (), marks: tuple[Mark, ...] = ()) -> Page:
    return Page(write(evidence, Measures(evidence), problems, folder, marks).read_text("utf-8"))


def place(style: str) -> float:
    """The seconds at which an element stands."""
    found = re.search(r"--at:([\d.]+)", style)
    assert found
    return float(found[1])


@pytest.mark.parametrize("who", Who)
@pytest.mark.parametrize("verb", ["said", "heard"])
def test_each_recording_is_a_wav_file_that_browsers_play(
    played: tuple[Evidence, Measures], tmp_path: Path, who: Who, verb: str
) -> None:
    evidence, measures = played
    write(evidence, measures, [], tmp_path)
    audio, form = wav.read(tmp_path / f"{who}-{verb}.wav")
    recording = (evidence.said if verb == "said" else evidence.heard)[who]
    assert form == AudioFormat(Encoding.PCM16, 8000)
    assert np.array_equal(np.frombuffer(audio, "<i2"), mulaw.decode(recording))
    assert form.seconds_of(len(audio)) == pytest.approx(evidence.until - evidence.origin)


def test_nothing_but_the_report_and_its_recordings_is_written(
    played: tuple[Evidence, Measures], tmp_path: Path
) -> None:
    report = write(*played, [], tmp_path / "new" / "folder")
    assert sorted(path.name for path in report.parent.iterdir()) == [
        "agent-heard.wav",
        "agent-said.wav",
        "caller-heard.wav",
        "caller-said.wav",
        "report.html",
    ]


def test_the_page_needs_nothing_but_the_recordings_beside_it(played: tuple[Evidence, Measures], tmp_path: Path) -> None:
    html = write(*played, [], tmp_path).read_text("utf-8")
    page = Page(html)
    sources = [attributes[name] for _, attributes in page.elements for name in ("src", "href") if name in attributes]
    assert sources == ["caller-said.wav", "agent-heard.wav", "agent-said.wav", "caller-heard.wav"]
    assert not re.search(r"https?:|url\(|@import|//[a-z]", html)


def test_the_only_script_that_may_run_is_the_pages_own(played: tuple[Evidence, Measures], tmp_path: Path) -> None:
    html = write(*played, [], tmp_path).read_text("utf-8")
    policy = next(a["content"] for a in Page(html).all("meta") if a.get("http-equiv") == "Content-Security-Policy")
    (script,) = re.findall(r"<script>(.*?)</script>", html, re.DOTALL)
    own = b64encode(sha256(script.encode()).digest()).decode()
    assert policy.split("; ")[-1] == f"script-src 'sha256-{own}'"
    assert policy.startswith("default-src 'none';")
    assert not re.search(r"\son\w+=", html.partition("<body>")[2].partition("<script>")[0])


def test_what_was_said_and_heard_stands_at_its_time(played: tuple[Evidence, Measures], tmp_path: Path) -> None:
    evidence, measures = played
    html = write(evidence, measures, [], tmp_path).read_text("utf-8")
    for line in evidence.scenario.lines:
        for text, later in ((line.text, 0.0), (line.translation, SPAN)):
            (style,) = re.findall(rf'class="caption" style="([^"]*)"[^>]*>{re.escape(text)}<', html)
            assert place(style) == pytest.approx(MENU + RINGING + line.at + later, abs=0.01)


def test_each_caption_names_its_language_and_finds_its_own_direction_of_writing(
    played: tuple[Evidence, Measures], tmp_path: Path
) -> None:
    html = write(*played, [], tmp_path).read_text("utf-8")
    languages = {Who.CALLER: "es", Who.AGENT: "en"}
    for line in played[0].scenario.lines:
        for who, text in ((line.who, line.text), (line.who.other, line.translation)):
            assert re.search(rf'class="caption"[^>]* lang="{languages[who]}" dir="auto"[^>]*>{re.escape(text)}<', html)


def test_what_the_carrier_said_is_a_note_in_the_lane_of_who_heard_it(
    played: tuple[Evidence, Measures], tmp_path: Path
) -> None:
    html = write(*played, [], tmp_path).read_text("utf-8")
    agent_heard = html[html.index("agent-heard.wav") : html.index("agent-said.wav")]
    caller_heard = html[html.index("caller-heard.wav") : html.index('class="playhead"')]
    assert re.search(r'caption told"[^>]*>A caller who speaks another language\.', agent_heard)
    assert re.search(r'caption told"[^>]*>Welcome to the interpreter line\.', caller_heard)


def test_saying_and_hearing_are_joined_by_a_band_that_tells_the_span(
    played: tuple[Evidence, Measures], tmp_path: Path
) -> None:
    page = page_of(played[0], tmp_path)
    shapes = [attributes["d"] for attributes in page.all("path", "way")]
    ends = [tuple(map(int, re.findall(r"^M(\d+) 0C\1 \d+ (\d+)", d)[0])) for d in shapes]
    said = {line.id: 100 * (MENU + RINGING + line.at) for line in played[0].scenario.lines}
    assert ends == [pytest.approx((said[line], said[line] + 100 * SPAN), abs=1) for line in ("c1", "a1")]
    assert page.texts.count("2.2 s") == 1 + 2  # the figure, and one label for each line


def test_a_line_that_nobody_heard_is_shown_as_such(tmp_path: Path) -> None:
    evidence = evidence_of(short_call(), lost=["c1"])
    page = page_of(evidence, tmp_path)
    (lost,) = (line for line in Measures(evidence).lines if line.line.id == "c1")
    assert len(page.all("path", "way")) == 1
    assert len(page.all("span", "never")) == 2  # on the axis, and among what was said
    assert len(page.all("i", "lost")) == len(lost.messages) > 5


def test_the_parts_of_the_call_follow_each_other(played: tuple[Evidence, Measures], tmp_path: Path) -> None:
    page = page_of(played[0], tmp_path)
    parts = {attributes["class"].split()[1]: place(attributes["style"]) for attributes in page.all("div", "part")}
    assert parts == {
        "menu": 0.0,
        "ringing": pytest.approx(MENU, abs=0.02),
        "talk": pytest.approx(MENU + RINGING, abs=0.02),
        "closing": pytest.approx(MENU + RINGING + TALKED, abs=0.02),
    }


def test_the_figures_and_the_verdict_are_on_the_page(played: tuple[Evidence, Measures], tmp_path: Path) -> None:
    evidence = replace(played[0], underruns={Who.CALLER: 3, Who.AGENT: 1})
    texts = page_of(evidence, tmp_path).texts
    assert "Every line was heard as it should be." in texts
    for name, value, more in (
        ("Ear-voice span", "2.2 s", "at most 2.2 s"),
        ("Our delay, up", "130 ms", "99 % within 130 ms"),
        ("Our delay, down", "90 ms", "99 % within 90 ms"),
        ("Underruns", "4", "caller 3, agent 1"),
        ("Pieces missing", "0", f"of {sum(len(line.messages) for line in played[1].lines)}"),
    ):
        place = texts.index(name)
        assert texts[place : place + 3] == [name, value, more]
    for fact in ("Spanish", "English", "caller hung up"):
        assert fact in texts


def test_differences_are_listed_in_place_of_the_verdict(played: tuple[Evidence, Measures], tmp_path: Path) -> None:
    texts = page_of(played[0], tmp_path, ("line c1: <nobody> heard it", "left running: a task")).texts
    assert "2 differences from what this call expects" in texts
    assert "line c1: <nobody> heard it" in texts
    assert "left running: a task" in texts
    assert "Every line was heard as it should be." not in texts


def hostile_title(evidence: Evidence) -> Evidence:
    return replace(evidence, scenario=replace(evidence.scenario, title=HOSTILE))


def hostile_summary(evidence: Evidence) -> Evidence:
    return replace(evidence, scenario=replace(evidence.scenario, summary=HOSTILE))


def hostile_language(evidence: Evidence) -> Evidence:
    return replace(evidence, scenario=replace(evidence.scenario, caller_language=HOSTILE))


def hostile_lines(evidence: Evidence) -> Evidence:
    lines = tuple(replace(line, text=HOSTILE, translation=HOSTILE) for line in evidence.scenario.lines)
    return replace(evidence, scenario=replace(evidence.scenario, lines=lines))


def hostile_voice(evidence: Evidence) -> Evidence:
    return replace(evidence, told=tuple(replace(told, text=HOSTILE) for told in evidence.told))


@pytest.mark.parametrize("hostile", [hostile_title, hostile_summary, hostile_language, hostile_lines, hostile_voice])
def test_no_text_of_a_call_becomes_part_of_the_page(
    hostile: Callable[[Evidence], Evidence], played: tuple[Evidence, Measures], tmp_path: Path
) -> None:
    marks = (Mark(ORIGIN + 12.0, HOSTILE, HOSTILE),)
    plain, evil = (
        page_of(evidence, tmp_path, (problem,), marks if problem == HOSTILE else (Mark(0.0, "", ""),))
        for evidence, problem in ((played[0], "plain"), (hostile(played[0]), HOSTILE))
    )
    assert [tag for tag, _ in evil.elements] == [tag for tag, _ in plain.elements]
    assert [sorted(a) for _, a in evil.elements] == [sorted(a) for _, a in plain.elements]
    shown = " ".join(HOSTILE.split())
    assert evil.texts.count(shown) >= 3  # the difference, the mark, and what is hostile in the call


def test_marks_stand_at_their_time_and_a_call_without_any_has_no_row_for_them(
    played: tuple[Evidence, Measures], tmp_path: Path
) -> None:
    marks = (
        Mark(ORIGIN + 15.5, "stall", "stall"),
        Mark(ORIGIN + 12.0, "hand-over", "hand-over"),
        Mark(ORIGIN - 3.0, "started", "other"),
        Mark(ORIGIN + 900.0, "stopped", "other"),
    )
    page = page_of(played[0], tmp_path, marks=marks)
    shown = [(attributes["data-kind"], place(attributes["style"])) for attributes in page.all("div", "mark")]
    assert shown == [("other", 0.0), ("hand-over", 12.0), ("stall", 15.5), ("other", 32.0)]
    assert not page_of(played[0], tmp_path).all("div", "marks")


def test_every_lane_can_be_played_and_the_playhead_set_without_a_mouse(
    played: tuple[Evidence, Measures], tmp_path: Path
) -> None:
    page = page_of(played[0], tmp_path)
    labels = [a["aria-label"] for a in page.all("button", "play")]
    assert labels[1:] == [
        "Play what the caller said",
        "Play what the agent heard",
        "Play what the agent said",
        "Play what the caller heard",
    ]
    (ruler,) = page.all("div", "ruler")
    assert (ruler["role"], ruler["tabindex"], ruler["aria-valuemax"]) == ("slider", "0", "32.0")


def test_a_call_that_nobody_answered_has_a_report_too(tmp_path: Path) -> None:
    scenario = replace(short_call(lines=()), expected_end="nobody-answered")
    unanswered = replace(evidence_of(scenario), talk_began=None, talk_ended={}, arrivals={}, outcome=None)
    page = page_of(unanswered, tmp_path)
    assert [a["class"].split()[1] for a in page.all("div", "part")] == ["menu", "ringing", "closing"]
    assert "no end known" in page.texts
    assert page.texts.count("–") == 3


def test_the_page_stays_small(tmp_path: Path) -> None:
    """80 s with sound in every lane from end to end are more than any call has."""
    noise = mulaw.encode(np.random.default_rng(1).normal(0, 4000, 80 * 8000).astype(np.int16))
    full = dict.fromkeys(Who, noise)
    evidence = replace(evidence_of(short_call(lines=())), said=full, heard=full, until=ORIGIN + 80)
    assert write(evidence, Measures(evidence), [], tmp_path).stat().st_size < 500_000


def test_marks_of_one_moment_stand_below_each_other_and_later_ones_in_the_first_row_again() -> None:
    marks = [Mark(5.0, "close (agent)", "fault"), Mark(5.01, "new session (agent)", "hand-over"), Mark(30.0, "x", "y")]
    assert [row for row, _ in rows_of(marks)] == [0, 1, 0]
