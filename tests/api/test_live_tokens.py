"""Tokens for people's own apps: their bounds, how many, and what they count against the day."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from telephony.api.allowance import DayAllowance
from telephony.api.live_tokens import LONGEST_S, MOST_USES, LiveTokenRoutes
from telephony.api.rate import Rate
from telephony.calls.guards.limits import Bounds, Limits
from telephony.engines.base import SessionRefused, Trouble
from telephony.records.store.tokens import Scope
from tests.api.house import NOON, ApiHouse, Json, Plan, api_house

LOCKED = {"mode": "locked", "target_language": "de"}


class PaperMint:
    """Keeps what it was asked for; refuses if it is told to."""

    model = "models/of-a-test"
    address = "wss://live.example/ws/Constrained"

    def __init__(self) -> None:
        self.asked: list[tuple[str | None, dict[str, Any]]] = []
        self.refuses: Trouble | None = None

    async def mint(self, target_language: str | None, **more: Any) -> str:
        if self.refuses:
            raise SessionRefused(self.refuses, "a secret detail")
        self.asked.append((target_language, more))
        return f"auth_tokens/{len(self.asked)}"


class Day:
    """A mint, the limits of a day, and what was written of them."""

    def __init__(self, bounds: Bounds | None = None, rate: Rate | None = None) -> None:
        self.mint = PaperMint()
        self.limits = Limits(bounds or Bounds(minute_price=0.5))
        self.kept: list[tuple[date, float, int]] = []
        self.now = 1000.0
        allowance = DayAllowance(self.limits, lambda *kept: self.kept.append(kept), self.wall)
        self.routes = LiveTokenRoutes(
            self.mint, allowance, lambda: self.now, self.wall, Rate(100, 1000) if rate is None else rate
        )

    def wall(self) -> datetime:
        return NOON


@asynccontextmanager
async def house_with(day: Day, tmp_path: Path) -> AsyncIterator[ApiHouse]:
    async with api_house(tmp_path, Plan(more=(day.routes,))) as house:
        yield house


@pytest.fixture
def day() -> Day:
    return Day()


@pytest.fixture
async def house(day: Day, tmp_path: Path) -> AsyncIterator[ApiHouse]:
    async with house_with(day, tmp_path) as one:
        yield one


async def ask(house: ApiHouse, body: Json, scope: Scope | None = Scope.CALL) -> tuple[int, Json]:
    return await house.ask("POST", "/api/live-tokens", body, scope=scope)


async def test_a_locked_token_is_made_for_one_language(house: ApiHouse, day: Day) -> None:
    status, made = await ask(house, {**LOCKED, "echo_target_language": True, "uses": 2, "expires_in_s": 600})
    assert status == 201
    assert made == {
        "token": "auth_tokens/1",
        "url": "wss://live.example/ws/Constrained",
        "model": "models/of-a-test",
        "mode": "locked",
        "target_language": "de",
        "echo_target_language": True,
        "uses": 2,
        "expires_at": "2030-05-04T12:10:00Z",
        "new_sessions_until": "2030-05-04T12:01:00Z",
        "reserved_session_minutes": 20.0,
    }
    minute, ten = NOON + timedelta(minutes=1), NOON + timedelta(minutes=10)
    assert day.mint.asked == [("de", {"echo": True, "uses": 2, "expires": ten, "new_sessions_until": minute})]


async def test_an_unlocked_token_is_made_for_none(house: ApiHouse, day: Day) -> None:
    status, made = await ask(house, {"mode": "unlocked"})
    assert status == 201
    assert (made["target_language"], made["echo_target_language"]) == (None, None)
    assert [target for target, _ in day.mint.asked] == [None]


async def test_a_token_is_locked_good_once_and_for_half_an_hour_unless_said(house: ApiHouse) -> None:
    _, made = await ask(house, {"target_language": "iw"})
    assert (made["mode"], made["uses"], made["expires_at"]) == ("locked", 1, "2030-05-04T12:30:00Z")
    assert made["target_language"] == "he"
    assert made["echo_target_language"] is False


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"mode": "locked"}, "target_language"),
        ({"mode": "open"}, "mode"),
        ({"mode": "locked", "target_language": "tlh"}, "target_language"),
        ({"mode": "unlocked", "target_language": "de"}, "target_language"),
        ({"mode": "unlocked", "echo_target_language": False}, "echo_target_language"),
        ({**LOCKED, "echo_target_language": "yes"}, "echo_target_language"),
        ({**LOCKED, "uses": 0}, "uses"),
        ({**LOCKED, "uses": MOST_USES + 1}, "uses"),
        ({**LOCKED, "uses": 1.5}, "uses"),
        ({**LOCKED, "expires_in_s": 29}, "expires_in_s"),
        ({**LOCKED, "expires_in_s": 20 * 3600}, "expires_in_s"),
        ({**LOCKED, "new_session_in_s": 0}, "new_session_in_s"),
        ({**LOCKED, "new_session_in_s": 20 * 3600, "expires_in_s": LONGEST_S}, "new_session_in_s"),
        ({**LOCKED, "new_session_in_s": 61, "expires_in_s": 60}, "new_session_in_s"),
    ],
    ids=str,
)
async def test_what_is_wrong_is_named(house: ApiHouse, day: Day, body: Json, field: str) -> None:
    status, problem = await ask(house, body)
    assert status == 422
    assert [error["field"] for error in problem["errors"]] == [field]
    assert field in problem["detail"]
    assert day.mint.asked == []
    assert day.limits.used(NOON).session_s == 0


async def test_the_longest_life_is_within_the_bound_of_the_service(house: ApiHouse) -> None:
    body = {**LOCKED, "expires_in_s": LONGEST_S, "new_session_in_s": LONGEST_S}
    status, made = await ask(house, body)
    assert status == 201
    assert datetime.fromisoformat(made["expires_at"]) < NOON + timedelta(hours=20)


@pytest.mark.parametrize(("scope", "status"), [(None, 401), (Scope.READ, 403), (Scope.CALL, 201), (Scope.ADMIN, 201)])
async def test_only_who_may_call_gets_one(house: ApiHouse, scope: Scope | None, status: int) -> None:
    assert (await ask(house, LOCKED, scope))[0] == status


async def test_nobody_gets_any_number_of_them(tmp_path: Path) -> None:
    day = Day(rate=Rate(0.2, 2))
    async with house_with(day, tmp_path) as house:
        assert [(await ask(house, LOCKED))[0] for _ in range(3)] == [201, 201, 429]
        assert (await ask(house, LOCKED, Scope.ADMIN))[0] == 201, "each holder has a rate of their own"
        answer = await house.raw("POST", "/api/live-tokens", LOCKED, scope=Scope.CALL)
        assert 5 <= int(answer.headers["Retry-After"]) <= 6
        day.now += 5.0
        assert (await ask(house, LOCKED))[0] == 201


async def test_a_token_counts_with_all_it_may_use(house: ApiHouse, day: Day) -> None:
    await ask(house, {**LOCKED, "uses": 3, "expires_in_s": 600})
    used = day.limits.used(NOON)
    assert (used.session_s, used.spend) == (1800.0, 15.0)
    assert day.kept == [(NOON.date(), 1800.0, 15_000_000)]


@pytest.mark.parametrize(
    ("bounds", "reason"),
    [(Bounds(minutes_a_day=25), "day-minutes"), (Bounds(spend_a_day=12.5, minute_price=0.5), "day-spend")],
)
async def test_a_day_has_room_for_so_much(tmp_path: Path, bounds: Bounds, reason: str) -> None:
    day = Day(bounds)
    async with house_with(day, tmp_path) as house:
        assert (await ask(house, {**LOCKED, "expires_in_s": 1200}))[0] == 201
        status, problem = await ask(house, {**LOCKED, "expires_in_s": 600})
        assert (status, problem["reason"]) == (429, reason)
        assert "shorter life" in problem["detail"]
        assert (await ask(house, {**LOCKED, "expires_in_s": 300}))[0] == 201, "what fits is still given"
        assert (await ask(house, {**LOCKED, "expires_in_s": 60}))[0] == 429
    assert day.limits.used(NOON).session_s == 1500


@pytest.mark.parametrize("name", ["held", "draining"])
async def test_none_is_made_while_new_calls_are_not_taken(house: ApiHouse, day: Day, name: str) -> None:
    setattr(day.limits, name, True)
    status, problem = await ask(house, LOCKED)
    assert (status, problem["reason"]) == (503, name)


@pytest.mark.parametrize(
    ("trouble", "status"),
    [(Trouble.KEY, 502), (Trouble.SETUP, 502), (Trouble.QUOTA, 503), (Trouble.UNREACHABLE, 503)],
)
async def test_a_mint_that_refuses_costs_nothing_and_tells_no_secret(
    house: ApiHouse, day: Day, trouble: Trouble, status: int
) -> None:
    day.mint.refuses = trouble
    answered, problem = await ask(house, LOCKED)
    assert (answered, problem["reason"]) == (status, trouble)
    assert "secret" not in str(problem)
    assert day.limits.used(NOON).session_s == 0
    day.mint.refuses = None
    day.limits.bounds = Bounds(minutes_a_day=30)
    assert (await ask(house, LOCKED))[0] == 201, "what was set aside for it is there again"


async def test_what_is_set_aside_for_one_is_not_there_for_another() -> None:
    limits = Limits(Bounds(minutes_a_day=10))
    allowance = DayAllowance(limits, lambda *_: None, lambda: NOON)
    assert allowance.hold(400) is None
    assert allowance.hold(400) == "day-minutes"
    allowance.give_back(400)
    assert allowance.hold(400) is None
    allowance.spend(400)
    assert allowance.hold(200) is None
    assert limits.used(NOON).session_s == 400
