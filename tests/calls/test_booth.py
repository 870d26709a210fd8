"""Whatever is wanted of a booth, and whatever is refused: one hears the speaker, and nobody is left behind."""

import asyncio

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from telephony.calls.booth import DRAIN_WITHIN, RETRY_FATAL, Booth, wait
from telephony.calls.rendition import Rendition
from telephony.engines.base import Degraded, EngineEvent, SessionLost, Trouble
from telephony.replay.memory_stream import now
from tests.calls.put_through import ListeningEngine
from tests.fakes import hum
from tests.virtual_time import in_virtual_time

VOICE = hum(500, 0.1, 16000)

steps = st.lists(
    st.tuples(
        st.sampled_from([None, "es", "fr", "de"]),
        st.floats(0, 8),
        st.sampled_from([None, None, "es", "fr"]),
        st.booleans(),
    ),
    min_size=1,
    max_size=8,
)


class Listener:
    """Keeps what a booth tells."""

    def __init__(self) -> None:
        self.hearing: list[str] = []
        self.reasons: list[Trouble] = []

    def ready(self, rendition: Rendition, setup_s: float) -> None:
        self.hearing.append(rendition.target)

    def told(self, rendition: Rendition, event: EngineEvent) -> None:
        """Not looked at."""

    def without(self, why: Degraded) -> None:
        self.reasons.append(why.trouble)


@given(steps)
@settings(max_examples=60, deadline=None)
def test_after_any_wishes_refusals_and_losses_the_one_that_is_wanted_hears_and_every_other_is_closed(
    wishes: list[tuple[str | None, float, str | None, bool]],
) -> None:
    async def call() -> None:
        engine, listener = ListeningEngine(setup=0.5), Listener()
        booth = Booth("booth", engine, listener, now)
        running = asyncio.create_task(booth.run(), name="booth")
        for target, seconds, refused, loses in wishes:
            engine.refuses = {refused: Trouble.UNREACHABLE} if refused else {}
            booth.want(target)
            await talk(booth, seconds)
            assert len(engine.live()) <= 2
            if loses and booth.current:
                engine.live()[booth.current.target].tell(SessionLost(Trouble.DROPPED, "by the test"))
        engine.refuses = {}
        await talk(booth, 40.0)
        wanted = wishes[-1][0]
        assert sorted(engine.live()) == ([wanted] if wanted else [])
        lived = booth.seconds(now())
        running.cancel()
        await asyncio.wait((running,))
        assert lived == pytest.approx(sum(session.seconds for session in engine.sessions))

    in_virtual_time(call)


async def talk(booth: Booth, seconds: float) -> None:
    for _ in range(round(seconds * 10)):
        await asyncio.sleep(0.1)
        await booth.hear(VOICE)


def test_a_sentence_without_end_is_cut_off() -> None:
    async def call() -> float:
        engine = ListeningEngine(setup=0.5)
        booth = Booth("booth", engine, Listener(), now)
        running = asyncio.create_task(booth.run(), name="booth")
        booth.want("es")
        await talk(booth, 3.0)
        booth.want("fr")
        for _ in range(200):
            engine.sessions[0].speak(0.1)
            await talk(booth, 0.1)
        spanish, french = engine.sessions
        assert booth.current is not None
        assert booth.current.target == "fr"
        assert not booth.drains
        assert spanish.heard_ms - spanish.voiced_ms == pytest.approx(DRAIN_WITHIN * 1000, abs=200), "silence meanwhile"
        running.cancel()
        await asyncio.wait((running,))
        assert spanish.closed_at is not None
        return spanish.closed_at - french.opened_at

    assert in_virtual_time(call) == pytest.approx(DRAIN_WITHIN, abs=0.11)


def test_who_has_nothing_left_to_say_is_let_go_at_once() -> None:
    async def call() -> float:
        engine = ListeningEngine(setup=0.5)
        booth = Booth("booth", engine, Listener(), now)
        running = asyncio.create_task(booth.run(), name="booth")
        booth.want("es")
        await asyncio.sleep(3.0)
        booth.want("fr")
        await asyncio.sleep(3.0)
        spanish, french = engine.sessions
        running.cancel()
        await asyncio.wait((running,))
        assert spanish.closed_at is not None
        return spanish.closed_at - french.opened_at

    assert in_virtual_time(call) == pytest.approx(0.0, abs=0.01)


@pytest.mark.parametrize(
    ("trouble", "waits"),
    [
        (Trouble.UNREACHABLE, [2, 4, 8, 16, 30, 30]),
        (Trouble.QUOTA, [15, 30, 60, 120, 120, 120]),
        (Trouble.KEY, [RETRY_FATAL] * 6),
    ],
)
def test_waits_grow_to_a_bound(trouble: Trouble, waits: list[float]) -> None:
    assert [wait(trouble, failures) for failures in range(1, 7)] == waits
    assert wait(trouble, 10**6) == waits[-1]
