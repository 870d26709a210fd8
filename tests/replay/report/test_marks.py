"""What happened to the interpreter's sessions stands on the report's time axis."""

from dataclasses import replace
from pathlib import Path

from telephony.replay.evidence import Happened, SessionMark
from telephony.replay.measures import Measures
from telephony.replay.report import Mark, session_marks, write
from tests.replay.evidence_of import ORIGIN, evidence_of, short_call

OPENED = (
    SessionMark(ORIGIN, Happened.OPENED, 0, "en"),
    SessionMark(ORIGIN + 0.1, Happened.OPENED, 1, "es"),
)


def marked(*marks: SessionMark) -> tuple[Mark, ...]:
    return session_marks(replace(evidence_of(short_call(lines=("c1",))), marks=(*OPENED, *marks)))


def test_a_call_without_trouble_has_no_marks() -> None:
    assert marked(SessionMark(ORIGIN + 30.0, Happened.CLOSED, 0, "en", "1000")) == ()


def test_a_notice_and_the_session_that_takes_over_are_marked_with_whose_words_they_concern() -> None:
    assert marked(
        SessionMark(ORIGIN + 15.0, Happened.FAULT, 0, "en", "goaway"),
        SessionMark(ORIGIN + 15.4, Happened.OPENED, 2, "en"),
        SessionMark(ORIGIN + 19.0, Happened.CLOSED, 0, "en", "1000"),
    ) == (
        Mark(ORIGIN + 15.0, "goaway (caller)", "fault"),
        Mark(ORIGIN + 15.4, "new session (caller)", "hand-over"),
    )


def test_what_looks_like_health_is_marked_as_a_stall() -> None:
    kinds = ("stall", "silent", "tone", "wrong-language")
    found = marked(*(SessionMark(ORIGIN + n, Happened.FAULT, 1, "es", kind) for n, kind in enumerate(kinds)))
    assert [(mark.label, mark.kind) for mark in found] == [
        ("stall (agent)", "stall"),
        ("silent (agent)", "stall"),
        ("tone (agent)", "stall"),
        ("wrong language (agent)", "stall"),
    ]


def test_a_refusal_is_marked_even_where_nobody_knows_for_whom_it_was() -> None:
    (mark,) = marked(SessionMark(ORIGIN + 1.0, Happened.FAULT, None, None, "refuse"))
    assert mark == Mark(ORIGIN + 1.0, "session refused", "fault")


def test_sound_that_was_sent_again_is_marked_where_that_began() -> None:
    evidence = evidence_of(short_call(lines=("c1",)))
    chunks = [(ORIGIN + 20.0 + nth * 0.02, (nth + 1) * 1600) for nth in range(25)]
    chunks += [(ORIGIN + 20.5 + nth * 0.1, (nth + 26) * 1600) for nth in range(40)]
    marks = (*OPENED, SessionMark(ORIGIN + 19.9, Happened.OPENED, 2, "es"))
    found = session_marks(replace(evidence, marks=marks, arrivals={2: tuple(chunks)}))
    assert found[1] == Mark(ORIGIN + 20.0, "replay of 1.9 s (agent)", "replay")


def test_the_marks_stand_in_the_report(tmp_path: Path) -> None:
    fault = SessionMark(ORIGIN + 15.0, Happened.FAULT, 0, "en", "stall")
    evidence = replace(evidence_of(short_call(lines=("c1",))), marks=(*OPENED, fault))
    page = write(evidence, Measures(evidence), (), tmp_path, session_marks(evidence)).read_text("utf-8")
    assert 'data-kind="stall" style="--at:15.000;--row:0"' in page
    assert "stall (caller)" in page
