"""A REST API on loopback that answers as its test says and keeps what it was asked."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web
from aiohttp.test_utils import TestServer

from tests.carriers.twilio.wire import text


@dataclass(frozen=True, slots=True)
class Asked:
    """One request."""

    method: str
    path: str
    form: dict[str, list[str]]
    authorization: str


@dataclass
class Rest:
    """Each answer is a status and a body; the last one goes on being given. `silent` gives none at all."""

    answers: list[tuple[int, str]] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    silent: bool = False
    url: str = ""

    def answer(self, status: int, fixture: str) -> None:
        """Answers with one of Twilio's fixtures."""
        self.answers.append((status, text(fixture)))

    async def _serve(self, request: web.Request) -> web.Response:
        form = await request.post()
        fields = {name: [str(value) for value in form.getall(name)] for name in form}
        self.asked.append(Asked(request.method, request.path_qs, fields, request.headers.get("Authorization", "")))
        if self.silent:
            await asyncio.Event().wait()
        status, body = self.answers[0] if len(self.answers) == 1 else self.answers.pop(0)
        return web.Response(status=status, text=body, content_type="application/json")


@asynccontextmanager
async def answering() -> AsyncIterator[Rest]:
    rest = Rest()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", rest._serve)
    async with TestServer(app) as server:
        rest.url = str(server.make_url("")).rstrip("/")
        yield rest
