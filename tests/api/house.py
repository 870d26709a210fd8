"""A house with an API on loopback: a real switchboard, roster and store, phones that ring for ever, a token a scope."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from telephony.api.gate import Gates, TokenGate, written
from telephony.api.house_api import house_api
from telephony.api.rate import Rate
from telephony.api.store_archive import StoreArchive, StoredTokens
from telephony.api.switchboard_desk import SwitchboardDesk
from telephony.calls.agent import Agent
from telephony.calls.guards.limits import Bounds, Limits
from telephony.calls.house import House
from telephony.calls.observer import Observers
from telephony.calls.profile import Profile, Profiles, house_profile
from telephony.calls.roster import Roster
from telephony.calls.switchboard import Switchboard
from telephony.carriers.base import LegStatus
from telephony.records.office import Office
from telephony.records.store.tokens import Scope, Token
from tests.fakes import EchoEngine

NOON = datetime(2030, 5, 4, 12, tzinfo=UTC)
OUR_NUMBER = "+12025550100"
THEIR_NUMBER, MY_NUMBER = "+12025550143", "+12025550144"
ANA, BEN = "+12025550122", "client:ben"

Json = dict[str, Any]


class RingingControl:
    """Places calls that ring until they are hung up, and keeps what was asked of it."""

    def __init__(self) -> None:
        self.dialled: list[str] = []
        self.ended: list[str] = []

    async def dial(self, address: str, *, call: str, leg: str, **more: object) -> str:
        self.dialled.append(address)
        return f"{call}-{leg}"

    async def redirect(self, carrier_call: str, *, call: str, leg: str, step: str) -> None:
        return

    async def hang_up(self, carrier_call: str) -> None:
        self.ended.append(carrier_call)

    async def standing(self, carrier_call: str) -> LegStatus:
        return LegStatus.CANCELED if carrier_call in self.ended else LegStatus.RINGING


@dataclass
class ApiHouse:
    """What a test may touch. `clock` and `wall` stand still until a test moves them."""

    client: TestClient[web.Request, web.Application]
    office: Office
    switchboard: Switchboard
    house: House
    control: RingingControl
    tokens: dict[Scope, str]
    known: dict[Scope, Token]
    data_dir: Path
    times: "Times"

    async def ask(
        self,
        verb: str,
        path: str,
        body: object = None,
        *,
        scope: Scope | None = Scope.ADMIN,
        headers: dict[str, str] | None = None,
        **more: Any,
    ) -> tuple[int, Json]:
        """The status and the JSON of an answer."""
        answer = await self.raw(verb, path, body, scope=scope, headers=headers, **more)
        return answer.status, await answer.json() if answer.content_length else {}

    async def raw(
        self,
        verb: str,
        path: str,
        body: object = None,
        *,
        scope: Scope | None = Scope.ADMIN,
        headers: dict[str, str] | None = None,
        **more: Any,
    ) -> Any:
        """An answer, its body read."""
        sent = dict(headers or {})
        if scope is not None:
            sent["Authorization"] = f"Bearer {self.tokens[scope]}"
        if body is not None:
            more["json"] = body
        answer = await self.client.request(verb, path, headers=sent, **more)
        await answer.read()
        return answer


@dataclass
class Times:
    """Two clocks that a test moves."""

    now: float = 1000.0
    wall: datetime = NOON

    def pass_by(self, seconds: float) -> None:
        self.now += seconds
        self.wall += timedelta(seconds=seconds)


@dataclass(frozen=True)
class Plan:
    """What a test wants of its house."""

    bounds: Bounds = field(default_factory=Bounds)
    rate: Rate = field(default_factory=lambda: Rate(1000, 100_000))
    lines: tuple[Profile, ...] = ()
    countries: frozenset[str] | None = frozenset({"US"})
    more: tuple[object, ...] = ()


@asynccontextmanager
async def api_house(data_dir: Path, plan: Plan | None = None) -> AsyncIterator[ApiHouse]:
    """The house, until the test is over; its calls are ended then."""
    plan, times, control = plan or Plan(), Times(), RingingControl()
    loop_time = asyncio.get_running_loop().time
    office = await Office.open(None, data_dir, loop_time, lambda: times.wall)
    agents = Roster((Agent("ana", ANA, ("en", "es")), Agent("ben", BEN, ("en",), priority=2)))
    house = House(
        Profiles(house_profile(("en", "es"), "en", OUR_NUMBER), plan.lines),
        agents,
        control,
        EchoEngine(),
        Observers(),
        loop_time,
        office.register,
        Limits(plan.bounds),
        wall=lambda: times.wall,
    )
    switchboard = Switchboard(house)
    desk = SwitchboardDesk(switchboard, house, office.store.calls, plan.countries)
    archive = StoreArchive(office.store, data_dir, lambda: times.wall)
    gate = TokenGate(StoredTokens(office.store.tokens, office.keeper), lambda: times.wall)
    gates = Gates((gate,), plan.rate, lambda: times.now)
    root = web.Application()
    root.add_subapp("/api", house_api(desk, archive, gates, lambda: times.wall, plan.more))
    made = {scope: await office.store.tokens.create(f"the {scope} token", scope, NOON) for scope in Scope}
    tokens = {scope: written(token, secret) for scope, (token, secret) in made.items()}
    known = {scope: token for scope, (token, _) in made.items()}
    async with TestClient(TestServer(root)) as client:
        try:
            yield ApiHouse(client, office, switchboard, house, control, tokens, known, data_dir, times)
        finally:
            await switchboard.close()
            await office.close()
