"""Connections that cannot be had: asked for again as it makes sense, and told once."""

import asyncio
from itertools import pairwise

import pytest

from telephony.engines.base import Degraded, HandedOver, Restored, SessionLost, SessionRefused, Trouble
from telephony.engines.continuity import ContinuousEngine, Policy
from tests.engines.continuity.playing import Played, play
from tests.engines.continuity.talk import Talk
from tests.engines.continuity.word_engine import Ways, WordEngine
from tests.virtual_time import in_virtual_time

FATAL = [trouble for trouble in Trouble if trouble.fatal]


def refused_at_first(trouble: Trouble) -> tuple[Trouble, int]:
    """What the first `open` raises, and how often it asked."""

    async def run() -> tuple[Trouble, int]:
        engine = WordEngine(Talk(1, 1.0), ways=Ways(refuses=trouble))
        with pytest.raises(SessionRefused) as refused:
            await ContinuousEngine(engine, asyncio.get_running_loop().time).open("en")
        return refused.value.trouble, len(engine.ways.attempts)

    return in_virtual_time(run)


@pytest.mark.parametrize("trouble", [*FATAL, Trouble.QUOTA])
def test_a_call_that_cannot_have_a_session_is_told_at_once(trouble: Trouble) -> None:
    assert refused_at_first(trouble) == (trouble, 1)


@pytest.mark.parametrize("trouble", [Trouble.UNREACHABLE, Trouble.DROPPED, Trouble.TIMED_OUT])
def test_what_may_pass_is_tried_three_times_before_the_call_is_told(trouble: Trouble) -> None:
    assert refused_at_first(trouble) == (trouble, 3)


def test_after_a_quota_refusal_new_sessions_are_shed_without_asking_and_later_had_again() -> None:
    async def run() -> tuple[int, int]:
        engine = WordEngine(Talk(1, 1.0), ways=Ways(refuses=Trouble.QUOTA))
        continuous = ContinuousEngine(engine, asyncio.get_running_loop().time)
        for _ in range(5):
            with pytest.raises(SessionRefused):
                await continuous.open("en")
        asked = len(engine.ways.attempts)
        engine.ways.refuses = None
        await asyncio.sleep(Policy().quota_backoff[0])
        session = await continuous.open("en")
        await session.close()
        return asked, len(engine.ways.attempts)

    assert in_virtual_time(run) == (1, 2)


def outage(trouble: Trouble, seconds: float) -> Played:
    """A talk in which the connection is lost after 20 s and no other can be had for a while."""

    async def fail(engine: WordEngine) -> None:
        await engine.later(20.0)
        engine.ways.refuses = trouble
        engine.sessions[0].lose(Trouble.DROPPED)
        await engine.later(seconds)
        engine.ways.refuses = None

    return play(Talk(31, 20.0 + seconds + 60.0), Ways(), None, fail)


def test_a_short_outage_is_made_good_and_not_even_told() -> None:
    played = outage(Trouble.UNREACHABLE, 0.5)
    assert [type(event) for event in played.news()] == [HandedOver]
    assert played.lost == []


def test_a_long_outage_is_told_once_and_again_when_it_is_over() -> None:
    played = outage(Trouble.UNREACHABLE, 30.0)
    assert [type(event) for event in played.news()] == [Degraded, Restored]
    degraded, restored = [at for at, event in played.listener.events if isinstance(event, Degraded | Restored)]
    assert degraded <= 20.2 + 3.2
    assert 50.0 <= restored <= 50.0 + 15.0 + 4.0
    after = {word.number for word in played.talk.words if word.begins > restored}
    assert after & set(played.lost) == set()


def test_a_quota_is_asked_for_slowly_and_told_at_once() -> None:
    played = outage(Trouble.QUOTA, 100.0)
    times = [at for at in played.engine.ways.attempts if at > 20.0]
    assert min(later - sooner for sooner, later in pairwise(times)) >= 15.0
    [degraded] = [at for at, event in played.listener.events if isinstance(event, Degraded)]
    assert degraded <= 20.5


@pytest.mark.parametrize("trouble", FATAL)
def test_what_will_not_change_is_asked_for_once_and_ends_the_session(trouble: Trouble) -> None:
    played = outage(trouble, 60.0)
    assert len([at for at in played.engine.ways.attempts if at > 20.0]) == 1
    assert [type(event) for event in played.news()] == [SessionLost]
    [lost] = played.news()
    assert isinstance(lost, SessionLost)
    assert lost.trouble is trouble


@pytest.mark.parametrize("trouble", [Trouble.KEY, Trouble.QUOTA, Trouble.UNREACHABLE])
def test_a_running_connection_is_kept_when_its_replacement_is_refused(trouble: Trouble) -> None:
    async def refuse_all(engine: WordEngine) -> None:
        engine.ways.refuses = trouble

    played = play(Talk(32, 100.0), Ways(), Policy(oldest=20.0), refuse_all)
    assert played.lost == []
    assert played.news() == []
    assert len(played.engine.ways.attempts) < 15


def test_closing_ends_the_events_and_leaves_nothing_behind() -> None:
    played = play(Talk(33, 5.0), then_silence=3.0)
    assert played.closed_with == SessionLost(Trouble.DROPPED, "closed")
