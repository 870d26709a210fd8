import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from prometheus_client.openmetrics.parser import text_string_to_metric_families as openmetrics
from prometheus_client.parser import text_string_to_metric_families as plain
from structlog.testing import capture_logs

from telephony.calls.guards.limits import Bounds, Limits
from telephony.calls.observer import CallMoved
from telephony.calls.state import CallState
from telephony.metrics.house_watch import HouseWatch
from telephony.metrics.readiness import Thresholds

Client = TestClient[web.Request, web.Application]
NOON = datetime(2030, 5, 4, 12, tzinfo=UTC)


@dataclass
class Writes:
    """A keeper as far behind as a test wants."""

    dropped: int = 0
    behind: int = 0
    since: float = 1000.0

    def oldest_unwritten_age(self, now: float) -> float:
        return now - self.since


class Watched:
    """A house that is watched, at second 1000 and noon."""

    def __init__(self, **bounds: int) -> None:
        self.limits = Limits(Bounds(**bounds))
        self.writes = Writes()
        self.opened = asyncio.Event()
        self.opened.set()
        self.watch = HouseWatch(
            self.limits, self.writes, self.opened, lambda: 1000.0, lambda: NOON, Thresholds(loop_lag_p99_s=1e9)
        )

    @asynccontextmanager
    async def client(self) -> AsyncIterator[Client]:
        app = web.Application(middlewares=[self.watch.webhook_time])
        app.router.add_get("/readyz", self.watch.readyz)
        app.router.add_get("/metrics", self.watch.metrics)
        async with TestClient(TestServer(app)) as client:
            yield client

    async def readyz(self) -> tuple[int, object]:
        async with self.client() as client:
            answer = await client.get("/readyz")
            return answer.status, await answer.json()


async def test_a_house_that_takes_calls_is_ready() -> None:
    assert await Watched().readyz() == (200, {"status": "ready", "calls": 0})


async def test_a_house_that_is_not_open_says_so() -> None:
    watched = Watched()
    watched.opened.clear()
    assert await watched.readyz() == (503, {"status": "not ready", "reasons": ["not-open"], "calls": 0})


async def test_a_house_that_drains_says_so() -> None:
    watched = Watched()
    watched.limits.draining = True
    watched.limits.began("one", "", 0.0)
    assert await watched.readyz() == (503, {"status": "not ready", "reasons": ["draining"], "calls": 1})


async def test_a_full_line_takes_no_more() -> None:
    watched = Watched(calls_at_once=1)
    watched.limits.began("one", "", 0.0)
    assert (await watched.readyz())[0] == 503
    watched.limits.ended("one")
    assert (await watched.readyz())[0] == 200


async def test_an_engine_without_quota_gets_no_new_calls_for_a_while() -> None:
    watched = Watched()
    watched.limits.quota_refused(999.0)
    assert await watched.readyz() == (503, {"status": "not ready", "reasons": ["quota"], "calls": 0})
    watched.limits.quota_refused(900.0)
    assert (await watched.readyz())[0] == 200


async def test_calls_held_by_hand_are_turned_away_in_words_not_here() -> None:
    watched = Watched()
    watched.limits.held = True
    assert (await watched.readyz())[0] == 200


async def test_a_store_that_is_away_for_long_gets_no_more_calls() -> None:
    watched = Watched()
    watched.writes.since = 600.0
    assert await watched.readyz() == (503, {"status": "not ready", "reasons": ["store-behind"], "calls": 0})


@pytest.mark.parametrize(
    ("accept", "kind", "parse"),
    [
        ("", "text/plain", plain),
        ("application/openmetrics-text;version=1.0.0", "application/openmetrics-text", openmetrics),
    ],
)
async def test_figures_come_in_the_format_that_is_asked_for(accept: str, kind: str, parse: object) -> None:
    watched = Watched(calls_at_once=12)
    watched.writes.dropped, watched.writes.behind = 2, 3
    watched.watch.calls.tell(CallMoved("c0ffee", CallState.TALKING))
    async with watched.client() as client:
        answer = await client.get("/metrics", headers={"Accept": accept})
        text = await answer.text()
    assert answer.content_type == kind
    samples = {
        (sample.name, *sample.labels.values()): sample.value
        for metric in parse(text)  # type: ignore[operator]
        for sample in metric.samples
    }
    assert samples["telephony_calls_live", "talking"] == 1
    assert samples["telephony_calls_most",] == 12
    assert samples["telephony_store_dropped_total",] == 2
    assert samples["telephony_store_behind",] == 3
    assert samples["telephony_ready",] == 1
    assert samples["telephony_not_ready", "draining"] == 0
    assert "c0ffee" not in text


async def test_figures_and_readiness_come_from_one_standing() -> None:
    watched = Watched()
    watched.limits.draining = True
    async with watched.client() as client:
        lines = (await (await client.get("/metrics")).text()).splitlines()
    assert "telephony_ready 0.0" in lines
    assert 'telephony_not_ready{reason="draining"} 1.0' in lines


async def test_without_a_limit_there_is_none_to_tell() -> None:
    async with Watched().client() as client:
        assert "telephony_calls_most" not in await (await client.get("/metrics")).text()


async def test_the_loop_is_watched_from_start_to_stop() -> None:
    watched = Watched()
    watched.watch.start()
    beats = 0.0
    async with asyncio.timeout(30):
        while not beats:
            await asyncio.sleep(0)
            beats = watched.watch.registry.get_sample_value("telephony_event_loop_lag_seconds_count") or 0.0
    watched.watch.stop()


async def test_a_block_is_counted_and_logged() -> None:
    watched = Watched()
    watched.watch.start()
    seconds = 0.0
    with capture_logs() as logs:
        for _ in range(100):
            until = time.thread_time() + 0.15
            while time.thread_time() < until:
                pass
            await asyncio.sleep(0.03)
            seconds = watched.watch.registry.get_sample_value("telephony_event_loop_blocked_seconds_total") or 0.0
            if seconds:
                break
    watched.watch.stop()
    assert seconds > 0.1
    assert watched.watch.registry.get_sample_value("telephony_event_loop_blocked_total") == 1
    assert [line["event"] for line in logs] == ["the event loop was blocked"]
