"""Calls over the API: looking, placing, ending."""

from pathlib import Path

import pytest
from structlog.testing import capture_logs

from telephony.api.call_routes import DETAILS
from telephony.calls.guards.limits import Bounds
from telephony.calls.guards.reason import Reason
from telephony.calls.profile import Profile
from telephony.records.store.consents import Consent
from telephony.records.store.tokens import Scope
from tests.api.house import ANA, MY_NUMBER, NOON, OUR_NUMBER, THEIR_NUMBER, ApiHouse, Plan, api_house
from tests.records.store.snapshots import ended

WISH = {"to": THEIR_NUMBER, "to_language": "de", "from_language": "en", "me": MY_NUMBER}
NOWHERE = 32 * "0"


async def test_nobody_calls_and_nobody_is_shown(house: ApiHouse) -> None:
    assert await house.ask("GET", "/api/calls", scope=Scope.READ) == (200, {"calls": []})


async def test_a_call_that_is_placed_rings_me_first_and_can_be_followed(house: ApiHouse) -> None:
    placed = await house.raw("POST", "/api/calls", WISH, scope=Scope.CALL)
    call = await placed.json()
    assert placed.status == 201
    assert (call["direction"], call["state"], call["caller_language"]) == ("out", "summoning", "de")
    assert placed.headers["Location"] == f"/api/calls/{call['id']}"
    status, again = await house.ask("GET", placed.headers["Location"], scope=Scope.READ)
    assert (status, again["id"], again["agent_language"]) == (200, call["id"], "en")
    assert [one["id"] for one in (await house.ask("GET", "/api/calls"))[1]["calls"]] == [call["id"]]
    assert house.control.dialled == [MY_NUMBER]


async def test_a_call_shows_who_agreed_to_what_and_that_it_is_not_whole(house: ApiHouse) -> None:
    store, call = house.office.store, 32 * "c"
    await store.calls.keep([ended(call)])
    for leg, version, granted in (("caller", "1", True), ("agent-1", "2", False)):
        await store.consents.keep(Consent(call, leg, version, "es", granted, NOON))
    _, shown = await house.ask("GET", f"/api/calls/{call}")
    answers = {one["leg"]: (one["text_version"], one["language"], one["granted"]) for one in shown["consents"]}
    assert answers == {"caller": ("1", "es", True), "agent-1": ("2", "es", False)}
    assert not shown["incomplete"]
    await store.calls.mark_incomplete([call])
    assert (await house.ask("GET", f"/api/calls/{call}"))[1]["incomplete"]


async def test_what_is_shown_of_a_call_holds_no_number(house: ApiHouse) -> None:
    placed = await house.raw("POST", "/api/calls", WISH | {"me": ANA})
    call = await placed.json()
    shown = await placed.text() + await (await house.raw("GET", f"/api/calls/{call['id']}")).text()
    assert not [number for number in (THEIR_NUMBER, ANA, OUR_NUMBER) if number[1:] in shown]


async def test_an_agent_who_calls_out_is_busy(house: ApiHouse) -> None:
    _, call = await house.ask("POST", "/api/calls", WISH | {"me": ANA})
    await house.ask("GET", f"/api/calls/{call['id']}")
    _, roster = await house.ask("GET", "/api/agents")
    assert [agent["busy"] for agent in roster["agents"]] == [True, False]


async def test_an_agent_in_a_call_gets_no_other(house: ApiHouse) -> None:
    await house.ask("POST", "/api/calls", WISH | {"me": ANA})
    await house.ask("GET", "/api/calls")
    status, problem = await house.ask("POST", "/api/calls", WISH | {"me": ANA})
    assert (status, "in a call" in problem["detail"]) == (409, True)
    assert house.control.dialled == [ANA]


async def test_what_is_asked_for_is_logged_without_numbers_and_tokens(house: ApiHouse) -> None:
    with capture_logs() as logged:
        await house.ask("POST", "/api/calls", WISH, scope=Scope.CALL)
        await house.ask("POST", "/api/calls", WISH | {"to": "+4915123456789"})
    asked = [line for line in logged if line["event"] == "api"]
    assert [line["operation"] for line in asked] == 2 * ["place_call"]
    assert asked[0]["holder"] == house.known[Scope.CALL].id
    secrets = (THEIR_NUMBER, MY_NUMBER, "4915123456789", house.tokens[Scope.CALL].split("_", 2)[2])
    assert not [secret for secret in secrets if secret in str(logged)]


async def test_without_me_an_agent_is_rung(house: ApiHouse) -> None:
    await house.ask("POST", "/api/calls", {key: WISH[key] for key in WISH if key != "me"})
    await house.ask("GET", "/api/calls")
    assert house.control.dialled == [ANA]


async def test_a_call_may_be_placed_for_a_line(tmp_path: Path) -> None:
    line = Profile("hotline", ("en", "de"), "en")
    async with api_house(tmp_path, Plan(lines=(line,))) as house:
        _, call = await house.ask("POST", "/api/calls", WISH | {"line": "hotline"})
        assert call["line"] == "hotline"


