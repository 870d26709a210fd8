"""What the lines suffered and what was counted, from where either is told to where it is shown."""

import json
from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path

from telephony.audio.line_check import LineFigures
from telephony.calls.observer import LineTrouble, Role
from telephony.replay.journals import gather
from telephony.replay.measures import Measures
from telephony.replay.phone_lines import LinesTold, PhoneLine, counted_words, inflicted_words, phone_lines
from telephony.replay.report import session_marks, write
from telephony.replay.summary import as_json
from telephony.simulator.line_fault import LineFault, LineKind
from telephony.simulator.live_api.faults import Hit
from telephony.simulator.scenario import Who
from tests.replay.evidence_of import MENU, ORIGIN, RINGING, evidence_of, short_call

COUNTED = {
    **asdict(LineFigures(heard_ms=9000.0, lost=2, doubled=3, stops=1, stopped_ms=1500.0, blanked_ms=200.0)),
    "something new": 7.0,
}


def test_the_frames_that_a_partys_streams_suffered_add_up() -> None:
    streams: list[tuple[Who, Mapping[str, int]]] = [
        (Who.CALLER, {"lost": 2}),
        (Who.CALLER, {LineKind.LOST: 3, LineKind.ZEROS: 50}),
        (Who.AGENT, {}),
    ]
    lines = phone_lines(streams, {Who.AGENT: {"lost": 1.0}})
    assert lines[Who.CALLER] == PhoneLine({"lost": 5, "zeros": 50})
    assert lines[Who.AGENT] == PhoneLine({}, {"lost": 1.0})
    assert [line.troubled for line in lines.values()] == [True, True]
    assert not PhoneLine({}, asdict(LineFigures(heard_ms=5.0, blanked_ms=100.0))).troubled


def test_the_latest_that_was_told_of_a_partys_line_counts_and_of_others_nothing_does() -> None:
    told = LinesTold()
    for role, lost in ((Role.CALLER, 1.0), (Role.AGENT, 2.0), (Role.CALLER, 3.0)):
        told.tell(LineTrouble("call", "leg", role, {"lost": lost}))
    assert told.counted == {Who.CALLER: {"lost": 3.0}, Who.AGENT: {"lost": 2.0}}


def test_people_read_counts_and_seconds_of_what_was_wrong() -> None:
    line = PhoneLine({"lost": 2, "stops": 75}, COUNTED)
    assert inflicted_words(line) == "2 lost, stops 1.5 s"
    assert counted_words(line) == "2 lost, 3 doubled, 1 stops, 1.5 s stopped, 0.2 s of keys silenced"
    assert counted_words(PhoneLine()) == "nothing told"
    assert (inflicted_words(PhoneLine()), counted_words(PhoneLine({}, {}))) == ("nothing", "nothing")


def test_the_journals_tell_both(tmp_path: Path) -> None:
    evidence = evidence_of(short_call(lines=("c1",)))
    report = tmp_path / "report"
    write(evidence, Measures(evidence), [], report)
    for who in Who:
        (tmp_path / f"{who}-heard.wav").write_bytes((report / f"{who}-heard.wav").read_bytes())
        (tmp_path / f"{who}-said.wav").write_bytes((report / f"{who}-said.wav").read_bytes())
    told = tmp_path / "calls" / "one" / "transcript.jsonl"
    told.parent.mkdir(parents=True)
    told.write_text(
        "".join(json.dumps({"event": "line", "role": "agent", "figures": {"lost": n}}) + "\n" for n in (1, 2))
    )
    hit = {"at": 1.0, "event": "line", "who": "caller", "frames": {"swapped": 4}}
    (tmp_path / "carrier.jsonl").write_text(json.dumps({"at": 0.0, "event": "call placed"}) + "\n" + json.dumps(hit))
    (tmp_path / "live.jsonl").write_text("")
    (tmp_path / "service.log").write_text("")
    lines = gather(evidence.scenario, tmp_path, tmp_path / "calls", ()).phone_lines
    assert lines == {Who.CALLER: PhoneLine({"swapped": 4}), Who.AGENT: PhoneLine({}, {"lost": 2})}


def test_the_report_shows_lines_that_were_bad_and_nothing_of_good_ones(tmp_path: Path) -> None:
    evidence = evidence_of(short_call(lines=("c1",)))
    for lines, shown in (({}, False), ({Who.CALLER: PhoneLine({"lost": 5}, COUNTED), Who.AGENT: PhoneLine()}, True)):
        bad = replace(evidence, phone_lines=lines)
        page = write(bad, Measures(bad), [], tmp_path).read_text("utf-8")
        assert ('<table class="phone-lines">' in page) is shown
        assert ("2 lost, 3 doubled" in page) is shown
        assert page.count('<th scope="row">') == (1 if shown else 0)


def test_the_json_has_both_by_party() -> None:
    evidence = replace(
        evidence_of(short_call(lines=("c1",))), phone_lines={Who.CALLER: PhoneLine({"lost": 5}, COUNTED)}
    )
    found = as_json(evidence, Measures(evidence), [])["phone_lines"]
    assert found == {
        "caller": {"inflicted": {"lost": 5}, "counted": COUNTED},
        "agent": {"inflicted": {}, "counted": None},
    }


def test_a_line_fault_stands_on_the_axis_where_it_begins() -> None:
    evidence = evidence_of(short_call(lines=("c1",)))
    faults = (LineFault(LineKind.STOPS, Hit.CALLER, at=2.0), LineFault(LineKind.NOISE, at=3.0))
    marks = session_marks(replace(evidence, scenario=replace(evidence.scenario, line_faults=faults)))
    talk = ORIGIN + MENU + RINGING
    assert [(mark.at, mark.label) for mark in marks] == [
        (talk + 2.0, "line of the caller: stops"),
        (talk + 3.0, "both lines: noise"),
    ]
