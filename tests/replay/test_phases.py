from dataclasses import replace
from itertools import pairwise

import pytest

from telephony.replay.evidence import Evidence
from telephony.replay.phases import Part, phases
from telephony.simulator.scenario import Who
from tests.replay.evidence_of import MENU, ORIGIN, RINGING, TALKED, evidence_of, short_call

TALK = MENU + RINGING


def borders(evidence: Evidence) -> list[tuple[Part, float]]:
    return [(phase.part, round(phase.began, 1)) for phase in phases(evidence)]


@pytest.fixture
def evidence() -> Evidence:
    return evidence_of(short_call(lines=()))


def test_a_call_has_a_menu_rings_is_talked_and_ends(evidence: Evidence) -> None:
    assert borders(evidence) == [
        (Part.MENU, 0.0),
        (Part.RINGING, MENU),
        (Part.TALK, TALK),
        (Part.CLOSING, TALK + TALKED),
    ]


def test_the_parts_cover_the_whole_call(evidence: Evidence) -> None:
    parts = phases(evidence)
    assert parts[-1].ended == evidence.until - evidence.origin
    assert all(one.ended == following.began for one, following in pairwise(parts))


def test_without_an_agent_the_ringing_ends_with_its_last_sound(evidence: Evidence) -> None:
    assert borders(replace(evidence, talk_began=None, talk_ended={})) == [
        (Part.MENU, 0.0),
        (Part.RINGING, MENU),
        (Part.CLOSING, MENU + 1.0),
    ]


def test_a_caller_who_leaves_in_the_menu_never_hears_it_ring(evidence: Evidence) -> None:
    quiet = dict.fromkeys(Who, b"\xff" * 8000 * 5)
    assert borders(replace(evidence, heard=quiet, until=ORIGIN + 5, talk_began=None, talk_ended={})) == [
        (Part.MENU, 0.0)
    ]


def test_an_agent_who_answers_at_once_leaves_no_time_to_ring(evidence: Evidence) -> None:
    assert borders(replace(evidence, talk_began=ORIGIN + 2.0)) == [
        (Part.MENU, 0.0),
        (Part.TALK, 2.0),
        (Part.CLOSING, TALK + TALKED),
    ]
