"""A call that is asked for on the command line: what is said of it, and what the exit code is."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from rich.console import Console

from telephony.commands.api_client import ApiClient, Refused, Unreachable
from telephony.commands.dial import Dialled, dial
from telephony.records.store.tokens import Scope
from tests.api.house import MY_NUMBER, THEIR_NUMBER, ApiHouse, api_house

WISH = {"to": THEIR_NUMBER, "from_language": "en", "to_language": "de", "me": MY_NUMBER}
ID = 32 * "a"


class ScriptedApi:
    """Answers with one state after the other; None closes the connection without an answer."""

    def __init__(self, *states: str | None, outcome: str = "caller-hung-up") -> None:
        self.asked: list[str] = []
        self.keys: list[str] = []
        self._states = list(states)
        self._outcome = outcome

    async def serve(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(f"{request.method} {request.path}")
        self.keys += request.headers.getall("Idempotency-Key", [])
        state = self._states.pop(0) if len(self._states) > 1 else self._states[0]
        if state is None and request.transport is not None:
            request.transport.abort()
        return web.json_response({"id": ID, "state": state, "outcome": self._outcome if state == "ended" else None})


@asynccontextmanager
async def scripted(api: ScriptedApi) -> AsyncIterator[tuple[Dialled, StringIO]]:
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", api.serve)
    said = StringIO()
    async with TestServer(app) as server:
        url = str(server.make_url("/"))
        yield Dialled(url, "token", WISH, Console(file=said, highlight=False, soft_wrap=True), look_every=0.0), said


async def told(*states: str | None, outcome: str = "caller-hung-up") -> tuple[int, list[str]]:
    async with scripted(ScriptedApi(*states, outcome=outcome)) as (dialled, said):
        code = await dialled.run()
    return code, said.getvalue().splitlines()


async def test_each_state_is_said_once() -> None:
    states = ("summoning", "summoning", "ringing", "talking", "talking", "conference", "closing", "ended")
    assert await told(*states) == (
        0,
        [
            "ringing you",
            "ringing them",
            "connected: a machine interprets",
            "connected: a human interprets",
            "ending",
            "over: they hung up",
        ],
    )


@pytest.mark.parametrize(
    ("outcome", "words"), [("nobody-answered", "you did not answer"), ("not-reached", "they could not be reached")]
)
async def test_a_call_that_came_to_no_talk_has_another_exit_code(outcome: str, words: str) -> None:
    assert await told("summoning", "ended", outcome=outcome) == (1, ["ringing you", f"over: {words}"])


async def test_a_service_that_is_started_anew_is_waited_for() -> None:
    assert (await told("summoning", "talking", None, None, "talking", "ended"))[0] == 0


async def test_a_service_that_never_comes_back_is_given_up() -> None:
    with pytest.raises(Unreachable):
        await told("talking", None)


async def test_a_call_is_asked_for_with_a_key_of_its_own() -> None:
    api = ScriptedApi("ended")
    async with scripted(api) as (dialled, _):
        await dialled.run()
        await dialled.run()
    assert len({*api.keys}) == len(api.keys) == 2


@pytest.mark.parametrize(
    ("state", "asked", "words"),
    [
        ("ringing", [f"POST /api/calls/{ID}/hang-up"], "ended"),
        ("talking", [], f"the call goes on; it can be ended by POST /api/calls/{ID}/hang-up"),
        ("conference", [], f"the call goes on; it can be ended by POST /api/calls/{ID}/hang-up"),
    ],
)
async def test_who_stops_watching_ends_what_rings_and_nothing_else(state: str, asked: list[str], words: str) -> None:
    api = ScriptedApi(state)
    async with scripted(api) as (dialled, said):
        dialled.call = {"id": ID, "state": state}
        assert await dialled.leave() == 130
    assert (api.asked, said.getvalue().replace("\n", " ").strip()) == (asked, words)


async def test_who_stops_before_a_call_is_there_ends_nothing() -> None:
    api = ScriptedApi("ringing")
    async with scripted(api) as (dialled, _):
        assert await dialled.leave() == 130
    assert api.asked == []


async def test_a_real_service_places_it_and_tells_its_end(tmp_path: Path) -> None:
    async with api_house(tmp_path) as house:
        said = StringIO()
        url, token = str(house.client.make_url("/")), house.tokens[Scope.CALL]
        dialled = Dialled(url, token, WISH, Console(file=said), look_every=0.01)
        watching = asyncio.create_task(dialled.run(), name="dial")
        async with asyncio.timeout(10):
            while not house.control.dialled:
                await asyncio.sleep(0.01)
        await house.switchboard.close()
        assert await watching == 1
        assert house.control.dialled == [MY_NUMBER]
        assert said.getvalue().splitlines()[-1] == "over: the service was stopped"


def client_of(house: ApiHouse) -> ApiClient:
    """Asks with a token that may only look."""
    return ApiClient(str(house.client.make_url("/")), house.tokens[Scope.READ])


async def test_a_refusal_is_in_the_service_s_own_words(tmp_path: Path) -> None:
    async with api_house(tmp_path) as house, client_of(house) as api:
        with pytest.raises(Refused, match="telephony token create --scope call"):
            await api.ask("POST", "/calls", WISH)
        assert await api.ask("GET", "/calls") == {"calls": []}


async def test_somebody_else_s_service_is_none() -> None:
    async def page(_request: web.Request) -> web.Response:
        return web.Response(text="<html>")

    app = web.Application()
    app.router.add_get("/api/calls", page)
    async with TestServer(app) as server, ApiClient(str(server.make_url("/")), "t") as api:
        with pytest.raises(Unreachable):
            await api.ask("GET", "/calls")


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    monkeypatch.chdir(tmp_path)
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        monkeypatch.setenv("TELEPHONY_API_URL", f"http://127.0.0.1:{closed.getsockname()[1]}")
    monkeypatch.delenv("TELEPHONY_API_TOKEN", raising=False)
    return WISH


def test_without_a_token_it_is_told_how_to_make_one(
    settings: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    assert dial(**settings) == 2
    assert "telephony token create --scope call" in capsys.readouterr().err


def test_without_a_service_it_is_told_to_start_one(
    settings: dict[str, Any], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TELEPHONY_API_TOKEN", "telephony_x")
    assert dial(**settings) == 2
    told_problem = capsys.readouterr().err
    assert "telephony serve" in told_problem
    assert "telephony_x" not in told_problem
    assert THEIR_NUMBER not in told_problem
