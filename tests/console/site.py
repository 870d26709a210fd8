"""A console on loopback: a real store, a user of each role, a feed that tests tell what calls would, and the API."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import Any, cast

from aiohttp import ClientSession, CookieJar, web
from aiohttp.test_utils import TestServer
from argon2 import PasswordHasher

from telephony.api.app import api_app
from telephony.api.desk import Archive, Desk
from telephony.api.gate import Gates
from telephony.api.house_routes import HouseRoutes
from telephony.api.rate import Rate
from telephony.calls.observer import CallMoved, Caption, LegMoved, Reading, Role
from telephony.calls.state import CallState, LegState
from telephony.console.console import Console, ConsoleSettings
from telephony.console.feed import Feed
from telephony.engines.base import Side
from telephony.records.store.store import Store
from telephony.records.store.users import UserRole, Users

PASSWORD = "a password of a test"
PRICE = 0.6
QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@dataclass
class Times:
    """The clocks of the console, which go on by themselves and by what a test adds."""

    added: float = 0.0

    def now(self) -> float:
        return monotonic() + self.added

    def wall(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=self.added)


@dataclass
class Site:
    """What a test may touch. `url` has no slash at its end."""

    url: str
    console: Console
    users: Users
    times: Times
    sessions: list[ClientSession] = field(default_factory=list)

    @property
    def feed(self) -> Feed:
        return self.console.feed

    def browser(self) -> ClientSession:
        """With a cookie jar of its own, that takes cookies of 127.0.0.1, and the Origin of our own page."""
        session = ClientSession(self.url, cookie_jar=CookieJar(unsafe=True), headers={"Origin": self.url})
        self.sessions.append(session)
        return session

    async def signed_in(self, role: UserRole | None) -> ClientSession:
        """A browser of the user of this role; of nobody for None."""
        browser = self.browser()
        if role is not None:
            answer = await browser.post("/login", json={"name": f"the {role}", "password": PASSWORD})
            assert answer.status == 200, await answer.text()
        return browser


@asynccontextmanager
async def console_site(
    data_dir: Path, *, users: bool = True, demo_url: str | None = None, public_url: str = "http://console.test"
) -> AsyncIterator[Site]:
    """Until the test is over. With `users`, "the agent", "the supervisor" and "the admin" may sign in."""
    store, times = await Store.open(None, data_dir), Times()
    known = Users(store.database, QUICK)
    if users:
        for role in UserRole:
            await known.add(f"the {role}", role, PASSWORD, times.wall())
    settings = ConsoleSettings(data_dir, public_url, PRICE, demo_url=demo_url)
    console = Console(known, settings, times.now, times.wall)
    app = web.Application()
    app.add_routes(console.routes())
    app.on_shutdown.append(console.close)
    rooms = (HouseRoutes(cast(Desk, None), cast(Archive, Archives())),)
    app.add_subapp("/api", api_app(rooms, Gates((console.gate,), Rate(1000, 1000), times.now)))
    async with TestServer(app, host="127.0.0.1") as server:
        site = Site(str(server.make_url("/")).rstrip("/"), console, known, times)
        try:
            yield site
        finally:
            for session in site.sessions:
                await session.close()
    await store.close()


class Archives:
    """What the API's route of holds asks."""

    async def held(self) -> None:
        return None

    async def lift_hold(self) -> None:
        return None


def talk(feed: Feed, call: str, caller: str = "es", agent: str = "en") -> None:
    """A call comes in and is put through."""
    feed.tell(CallMoved(call, CallState.CHOOSING))
    feed.tell(LegMoved(call, "caller", Role.CALLER, caller, LegState.JOINED))
    feed.tell(CallMoved(call, CallState.RINGING))
    feed.tell(LegMoved(call, "agent-1", Role.AGENT, agent, LegState.JOINED))
    feed.tell(CallMoved(call, CallState.TALKING))


def says(feed: Feed, call: str, text: str, speaker: Role = Role.CALLER, **more: Any) -> None:
    """A few words, as heard unless `side` says otherwise."""
    side = more.get("side", Side.HEARD)
    feed.tell(Caption(call, speaker, side, more.get("language", "es"), text))


def reads(feed: Feed, call: str, speaker: Role = Role.CALLER, **more: Any) -> None:
    """A second of a direction: 2.4 s behind, at usual levels."""
    figures = {"lag_s": 0.4, "heard_dbfs": -21.0, "spoken_dbfs": -19.5, "ear_voice_s": 2.4, "own_delay_s": 0.1}
    feed.tell(Reading(call, speaker, **{**figures, "session_s": 1.0, **more}))
