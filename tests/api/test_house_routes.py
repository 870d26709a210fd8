from datetime import timedelta
from pathlib import Path

import pytest

from telephony.calls.guards.limits import Bounds
from telephony.ivr.languages import ALL
from telephony.records.store.holds import HOLD_CALLS
from telephony.records.store.tokens import Scope
from telephony.records.store.trouble import StoreUnavailable
from tests.api.house import NOON, THEIR_NUMBER, ApiHouse, Plan, api_house

WISH = {"to": THEIR_NUMBER, "to_language": "de", "from_language": "en"}
FREE = {"held": False, "since": None, "by": None}


async def test_calls_are_held_and_let_come_again(house: ApiHouse) -> None:
    assert await house.ask("GET", "/api/hold", scope=Scope.READ) == (200, FREE)
    held = {"held": True, "since": "2030-05-04T12:00:00Z", "by": "the admin token"}
    assert await house.ask("PUT", "/api/hold") == (200, held)
    status, problem = await house.ask("POST", "/api/calls", WISH)
    assert (status, problem["reason"]) == (503, "held")
    assert "telephony hold-calls --off" in problem["detail"]
    assert (await house.ask("DELETE", "/api/hold"))[0] == 204
    assert await house.ask("GET", "/api/hold") == (200, FREE)
    assert (await house.ask("POST", "/api/calls", WISH))[0] == 201


async def test_a_hold_that_stands_keeps_its_time_and_one_that_is_lifted_may_be_lifted_again(house: ApiHouse) -> None:
    first = await house.ask("PUT", "/api/hold")
    house.times.pass_by(60)
    assert await house.ask("PUT", "/api/hold") == first
    assert [(await house.ask("DELETE", "/api/hold"))[0] for _ in range(2)] == [204, 204]


async def test_a_hold_is_kept_for_other_processes(house: ApiHouse) -> None:
    await house.ask("PUT", "/api/hold")
    assert await house.office.store.holds.find(HOLD_CALLS) is not None


async def test_calls_are_held_here_though_the_store_is_away(house: ApiHouse, monkeypatch: pytest.MonkeyPatch) -> None:
    async def away(*_: object) -> None:
        raise StoreUnavailable("SQLITE_BUSY")

    monkeypatch.setattr(house.office.store.holds, "place", away)
    assert (await house.ask("PUT", "/api/hold"))[0] == 503
    assert house.house.limits.held


async def test_every_language_is_listed(house: ApiHouse) -> None:
    _, told = await house.ask("GET", "/api/languages", scope=Scope.READ)
    listed = {one["code"]: one for one in told["languages"]}
    assert list(listed) == [language.code for language in ALL]
    assert listed["ar"] | {"announcements": True} == listed["ar"]
    assert (listed["ar"]["right_to_left"], listed["de"]["autonym"]) == (True, "Deutsch")
    assert {one["announcements"] for one in listed.values()} == {True, False}


async def test_what_the_days_used_is_told_with_the_limits(tmp_path: Path) -> None:
    async with api_house(tmp_path, Plan(Bounds(calls_at_once=5, spend_a_day=20.0, minute_price=0.05))) as house:
        yesterday = NOON.date() - timedelta(days=1)
        await house.office.store.usage.add(yesterday, 600.0, 3, 500_000)
        await house.office.store.usage.add(yesterday - timedelta(days=6), 60.0, 1, 50_000)
        _, told = await house.ask("GET", "/api/usage", scope=Scope.READ)
    assert told["days"] == [{"day": "2030-05-03", "calls": 3, "session_minutes": 10.0, "spend": 0.5}]
    assert (told["today"], told["minute_price"]) == ("2030-05-04", 0.05)
    assert told["limits"] == {"calls_at_once": 5, "calls_an_hour": None, "minutes_a_day": None, "spend_a_day": 20.0}


async def test_as_many_days_are_told_as_are_asked_for(house: ApiHouse) -> None:
    for back in range(3):
        await house.office.store.usage.add(NOON.date() - timedelta(days=back), 60.0)
    counted = [len((await house.ask("GET", f"/api/usage?days={days}"))[1]["days"]) for days in (1, 2, 366)]
    assert counted == [1, 2, 3]
