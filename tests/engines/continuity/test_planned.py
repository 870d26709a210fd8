"""A connection that is about to end is followed by another; nobody hears a difference."""

import random

import numpy as np
import pytest

from telephony.engines.base import Reason
from telephony.engines.continuity import Policy
from tests.engines.continuity.playing import Played, play
from tests.engines.continuity.talk import Talk
from tests.engines.continuity.word_engine import Ways, WordEngine


def added_pauses(played: Played) -> list[float]:
    """For each hand-over, how much longer the pause between the two voices was than in the speech itself (s)."""
    first: dict[int, float] = {}
    last: dict[int, float] = {}
    for at, word, _ in played.listener.heard:
        first.setdefault(word, at)
        last[word] = at + 0.02
    words = {word.number: word for word in played.talk.words}
    added = []
    for session in played.engine.sessions[1:]:
        if not session.heard or session.heard[0] == 1:
            continue
        after = words[session.heard[0]]
        before = words[after.number - 1]
        spoken = after.begins - (before.begins + before.frames * 0.02)
        added.append(first[after.number] - last[before.number] - spoken)
    return added


@pytest.fixture(scope="module")
def a_thousand() -> Played:
    """A talk of nearly an hour with a hand-over every three seconds, wherever the speaker then is."""
    policy = Policy(oldest=3.0, rest_quiet=0.6)
    return play(Talk(7, 3300.0), Ways(lag=0.8, message_frames=13, open_takes=0.1), policy, chunk_ms=200)


def test_of_a_thousand_hand_overs_none_loses_or_repeats_a_word(a_thousand: Played) -> None:
    assert len(a_thousand.hand_overs()) >= 1000
    assert a_thousand.lost == []
    assert a_thousand.repeated == []


def test_of_a_thousand_hand_overs_none_lets_two_voices_overlap_or_change_places(a_thousand: Played) -> None:
    assert a_thousand.in_order


def test_a_hand_over_adds_no_more_than_300_ms_of_silence(a_thousand: Played) -> None:
    added = added_pauses(a_thousand)
    assert len(added) >= 800
    assert np.quantile(added, 0.99) <= 0.3
    assert max(event.gap_ms for _, event in a_thousand.hand_overs()) <= 300


@pytest.mark.parametrize(("pace", "lag"), [(0.8, 3.0), (1.3, 1.5)])
def test_nothing_is_lost_where_the_translation_is_shorter_or_longer_than_the_speech(pace: float, lag: float) -> None:
    played = play(Talk(3, 280.0, pauses=(0.4, 3.0), turns=True), Ways(lag=lag, pace=pace), Policy(oldest=12.0))
    assert len(played.hand_overs()) > 14
    assert played.lost == []
    assert played.repeated == []


def test_in_speech_without_a_pause_the_hand_over_falls_between_two_words() -> None:
    talk = Talk(5, 200.0, pauses=(0.04, 0.12))
    played = play(talk, Ways(), Policy(oldest=20.0, age_patience=12.0))
    assert len(played.hand_overs()) >= 8
    assert played.lost == []
    assert played.repeated == []
    assert played.in_order
    assert max(event.gap_ms for _, event in played.hand_overs()) <= 300


@pytest.mark.parametrize("seconds_left", [0.0, None, 50.0])
def test_a_go_away_loses_nothing_however_short_its_notice(seconds_left: float | None) -> None:
    ways = Ways(goes_away=(40.0, seconds_left))
    played = play(Talk(11, 170.0, turns=True), ways, Policy(steady_after=5.0))
    reasons = {event.reason for _, event in played.hand_overs()}
    assert Reason.GO_AWAY in reasons or seconds_left == 0.0
    assert played.lost == []
    if seconds_left == 50.0:
        assert reasons == {Reason.GO_AWAY}
        assert played.repeated == []


def test_the_old_connection_is_left_before_the_other_side_ends_it() -> None:
    played = play(Talk(12, 200.0), Ways(goes_away=(30.0, 50.0)))
    assert len(played.engine.sessions) > 4
    assert not any(session.lost for session in played.engine.sessions)


def test_a_connection_that_is_not_spoken_to_hears_silence_all_the_time() -> None:
    """An engine says its last words only while sound keeps coming."""
    played = play(Talk(2, 60.0), Ways(), Policy(oldest=20.0))
    for session in played.engine.sessions:
        assert session.frames * 0.02 == pytest.approx(session.ended_at - session.opened_at, abs=0.3)


def test_a_replacement_that_dies_while_it_waits_is_followed_by_another() -> None:
    async def kill_the_second(engine: WordEngine) -> None:
        await engine.opened(2)
        engine.sessions[1].lose(engine.ways.drop)

    played = play(Talk(4, 60.0, pauses=(1.0, 2.0)), Ways(), Policy(oldest=20.0), kill_the_second)
    assert played.lost == []
    assert played.repeated == []
    assert [event.reason for _, event in played.hand_overs()] == [Reason.AGE] * len(played.hand_overs())


@pytest.mark.parametrize("seed", range(6))
def test_an_old_connection_that_is_lost_while_it_drains_is_made_good(seed: int) -> None:
    chance = random.Random(seed)

    async def kill_the_draining(engine: WordEngine) -> None:
        for count in range(2, 100):
            await engine.spoken_to(count)
            await engine.later(chance.uniform(0.0, 2.5))
            if not engine.sessions[count - 2].closed:
                engine.sessions[count - 2].lose(engine.ways.drop)

    played = play(Talk(seed, 120.0), Ways(lag=3.0), Policy(oldest=20.0, steady_after=5.0), kill_the_draining)
    assert played.lost == []
