"""The console of a house, put together: its routes, its feed and its gate to the API."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from aiohttp import web

from telephony.api.app import problems
from telephony.calls.clock import Clock
from telephony.console.account_routes import AccountRoutes
from telephony.console.accounts import Accounts
from telephony.console.demo_calls import DemoCalls
from telephony.console.doorway import Doorway
from telephony.console.feed import Feed
from telephony.console.feed_socket import FeedSockets
from telephony.console.first_admin import FirstAdmin
from telephony.console.gate import CookieGate
from telephony.console.key_file import console_key
from telephony.console.origin import Origins
from telephony.console.pages import ALWAYS, NO_SOUND, POLICY, Pages
from telephony.console.session_cookie import SessionCookies
from telephony.records.store.users import Users

Serve = Callable[[web.Request], Awaitable[web.StreamResponse]]

GUARDED: Final = {"/": "console.html", "/try": "try.html"}
"""Pages for whoever is signed in."""

OPEN: Final = {"/login": "login.html", "/first": "login.html", "/enter": "login.html"}


@dataclass(frozen=True, slots=True)
class ConsoleSettings:
    """`live_source`: where /try talks to, "wss://host"; `demo_url`: of a demo's own process, which places calls."""

    data_dir: Path
    public_url: str
    minute_price: float
    live_source: str = ""
    demo_url: str | None = None


class Console:
    """`feed` goes among the call's observers, `gate` among the API's gates, `routes()` into the application, `close`
    among what is done when it shuts down. Raises DatabaseRefused."""

    def __init__(self, users: Users, settings: ConsoleSettings, clock: Clock, wall: Callable[[], datetime]) -> None:
        key = console_key(settings.data_dir)
        self.feed = Feed(clock, wall, settings.minute_price)
        self._public_url = settings.public_url
        self._pages = Pages(settings.live_source)
        self.cookies = SessionCookies(key)
        accounts = Accounts(users, self.cookies, clock, wall)
        self._doorway = Doorway(accounts, Origins(settings.public_url))
        self.gate = CookieGate(self._doorway, key)
        self.sockets = FeedSockets(self.feed, self._doorway)
        self._first_admin = FirstAdmin(users, wall)
        self._demo = DemoCalls(settings.demo_url, self._doorway) if settings.demo_url else None
        self._accounts = AccountRoutes(accounts, self._first_admin, self._doorway, {"demo": bool(settings.demo_url)})

    async def first_link(self) -> str | None:
        """Where the first admin is made, while there is no user. To be shown on the terminal, never logged: the secret
        stands behind the #, which browsers send to no server."""
        secret = await self._first_admin.invitation()
        return f"{self._public_url}/first#{secret}" if secret else None

    def routes(self) -> list[web.RouteDef]:
        """To be added to the application at its root."""
        accounts, demo = self._accounts, self._demo
        return [
            *(web.get(path, _served(self._page(name))) for path, name in GUARDED.items() if self._pages.has(name)),
            *(web.get(path, _served(self._open_page(name))) for path, name in OPEN.items()),
            web.get("/static/{name}", _served(self._static)),
            web.get("/favicon.ico", _served(self._icon)),
            web.get("/feed", _served(self.sockets.serve)),
            web.get("/me", _served(accounts.me)),
            web.post("/login", _served(accounts.sign_in)),
            web.post("/enter", _served(accounts.enter)),
            web.post("/logout", _served(accounts.sign_out)),
            web.post("/first", _served(accounts.first)),
            *((web.get("/demo", _served(demo.list)), web.post("/demo", _served(demo.play))) if demo else ()),
        ]

    async def close(self, _app: web.Application) -> None:
        """An open websocket would hold up the end of the service."""
        await self.sockets.close()

    def _page(self, name: str) -> Serve:
        async def serve(request: web.Request) -> web.StreamResponse:
            if await self._doorway.user(request) is None:
                return web.Response(status=303, headers={"Location": "/login", "Cache-Control": "no-store"})
            return self._pages.page(name)

        return serve

    def _open_page(self, name: str) -> Serve:
        async def serve(_request: web.Request) -> web.StreamResponse:
            return self._pages.page(name)

        return serve

    async def _static(self, request: web.Request) -> web.StreamResponse:
        return self._pages.static(request.match_info["name"])

    async def _icon(self, _request: web.Request) -> web.StreamResponse:
        return self._pages.static("icon.svg")


def _served(serve: Serve) -> Serve:
    """With the rules for browsers on every answer, and a problem document for whatever goes wrong."""

    async def answer(request: web.Request) -> web.StreamResponse:
        response = await problems(request, serve)
        if not response.prepared:
            rules = {**ALWAYS, "Content-Security-Policy": POLICY.format(more=""), "Permissions-Policy": NO_SOUND}
            for name, value in rules.items():
                response.headers.setdefault(name, value)
        return response

    return answer
