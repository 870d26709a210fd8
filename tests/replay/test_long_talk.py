"""A fixture call made long: everybody says everything again and again, and never two lines at once."""

from itertools import pairwise
from pathlib import Path

import pytest

from telephony.replay.long_talk import long_talk, said_before
from telephony.simulator import recordings
from telephony.simulator.scenario import End, Line, Who, load

CLINIC = load(Path(__file__).parents[2] / "fixtures" / "calls" / "clinic-appointment")
LONG = long_talk(CLINIC, 200.0, pause=2.0)


def ends(line: Line) -> float:
    longest = max(recordings.read(path).size for path in (line.recording, line.translated))
    return line.at + longest / recordings.RATE


@pytest.mark.parametrize("who", Who)
def test_a_party_pauses_between_its_lines(who: Who) -> None:
    mine = [line for line in LONG.lines if line.who is who]
    assert all(after.at - ends(before) == pytest.approx(2.0) for before, after in pairwise(mine))


@pytest.mark.parametrize("who", Who)
def test_a_party_talks_as_long_as_the_call_lasts_and_no_longer(who: Who) -> None:
    last = [line for line in LONG.lines if line.who is who][-1]
    assert 180.0 < ends(last) <= 198.0
    assert LONG.end == End(Who.CALLER, at=200.0)


def test_a_line_is_known_by_the_one_of_the_fixture_call() -> None:
    by_id = {line.id: line for line in CLINIC.lines}
    assert len({line.id for line in LONG.lines}) == len(LONG.lines)
    assert all(line.recording == by_id[said_before(line.id)].recording for line in LONG.lines)


def test_lines_are_said_in_the_order_of_the_call() -> None:
    said = [said_before(line.id) for line in LONG.lines if line.who is Who.CALLER]
    assert said[:5] == ["c1", "c2", "c3", "c4", "c1"]
