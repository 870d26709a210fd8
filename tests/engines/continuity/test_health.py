"""Connections that look healthy and do not interpret are found out, replaced, and given up when it does not help."""

from itertools import pairwise

import pytest

from telephony.engines.base import Degraded, HandedOver, Reason, Restored, Trouble
from tests.engines.continuity.playing import play
from tests.engines.continuity.talk import Talk
from tests.engines.continuity.word_engine import Ways, WordEngine

TALK = Talk(21, 50.0)


@pytest.mark.parametrize(
    ("fault", "reason", "within"),
    [
        ("mute", Reason.UNANSWERED, 8.5),
        ("stalled", Reason.STALLED, 2.5),
        ("tone", Reason.TONE, 3.5),
        ("wrong", Reason.WRONG_LANGUAGE, 8.0),
    ],
)
def test_a_fault_of_one_connection_is_found_and_made_good_by_another(fault: str, reason: Reason, within: float) -> None:
    async def fail(engine: WordEngine) -> None:
        await engine.later(20.0)
        engine.sessions[0].fault = fault

    played = play(TALK, Ways(language="en"), None, fail)
    [(at, handed_over)] = played.hand_overs()
    assert handed_over.reason is reason
    assert 20.0 < at <= 20.2 + within
    assert played.lost == [] if fault != "tone" else len(played.lost) <= 2
    assert played.news() == [handed_over]


@pytest.mark.parametrize("fault", ["mute", "stalled", "tone", "wrong"])
def test_twice_in_a_row_degrades_and_the_first_that_interprets_again_restores(fault: str) -> None:
    async def fail_for_a_while(engine: WordEngine) -> None:
        await engine.later(20.0)
        engine.sessions[-1].fault = engine.ways.fault = fault
        await engine.later(40.0)
        engine.ways.fault = ""

    played = play(Talk(22, 150.0), Ways(language="en"), None, fail_for_a_while)
    kinds = [type(event) for event in played.news()]
    assert kinds == [HandedOver, Degraded, Restored]
    degraded, restored = played.news()[1:]
    assert isinstance(degraded, Degraded)
    assert degraded.trouble is Trouble.UNFIT
    assert isinstance(restored, Restored)
    assert restored.lost_ms > 5000
    [back] = [at for at, event in played.listener.events if isinstance(event, Restored)]
    assert back > 60.0
    spoken_later = [word.number for word in played.talk.words if word.begins > back + 2.0]
    assert set(spoken_later) & set(played.lost) == set()


def test_while_degraded_new_connections_are_tried_ever_less_often() -> None:
    played = play(Talk(23, 300.0), Ways(fault="mute"))
    waits = [later - sooner for sooner, later in pairwise(played.engine.ways.attempts)]
    assert all(later > sooner - 0.5 for sooner, later in pairwise(waits[1:]))
    assert waits[-1] > 40.0
    assert sum(isinstance(event, Degraded) for event in played.news()) == 1
    assert played.listener.heard == []


def test_silence_and_noise_are_no_reason_for_another_connection() -> None:
    played = play(Talk(24, 0.5), Ways(language="en"), then_silence=400.0)
    assert len(played.engine.sessions) == 1


def test_a_speaker_of_the_target_language_is_not_translated_and_that_is_no_fault() -> None:
    played = play(Talk(25, 120.0), Ways(mute=True, hears="en"))
    assert len(played.engine.sessions) == 1
    assert played.news() == []


def test_a_region_or_a_second_name_of_the_language_is_the_language() -> None:
    played = play(Talk(25, 60.0), Ways(language="en-GB"))
    assert len(played.engine.sessions) == 1
