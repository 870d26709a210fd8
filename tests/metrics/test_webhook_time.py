import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from prometheus_client import CollectorRegistry

from telephony.metrics.instruments import ProcessInstruments
from telephony.metrics.webhook_time import timing


class Timed:
    """Routes in an application of its own under /twilio, each request taking two seconds by the clock given."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.seconds = 0.0
        self.app = web.Application(middlewares=[timing(ProcessInstruments.on(self.registry).webhook, self.clock)])
        routes = web.Application()
        routes.router.add_post("/calls/{call}/steps/{step}", self.answer)
        routes.router.add_post("/refuse/{call}", self.refuse)
        routes.router.add_post("/break/{call}", self.breaks)
        routes.router.add_get("/calls/{call}/stream", self.stream)
        self.app.add_subapp("/twilio", routes)

    def clock(self) -> float:
        self.seconds += 1
        return self.seconds

    async def answer(self, _request: web.Request) -> web.Response:
        self.seconds += 1
        return web.Response(text="<Response/>")

    async def refuse(self, _request: web.Request) -> web.Response:
        raise web.HTTPForbidden

    async def breaks(self, _request: web.Request) -> web.Response:
        raise RuntimeError

    async def stream(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.close()
        return socket

    def count(self, route: str, status: str) -> float | None:
        return self.registry.get_sample_value("telephony_webhook_seconds_count", {"route": route, "status": status})

    def routes(self) -> set[str]:
        return {
            sample.labels["route"]
            for metric in self.registry.collect()
            for sample in metric.samples
            if "route" in sample.labels
        }


@pytest.mark.parametrize(
    ("path", "route", "status"),
    [
        ("/twilio/calls/c0ffee/steps/arrival", "/twilio/calls/{call}/steps/{step}", "2xx"),
        ("/twilio/refuse/c0ffee", "/twilio/refuse/{call}", "4xx"),
        ("/twilio/break/c0ffee", "/twilio/break/{call}", "5xx"),
        ("/twilio/nothing/c0ffee", "unknown", "4xx"),
        ("/somewhere/else", "unknown", "4xx"),
    ],
)
async def test_a_request_is_counted_under_its_route_never_its_path(path: str, route: str, status: str) -> None:
    timed = Timed()
    async with TestClient(TestServer(timed.app)) as client:
        await client.post(path)
    assert timed.count(route, status) == 1
    assert timed.routes() == {route}


async def test_what_is_measured_is_the_time_to_the_answer() -> None:
    timed = Timed()
    async with TestClient(TestServer(timed.app)) as client:
        await client.post("/twilio/calls/c0ffee/steps/arrival")
    labels = {"route": "/twilio/calls/{call}/steps/{step}", "status": "2xx"}
    assert timed.registry.get_sample_value("telephony_webhook_seconds_sum", labels) == 2


async def test_the_length_of_a_call_is_no_answering_time() -> None:
    timed = Timed()
    async with TestClient(TestServer(timed.app)) as client, client.ws_connect("/twilio/calls/c0ffee/stream") as socket:
        assert (await socket.receive()).type is aiohttp.WSMsgType.CLOSE
    assert timed.routes() == set()


async def test_a_verb_that_a_route_does_not_have_makes_no_label() -> None:
    timed = Timed()
    async with TestClient(TestServer(timed.app)) as client:
        await client.request("PATCH", "/twilio/calls/c0ffee/steps/arrival")
    assert timed.routes() == {"unknown"}
