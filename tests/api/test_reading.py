"""Requests that do not fit: each is told what is wrong, none is told back what it sent."""

import asyncio
import gzip
import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from telephony.api import reading
from telephony.api.reading import LARGEST_BODY
from telephony.api.route import endpoints_of
from telephony.records.store.tokens import Scope
from tests.api.house import THEIR_NUMBER, ApiHouse

JSON = {"Content-Type": "application/json"}
WISH: dict[str, Any] = {"to": THEIR_NUMBER, "to_language": "de", "from_language": "en"}


async def sent(house: ApiHouse, body: bytes, kind: str = "application/json") -> tuple[int, str]:
    answer = await house.raw("POST", "/api/calls", data=body, headers={"Content-Type": kind})
    assert answer.content_type == "application/problem+json"
    return answer.status, (await answer.json())["detail"]


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe", b'{"to": "\\ud800"}', b"nothing", b'{"to": 1,}'])
async def test_what_is_no_json_is_told_so(house: ApiHouse, body: bytes) -> None:
    assert await sent(house, body) == (400, "the body is not JSON; mend it and send it again")


@pytest.mark.parametrize("body", [b"[]", b"null", b'"+12025550143"', b"12025550143"])
async def test_json_that_is_no_object_is_told_what_it_should_be(house: ApiHouse, body: bytes) -> None:
    status, detail = await sent(house, body)
    assert status == 422
    assert detail.startswith("body should be an object; its fields: to, to_language, from_language")
    assert "2025550143" not in detail


@pytest.mark.parametrize("kind", ["text/plain", "application/xml", "application/json; charset=utf-16"])
async def test_another_kind_of_body_is_not_taken(house: ApiHouse, kind: str) -> None:
    assert (await sent(house, json.dumps(WISH).encode(), kind))[0] == 415


async def test_a_body_that_is_too_long_is_not_read_to_its_end(house: ApiHouse) -> None:
    body = json.dumps(WISH | {"line": "x" * LARGEST_BODY}).encode()
    assert (await sent(house, body))[0] == 413


async def test_the_longest_body_is_read(house: ApiHouse) -> None:
    body = json.dumps(WISH).encode()
    status, _ = await house.ask("POST", "/api/calls", data=body + b" " * (LARGEST_BODY - len(body)), headers=JSON)
    assert status == 201


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
async def test_a_body_that_cannot_be_unpacked_is_asked_for_again(house: ApiHouse, encoding: str) -> None:
    headers = JSON | {"Content-Encoding": encoding}
    status, _ = await house.ask("POST", "/api/calls", data=b"nothing of the kind", headers=headers)
    assert status == 400


async def test_a_body_that_grows_when_it_is_unpacked_is_not_unpacked_to_its_end(house: ApiHouse) -> None:
    packed = gzip.compress(json.dumps(WISH | {"line": "x" * 10_000_000}).encode())
    headers = JSON | {"Content-Encoding": "gzip"}
    assert (await house.ask("POST", "/api/calls", data=packed, headers=headers))[0] == 413


async def test_a_body_that_does_not_come_is_not_waited_for(house: ApiHouse, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "BODY_WITHIN", 0.02)
    reader, writer = await asyncio.open_connection("127.0.0.1", house.client.port)
    token = f"Authorization: Bearer {house.tokens[Scope.CALL]}"
    head = ("POST /api/calls HTTP/1.1", "Host: x", token, "Content-Type: application/json", "Content-Length: 9", "", "")
    writer.write("\r\n".join(head).encode())
    assert (await reader.readline()).startswith(b"HTTP/1.1 400")
    writer.close()
    await writer.wait_closed()


async def test_everything_that_is_missing_is_named_at_once(house: ApiHouse) -> None:
    _, problem = await house.ask("POST", "/api/calls", {})
    assert [(one["place"], one["field"]) for one in problem["errors"]] == [
        ("body", "to"),
        ("body", "to_language"),
        ("body", "from_language"),
    ]
    assert all(one["remedy"].startswith("is missing; it should be the ") for one in problem["errors"])


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("days=0", "days"),
        ("days=367", "days"),
        ("days=lots", "days"),
        ("days=1&days=2", "days"),
        ("days=", "days"),
        ("since=yesterday", ""),
    ],
)
async def test_a_wrong_query_is_named(house: ApiHouse, query: str, field: str) -> None:
    status, problem = await house.ask("GET", f"/api/usage?{query}")
    assert status == 422
    assert [(one["place"], one["field"]) for one in problem["errors"]] == [("query", field)]
    assert "days" in problem["detail"]
    assert not any(word in str(problem) for word in ("lots", "yesterday", "since"))


