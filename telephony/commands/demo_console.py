"""`telephony demo --console`: the console in a browser, a fixture call in it, and another one at a button."""

import asyncio
import secrets
import shutil
import webbrowser
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from aiohttp import web
from pydantic import BaseModel, ConfigDict, ValidationError
from rich.console import Console

from telephony.api.problem import Problem
from telephony.console.key_file import console_key
from telephony.console.session_cookie import SessionCookies
from telephony.records.store import Store
from telephony.records.store.users import UserRole
from telephony.replay.console_stage import ConsoleStage, name_of
from telephony.simulator.scenario import Scenario

USER: Final = "demo"
SETTLE_S: Final = 1.0
"""Before the first call, so that it is seen from its beginning."""


async def demo_console(scenarios: list[Scenario], out: Path, console: Console, *, opens: bool = True) -> None:
    """Until cancelled. The first call is played at once. Raises ProcessFailed."""
    async with demo_stage(scenarios, out / "work") as (stage, link):
        console.print(f"the console: {link}", markup=False, soft_wrap=True)
        console.print("it lets you in once; end with Ctrl-C", style="dim")
        if opens:
            await asyncio.to_thread(webbrowser.open, link)
        await asyncio.sleep(SETTLE_S)
        stage.play(name_of(scenarios[0]))
        await asyncio.Event().wait()


@asynccontextmanager
async def demo_stage(scenarios: list[Scenario], work: Path) -> AsyncIterator[tuple[ConsoleStage, str]]:
    """A running stage with its button, and the link by which its console is entered. `work` is emptied first."""
    await asyncio.to_thread(shutil.rmtree, work, ignore_errors=True)
    secret = secrets.token_hex(16)
    runner = web.AppRunner(web.Application(), access_log=None, shutdown_timeout=1.0)
    button = Button(f"/{secret}")
    runner.app.add_routes(button.routes())
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        demo_url = f"http://127.0.0.1:{runner.addresses[0][1]}/{secret}"
        stage = ConsoleStage(scenarios, work, {"TELEPHONY_DEMO_URL": demo_url})
        ticket = await _entry(stage.data_dir)
        async with stage:
            button.stage = stage
            yield stage, f"{stage.url}/enter#{ticket}"
    finally:
        await runner.cleanup()


class Wish(BaseModel):
    """What the service sends when the button is pressed."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    call: str


class Button:
    """What the console's button does, on an address of this machine that only the service knows."""

    def __init__(self, path: str) -> None:
        self._path = path
        self.stage: ConsoleStage | None = None

    def routes(self) -> list[web.RouteDef]:
        return [web.get(self._path, self._list), web.post(self._path, self._play)]

    async def _list(self, _request: web.Request) -> web.Response:
        titles = self.stage.titles if self.stage else {}
        calls = [{"name": name, "title": title} for name, title in titles.items()]
        return web.json_response({"calls": calls, "running": self.stage.running if self.stage else None})

    async def _play(self, request: web.Request) -> web.Response:
        try:
            wish = Wish.model_validate_json(await request.read())
        except ValidationError:
            return Problem(422, "name one of the demo's calls").response()
        if self.stage is None or not self.stage.play(wish.call):
            return Problem(409, "a call is being played, or this is none of the demo's calls").response()
        return web.json_response({"running": wish.call}, status=202)


async def _entry(data_dir: Path) -> str:
    """Makes a user of the demo's console whose password nobody knows, and a ticket to enter by."""
    await asyncio.to_thread(data_dir.mkdir, parents=True, exist_ok=True)
    now = datetime.now(UTC)
    store = await Store.open(None, data_dir)
    try:
        user = await store.users.add(USER, UserRole.ADMIN, secrets.token_urlsafe(32), now)
    finally:
        await store.close()
    key = await asyncio.to_thread(console_key, data_dir)
    return SessionCookies(key).ticket(user.name, user.created, now)