@pytest.mark.parametrize(
    ("changed", "field", "remedy"),
    [
        ({"to": "+12025550100"}, "to", "number of this line itself"),
        ({"to": "+13005550100"}, "to", "no country has"),
        ({"to": "+19005550100"}, "to", "premium"),
        ({"to": "+4915123456789"}, "to", "country that is not allowed"),
        ({"to": "911"}, "to", "emergency"),
        ({"to": "555 0100"}, "to", "country code"),
        ({"to": "client:ben"}, "to", "country code"),
        ({"me": "+4915123456789"}, "me", "country that is not allowed"),
        ({"me": "client:carl"}, "me", "country code"),
        ({"to_language": "gr"}, "to_language", "el (Greek)"),
        ({"from_language": "+12025550143"}, "from_language", "a language code"),
        ({"line": "other"}, "line", "name of a line"),
        ({"to": 12025550143}, "to", "+12025550123"),
        ({"to": None}, "to", "the number to call"),
        ({"+12025550143": "x"}, "", "its fields: to, to_language"),
    ],
)
async def test_a_wish_that_cannot_be_names_the_field_and_the_remedy(
    house: ApiHouse, changed: dict[str, object], field: str, remedy: str
) -> None:
    wish = {key: value for key, value in (WISH | changed).items() if value is not None}
    status, problem = await house.ask("POST", "/api/calls", wish)
    assert (status, problem["errors"][0]["field"]) == (422, field)
    assert remedy in problem["errors"][0]["remedy"]
    assert house.control.dialled == []
    sent = {*map(str, changed.values()), *changed}
    assert not [text for text in sent if sum(map(str.isdigit, text)) > 6 and text in str(problem)]


async def test_the_same_key_places_one_call(house: ApiHouse) -> None:
    once = {"Idempotency-Key": "order-1"}
    first = await house.ask("POST", "/api/calls", WISH, headers=once)
    assert await house.ask("POST", "/api/calls", WISH, headers=once) == first
    assert len(house.switchboard.live) == 1


async def test_another_key_or_another_token_places_another_call(house: ApiHouse) -> None:
    await house.ask("POST", "/api/calls", WISH, headers={"Idempotency-Key": "order-1"})
    await house.ask("POST", "/api/calls", WISH, headers={"Idempotency-Key": "order-2"})
    await house.ask("POST", "/api/calls", WISH, headers={"Idempotency-Key": "order-1"}, scope=Scope.CALL)
    assert len(house.switchboard.live) == 3


async def test_a_key_is_for_one_request_only(house: ApiHouse) -> None:
    once = {"Idempotency-Key": "order-1"}
    await house.ask("POST", "/api/calls", WISH, headers=once)
    status, problem = await house.ask("POST", "/api/calls", WISH | {"to_language": "fr"}, headers=once)
    assert (status, problem["reason"]) == (422, "key-reused")


async def test_a_call_that_was_turned_down_may_be_asked_for_again_with_its_key(house: ApiHouse) -> None:
    once = {"Idempotency-Key": "order-1"}
    house.house.limits.held = True
    assert (await house.ask("POST", "/api/calls", WISH, headers=once))[0] == 503
    house.house.limits.held = False
    assert (await house.ask("POST", "/api/calls", WISH, headers=once))[0] == 201


async def test_a_full_line_says_so(tmp_path: Path) -> None:
    async with api_house(tmp_path, Plan(Bounds(calls_at_once=1))) as house:
        await house.ask("POST", "/api/calls", WISH)
        refused = await house.raw("POST", "/api/calls", WISH)
        assert (refused.status, (await refused.json())["reason"]) == (503, "line-full")
        assert int(refused.headers["Retry-After"]) > 0


async def test_a_day_that_is_used_up_says_when_the_next_one_begins(tmp_path: Path) -> None:
    async with api_house(tmp_path, Plan(Bounds(minutes_a_day=1))) as house:
        house.house.limits.meter(60, NOON)
        refused = await house.raw("POST", "/api/calls", WISH)
        assert (refused.status, (await refused.json())["reason"]) == (429, "day-minutes")
        assert refused.headers["Retry-After"] == str(12 * 3600)


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_has_words(reason: Reason) -> None:
    assert reason in DETAILS


async def test_a_call_is_hung_up_once(house: ApiHouse) -> None:
    _, call = await house.ask("POST", "/api/calls", WISH)
    where = f"/api/calls/{call['id']}"
    assert (await house.ask("POST", f"{where}/hang-up", scope=Scope.CALL))[0] == 202
    await house.switchboard.close()
    _, over = await house.ask("GET", where)
    assert (over["state"], over["outcome"]) == ("ended", "ended-by-request")
    status, problem = await house.ask("POST", f"{where}/hang-up")
    assert (status, problem["detail"]) == (409, "this call is over already")


async def test_a_call_of_another_process_is_shown_and_not_hung_up(house: ApiHouse) -> None:
    kept = ended(32 * "a")
    await house.office.store.calls.keep([kept])
    _, shown = await house.ask("GET", f"/api/calls/{kept.id}")
    assert (shown["outcome"], shown["session_seconds"], shown["legs"][1]["agent"]) == ("caller-hung-up", 12.5, "ana")
    assert (await house.ask("POST", f"/api/calls/{kept.id}/hang-up"))[0] == 404


async def test_no_human_is_called_before_two_people_talk(house: ApiHouse) -> None:
    _, call = await house.ask("POST", "/api/calls", WISH)
    status, problem = await house.ask("POST", f"/api/calls/{call['id']}/human-interpreter")
    assert status == 409
    assert "while two people talk" in problem["detail"]


@pytest.mark.parametrize("call", [NOWHERE, "x", "..", "%00", 33 * "0"])
async def test_a_call_that_is_none_is_not_found(house: ApiHouse, call: str) -> None:
    for verb, path in (("GET", ""), ("POST", "/hang-up"), ("POST", "/human-interpreter")):
        status, problem = await house.ask(verb, f"/api/calls/{call}{path}")
        assert (status, problem["status"]) == (404, 404)
