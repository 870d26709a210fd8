"""What a route declares of itself."""

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from pydantic import Field

from telephony.api.app import api_app, guarded
from telephony.api.gate import Gates
from telephony.api.rate import Rate
from telephony.api.route import Asked, Given, Holder, Sound, Told, endpoints_of, route
from telephony.records.store.tokens import Scope


class Which(Given):
    what: int = Field(description="a number of things", ge=0)


class Echo(Told):
    what: int
    who: str


class ThingRoutes:
    """A room of its own."""

    @route("GET", "/things/{what}", Scope.READ, problems=(409,))
    async def get_thing(self, asked: Asked, path: Which) -> Echo:
        """Look at a thing.

        It is said who looks.
        """
        asked.reply["X-Thing"] = "seen"
        return Echo(what=path.what, who=asked.holder.name)

    @route("POST", "/things", Scope.ADMIN, status=201)
    async def make_thing(self, body: Which) -> None:
        """Make a thing."""

    @route("GET", "/sound", Scope.CALL)
    async def get_sound(self) -> Sound:
        """Hear it."""
        return Sound(b"RIFF")

    async def not_a_route(self) -> None:
        raise AssertionError


class Eva:
    """Everybody is Eva, who may read."""

    async def holder(self, request: web.Request) -> Holder | None:
        return Holder("eva", "Eva", Scope.READ)


GATES = Gates((Eva(),), Rate(), lambda: 0.0)


def test_a_room_has_the_routes_it_declares() -> None:
    look, make, hear = endpoints_of(ThingRoutes())
    assert (look.name, look.tag, look.summary, look.description) == (
        "get_thing",
        "thing",
        "Look at a thing",
        "It is said who looks.",
    )
    assert look.problems == (401, 403, 404, 409, 429, 500)
    assert make.problems == (400, 401, 403, 413, 415, 422, 429, 500)
    assert (look.inputs, look.output, hear.output) == ({"path": Which}, Echo, Sound)


async def test_a_route_gets_its_inputs_and_who_asks() -> None:
    app = web.Application()
    app.add_subapp("/api", api_app([ThingRoutes()], GATES))
    async with TestClient(TestServer(app)) as client:
        answer = await client.get("/api/things/3")
        assert (await answer.json(), answer.headers["X-Thing"]) == ({"what": 3, "who": "Eva"}, "seen")
        assert (await client.get("/api/things/-1")).status == 404
        assert (await client.post("/api/things", json={"what": 1})).status == 403


async def test_a_route_of_others_may_be_guarded_too() -> None:
    async def metrics(_request: web.Request) -> web.Response:
        return web.Response(text="calls 0")

    app = web.Application()
    app.router.add_get("/metrics", guarded(GATES, Scope.READ, metrics))
    app.router.add_get("/private", guarded(GATES, Scope.ADMIN, metrics))
    async with TestClient(TestServer(app)) as client:
        assert await (await client.get("/metrics")).text() == "calls 0"
        answer = await client.get("/private")
        assert (answer.status, answer.content_type) == (403, "application/problem+json")


def test_inputs_of_another_name_or_kind_are_refused_when_it_is_put_together() -> None:
    class Odd:
        @route("GET", "/odd", Scope.READ)
        async def get_odd(self, cookies: Which) -> None:
            """Odd."""

    class Untyped:
        @route("GET", "/odd", Scope.READ)
        async def get_odd(self, query: dict) -> None:  # type: ignore[type-arg]
            """Odd."""

    for room in (Odd(), Untyped()):
        with pytest.raises(TypeError, match="get_odd: inputs are path, query, headers, body"):
            list(endpoints_of(room))