@pytest.mark.parametrize("key", ["", "x" * 201])
async def test_a_wrong_header_is_named(house: ApiHouse, key: str) -> None:
    status, problem = await house.ask("POST", "/api/calls", WISH, headers={"Idempotency-Key": key})
    assert status == 422
    assert problem["errors"][0]["field"] == "Idempotency-Key"


@pytest.mark.parametrize("before", ["12", "2030-05-04", "2030-05-04T12:00:00", "0", "2030-13-04T12:00:00Z"])
async def test_a_time_needs_all_of_it(house: ApiHouse, before: str) -> None:
    status, problem = await house.ask("GET", "/api/messages", params={"before": before})
    assert status == 422
    assert "2030-05-04T12:00:00Z" in problem["detail"]


@pytest.mark.parametrize("before", ["0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59", "2030-05-04T12:00:00z"])
async def test_a_time_may_be_any_time(house: ApiHouse, before: str) -> None:
    assert await house.ask("GET", "/api/messages", params={"before": before}) == (200, {"messages": []})


async def test_a_path_that_is_none_is_told_where_to_look(house: ApiHouse) -> None:
    status, problem = await house.ask("GET", "/api/call")
    assert (status, problem["detail"]) == (404, "Not Found; /api/openapi.json has every route")


@pytest.mark.parametrize("verb", ["PATCH", "DELETE", "HEAD", "OPTIONS"])
async def test_a_verb_that_is_none_is_told_which_there_are(house: ApiHouse, verb: str) -> None:
    answer = await house.raw(verb, "/api/calls")
    assert (answer.status, answer.headers["Allow"]) == (405, "GET,POST")


async def test_what_we_break_ourselves_is_told_without_detail(house: ApiHouse, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(*_: object) -> None:
        raise RuntimeError(f"secret: {THEIR_NUMBER}")

    monkeypatch.setattr(house.office.store.messages, "recent", broken)
    status, problem = await house.ask("GET", "/api/messages")
    assert (status, problem["detail"]) == (500, "something went wrong on our side; the log has it")


async def test_a_store_that_is_away_is_told_with_a_time(house: ApiHouse, monkeypatch: pytest.MonkeyPatch) -> None:
    from telephony.records.store.trouble import StoreUnavailable

    async def away(*_: object) -> None:
        raise StoreUnavailable("SQLITE_BUSY")

    monkeypatch.setattr(house.office.store.messages, "recent", away)
    answer = await house.raw("GET", "/api/messages")
    assert (answer.status, (await answer.json())["reason"]) == (503, "store")
    assert int(answer.headers["Retry-After"]) >= 5


async def test_no_answer_may_be_kept_on_the_way(house: ApiHouse) -> None:
    for path in ("/api/calls", "/api/nothing", "/api/openapi.json"):
        assert (await house.raw("GET", path)).headers["Cache-Control"] == "no-store"


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=st.fixed_dictionaries({}, optional=dict.fromkeys([*WISH, "me", "line", "other"], anything)))
async def test_no_body_breaks_it(house: ApiHouse, body: dict[str, object]) -> None:
    status, _ = await house.ask("POST", "/api/calls", data=json.dumps(body).encode(), headers=JSON, scope=Scope.CALL)
    assert status in (400, 422)


def test_each_field_that_comes_in_has_a_remedy() -> None:
    from telephony.api.agent_routes import AgentRoutes
    from telephony.api.call_routes import CallRoutes
    from telephony.api.house_routes import HouseRoutes
    from telephony.api.message_routes import MessageRoutes

    def models() -> list[type[BaseModel]]:
        rooms = [object.__new__(room) for room in (AgentRoutes, CallRoutes, HouseRoutes, MessageRoutes)]
        return [model for room in rooms for one in endpoints_of(room) for model in one.inputs.values()]

    bare = [
        f"{model.__name__}.{name}"
        for model in models()
        for name, one in model.model_fields.items()
        if not one.description
    ]
    assert models()
    assert bare == []
