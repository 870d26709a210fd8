import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len
from rich.console import Console

from telephony.replay.evidence import Evidence
from telephony.replay.measures import Measures
from telephony.replay.parties import clock
from telephony.replay.summary import as_json, show
from telephony.simulator.scenario import Who
from tests.replay.evidence_of import CLOSING, MENU, RINGING, SPAN, TALKED, evidence_of, short_call

TALK = MENU + RINGING


@pytest.fixture(scope="module")
def played() -> tuple[Evidence, Measures]:
    evidence = evidence_of(short_call())
    return evidence, Measures(evidence)


def pieces(measures: Measures, *of: str) -> int:
    """How many messages were sent for these lines, or for all."""
    return sum(len(line.messages) for line in measures.lines if not of or line.line.id in of)


def shown(evidence: Evidence, problems: Sequence[str] = (), folder: Path | None = None, width: int = 120) -> list[str]:
    """The lines on the screen, as words with single blanks."""
    console = Console(width=width, force_terminal=False)
    with console.capture() as captured:
        show(console, evidence, Measures(evidence), problems, folder)
    return [" ".join(line.split()) for line in captured.get().splitlines()]


def test_the_summary_tells_who_said_and_heard_what_and_when(played: tuple[Evidence, Measures]) -> None:
    lines = shown(played[0], width=220)
    for line in played[0].scenario.lines:
        at = clock(TALK + line.at)
        assert f"{line.who} {line.id} {line.text} {line.translation} {at} 2.2 s" in lines


def test_the_figures_are_named(played: tuple[Evidence, Measures]) -> None:
    lines = shown(replace(played[0], underruns={Who.CALLER: 2, Who.AGENT: 0}))
    for line in (
        "Ear-voice span p50 2.2 s max 2.2 s",
        "Our own delay, up p50 130 ms p99 130 ms",
        "Our own delay, down p50 90 ms p99 90 ms",
        "Underruns caller 2 agent 0",
        f"Pieces missing 0 of {pieces(played[1])}",
        "Longest gap 0 ms",
        "Ended caller hung up",
        "✓ every line was heard as it should be",
    ):
        assert line in lines


def test_differences_are_listed_whole_even_on_a_narrow_terminal(played: tuple[Evidence, Measures]) -> None:
    problem = "line c1: the agent did not hear 9 of 9 pieces of the translation [red]at all[/]"
    lines = shown(played[0], [problem], width=40)
    assert "✗ 1 difference from what this call expects" in lines
    assert problem in lines
    assert not any("every line was heard" in line for line in lines)


def test_a_line_that_nobody_heard_says_so() -> None:
    evidence = evidence_of(short_call(), lost=["c1"])
    lines, measures = shown(evidence), Measures(evidence)
    assert any(line.startswith("caller c1") and "not heard" in line and line.endswith("–") for line in lines)
    assert f"Pieces missing {pieces(measures, 'c1')} of {pieces(measures)}" in lines


def test_it_says_where_the_report_lies_if_there_is_one(played: tuple[Evidence, Measures]) -> None:
    folder = Path("a folder") / "with a name that is much longer than a narrow terminal is wide"
    assert f"Report and recordings: {folder / 'report.html'}" in shown(played[0], folder=folder, width=40)
    assert not any("report.html" in line for line in shown(played[0]))


def test_nothing_is_wider_than_a_narrow_terminal(played: tuple[Evidence, Measures]) -> None:
    (a1, c1), scenario = played[0].scenario.lines, played[0].scenario
    wide = (replace(a1, text="语" * 90, translation="مرحبا " * 30), replace(c1, text="x" * 200))
    lines = shown(replace(played[0], scenario=replace(scenario, lines=wide)), width=44)
    assert max(map(cell_len, lines)) <= 44


