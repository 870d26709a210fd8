"""A connection ends without notice, in the middle of a word too: another goes on where it was."""

import random
from itertools import pairwise

import pytest

from telephony.engines.base import Reason, Trouble
from telephony.engines.continuity import Policy
from telephony.engines.gemini.messages import trouble_of
from tests.engines.continuity.playing import Played, play
from tests.engines.continuity.talk import Talk
from tests.engines.continuity.word_engine import Ways, WordEngine

CLOSES = [
    (1006, ""),
    (1011, "Internal error encountered."),
    (1008, "The operation was aborted."),
    (1000, "The operation was cancelled."),
    (1001, ""),
    (1013, "try again"),
]
"""Close codes and texts that the real service has ended running sessions with."""


class Drops:
    """Ends whatever connection hears the speaker, at random moments; knows when."""

    def __init__(self, seed: int, troubles: list[Trouble]) -> None:
        self.at: list[float] = []
        self._chance = random.Random(seed)
        self._troubles = troubles

    async def __call__(self, engine: WordEngine) -> None:
        while True:
            await engine.later(self._chance.uniform(8.0, 20.0))
            self.at.append(engine.now())
            engine.sessions[-1].lose(self._troubles[len(self.at) % len(self._troubles)])

    def phrases_heard_again(self, played: Played) -> list[int]:
        """For each drop, of how many phrases words were heard that had been heard before it."""
        phrase = {word.number: word.phrase for word in played.talk.words}
        begun = [(at, word) for at, word, place in played.listener.heard if place == 0]
        counts = []
        for at, until in zip(self.at, [*self.at[1:], float("inf")], strict=True):
            before = {word for when, word in begun if when < at + 0.3}
            counts.append(
                len({phrase[word] for when, word in begun if at + 0.3 <= when < until + 0.3 and word in before})
            )
        return counts


@pytest.fixture(scope="module")
def two_hundred() -> tuple[Played, Drops]:
    """Drops at 200 random moments of a talk with turns, with the trouble that each close code means."""
    drops = Drops(1, [trouble_of(code, reason) for code, reason in CLOSES])
    talk = Talk(6, 2850.0, pauses=(0.3, 2.5), turns=True)
    return play(talk, Ways(lag=2.0), Policy(steady_after=5.0), drops), drops


def test_at_two_hundred_random_moments_a_drop_loses_no_word(two_hundred: tuple[Played, Drops]) -> None:
    played, drops = two_hundred
    assert len(drops.at) >= 200
    assert played.report.hand_overs[Reason.LOST] >= 195
    assert played.lost == []
    assert played.report.lost_ms == 0


def test_at_most_the_phrase_in_flight_is_heard_again(two_hundred: tuple[Played, Drops]) -> None:
    """The border between two phrases is found by estimate: rarely the end of one before is heard again, too."""
    played, drops = two_hundred
    again = drops.phrases_heard_again(played)
    assert max(again) <= 2
    assert sum(count > 1 for count in again) <= len(again) // 50


def test_the_session_knows_about_how_much_is_heard_again(two_hundred: tuple[Played, Drops]) -> None:
    played, _ = two_hundred
    counts, lengths = played.listener.counts(), {word.number: word.frames * 20 for word in played.talk.words}
    repeated_ms = sum((count - 1) * lengths[word] for word, count in counts.items())
    assert played.report.repeated_ms == pytest.approx(repeated_ms, rel=0.5)


def test_the_replacement_hears_the_speaker_as_soon_as_it_is_set_up(two_hundred: tuple[Played, Drops]) -> None:
    played, _ = two_hundred
    gaps = sorted(event.gap_ms for _, event in played.hand_overs())
    assert gaps[len(gaps) * 95 // 100] < Ways().open_takes * 1000 + 10
    assert gaps[-1] < 1000


@pytest.mark.parametrize(("pace", "lag"), [(0.8, 3.0), (1.3, 3.0), (1.0, 1.0)])
def test_no_word_is_lost_whatever_the_pace_and_lag_of_the_engine(pace: float, lag: float) -> None:
    talk = Talk(2, 300.0, pauses=(0.3, 2.5), turns=True)
    played = play(talk, Ways(lag=lag, pace=pace), Policy(steady_after=5.0), Drops(3, [Trouble.DROPPED]))
    assert played.report.hand_overs[Reason.LOST] >= 18
    assert played.lost == []


def test_what_is_replayed_goes_faster_than_it_was_said_and_live_sound_waits_behind_it() -> None:
    async def drop(engine: WordEngine) -> None:
        await engine.later(20.0)
        engine.sessions[0].lose(Trouble.DROPPED)
        await engine.opened(2)
        sent = []
        for _ in range(3):
            sent.append(engine.sessions[1].frames * 0.02)
            await engine.later(0.2)
        rates.extend((b - a) / 0.2 for a, b in pairwise(sent))

    rates: list[float] = []
    played = play(Talk(8, 40.0, pauses=(0.2, 0.25)), Ways(lag=3.0), None, drop)
    assert rates == pytest.approx([4.0, 4.0], abs=1.0)
    assert played.lost == []


def test_a_connection_that_takes_no_more_sound_is_replaced() -> None:
    async def clog(engine: WordEngine) -> None:
        await engine.later(15.0)
        engine.sessions[0].clogged = True

    played = play(Talk(9, 40.0), Ways(), None, clog)
    assert [event.reason for _, event in played.hand_overs()] == [Reason.STUCK]
    assert played.lost == []


def test_the_caller_of_send_audio_never_waits_for_a_connection() -> None:
    """The talk is spoken in real time: a wait would make the clock go on."""

    async def clog(engine: WordEngine) -> None:
        await engine.later(5.0)
        engine.sessions[0].clogged = True

    played = play(Talk(9, 20.0), Ways(open_takes=3.0), None, clog, then_silence=10.0)
    assert played.ended_at == pytest.approx(3.0 + played.talk.seconds + 10.0, abs=0.5)


def test_connections_that_fall_one_after_the_other_are_not_asked_for_in_a_tight_loop() -> None:
    played = play(Talk(1, 60.0), Ways(lives=0.5, open_takes=0.05))
    times = played.engine.ways.attempts
    assert max(sum(at <= other < at + 5.0 for other in times) for at in times) <= 6
    assert len(times) < 20
