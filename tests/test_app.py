import asyncio
import socket
from collections import defaultdict
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import trustme
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from telephony import app as house
from telephony.config import load_settings
from tests.settings import WHOLE, nothing_set

__all__ = ["nothing_set"]

PUBLIC = {"/", "/livez", "/readyz"}
"""What anybody may ask. Everything else has to be signed, or to show a token."""

CONSOLE = ("/static", "/login", "/logout", "/first", "/enter", "/me", "/feed", "/try", "/favicon.ico")
"""Who may ask these, and what strangers are answered, stands in tests/console."""

NAMED: defaultdict[str, str] = defaultdict(lambda: "x1")
"""What stands for a part of a path."""

Client = TestClient[web.Request, web.Application]


@pytest.fixture
async def service(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> AsyncIterator[Client]:
    trustme.CA().cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    async with TestClient(TestServer(await house.make_app(load_settings(**WHOLE)))) as client:
        yield client


async def test_a_service_that_runs_says_so(service: Client) -> None:
    answer = await service.get("/livez")
    assert (answer.status, await answer.json()) == (200, {"status": "alive"})


async def test_it_is_ready_until_it_is_told_to_stop(service: Client) -> None:
    answer = await service.get("/readyz")
    assert (answer.status, await answer.json()) == (200, {"status": "ready", "calls": 0})
    assert service.app is not None
    service.app[house.READY].clear()
    answer = await service.get("/readyz")
    assert (answer.status, await answer.json()) == (503, {"status": "not ready", "reasons": ["not-open"], "calls": 0})


async def test_every_route_that_is_not_meant_for_everybody_refuses_strangers(service: Client) -> None:
    assert service.app is not None
    asked = 0
    for resource in service.app.router.resources():
        for route in resource:
            path = (route.resource or resource).canonical.format_map(NAMED)
            answer = await service.request(route.method, path)
            if path not in PUBLIC and not path.startswith(CONSOLE):
                if path.startswith(("/api", "/metrics")):
                    assert answer.status == 401, f"{route.method} {path}"
                else:
                    assert (answer.status, await answer.read()) == (403, b""), f"{route.method} {path}"
                asked += 1
    assert asked >= 5


async def test_nothing_is_left_when_the_address_is_taken(unused_tcp_port: int) -> None:
    with socket.create_server(("127.0.0.1", unused_tcp_port)):
        before = asyncio.all_tasks()
        with pytest.raises(OSError, match="address already in use"):
            await house.serve(load_settings(**WHOLE), "127.0.0.1", unused_tcp_port, house.Stopping())
        assert asyncio.all_tasks() == before