def test_a_text_cannot_command_the_terminal_or_the_markup(played: tuple[Evidence, Measures]) -> None:
    scenario = played[0].scenario
    evil = "\x1b[2J\x07[bold]not bold[/bold]\r\n"
    lines = tuple(replace(line, text=evil, translation=evil) for line in scenario.lines)
    screen = "\n".join(shown(replace(played[0], scenario=replace(scenario, title=evil, lines=lines)), [evil]))
    assert not set(screen) & {"\x1b", "\x07", "\r"}
    assert screen.count("[2J [bold]not bold[/bold]") == 1 + 4 + 1


def test_the_json_holds_every_line_with_its_times(played: tuple[Evidence, Measures]) -> None:
    evidence = played[0]
    found = as_json(*played, [])
    _, c1 = evidence.scenario.lines
    assert [line["line"] for line in found["lines"]] == ["a1", "c1"]
    assert found["lines"][1] == {
        "line": "c1",
        "speaker": "caller",
        "said": c1.text,
        "heard": c1.translation,
        "said_at": pytest.approx(TALK + c1.at, abs=0.001),
        "heard_at": pytest.approx(TALK + c1.at + SPAN, abs=0.001),
        "ear_voice_span": pytest.approx(SPAN, abs=0.001),
        "direct": False,
        "own_voice_db": {"alone": None, "under": None},
        "longest_gap": 0.0,
        "pieces": pieces(played[1], "c1"),
        "missing": 0,
        "lost_ms": 0,
        "repeated_ms": 0,
    }


def test_the_json_of_a_call_reads_as_documented(played: tuple[Evidence, Measures]) -> None:
    found = as_json(*played, ["one thing"])
    del found["lines"]
    assert found == {
        "call": "clinic-appointment",
        "title": "A clinic appointment",
        "caller_language": "es",
        "agent_language": "en",
        "ok": False,
        "differences": ["one thing"],
        "outcome": "caller-hung-up",
        "expected_outcome": "caller-hung-up",
        "seconds": TALK + TALKED + CLOSING,
        "talk_began": TALK,
        "talk_ended": {"caller": TALK + TALKED, "agent": TALK + TALKED},
        "figures": {
            "ear_voice_span": {"p50": pytest.approx(2.2, abs=0.001), "max": pytest.approx(2.2, abs=0.001)},
            "delay_up": {"p50": pytest.approx(0.13), "p99": pytest.approx(0.13)},
            "delay_down": {"p50": pytest.approx(0.09, abs=0.001), "p99": pytest.approx(0.09, abs=0.001)},
            "underruns": {"caller": 0, "agent": 0},
            "pieces": pieces(played[1]),
            "missing": 0,
            "longest_gap": 0.0,
            "lost_ms": 0,
            "repeated_ms": 0,
        },
        "sessions": [],
        "phone_lines": {who: {"inflicted": {}, "counted": None} for who in ("caller", "agent")},
        "warnings": [],
        "left_running": [],
    }


def keys(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: keys(inner) for key, inner in value.items()}
    return [keys(inner) for inner in value] if isinstance(value, list) else None


def test_the_json_survives_being_written_and_has_the_same_keys_whatever_happened() -> None:
    whole = evidence_of(short_call(lines=("c1",)))
    broken = replace(
        evidence_of(short_call(lines=("c1",)), lost=["c1"]), talk_ended={}, outcome=None, arrivals={}, underruns={}
    )
    found = [as_json(evidence, Measures(evidence), []) for evidence in (whole, broken)]
    assert [json.loads(json.dumps(one, allow_nan=False)) for one in found] == found
    assert found[1]["lines"][0]["ear_voice_span"] is None
    assert found[1]["figures"]["ear_voice_span"] == {"p50": None, "max": None}
    for one in found:
        del one["talk_ended"]
    assert keys(found[0]) == keys(found[1])


def test_every_key_of_the_json_is_explained(played: tuple[Evidence, Measures]) -> None:
    found = as_json(*played, [])
    words = as_json.__doc__ or ""
    for key in (*found, *found["lines"][0], *found["figures"]):
        assert f"`{key}`" in words
