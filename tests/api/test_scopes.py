"""Who may ask what: every route, with every scope and with none."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from telephony.records.store.tokens import Scope
from tests.api.house import THEIR_NUMBER, ApiHouse, api_house

NOWHERE = 32 * "0"
READ, CALL, ADMIN = Scope.READ, Scope.CALL, Scope.ADMIN
WISH = {"to": THEIR_NUMBER, "to_language": "de", "from_language": "en"}

ROUTES: Mapping[tuple[str, str], tuple[Scope, object, int]] = {
    ("GET", "/calls"): (READ, None, 200),
    ("GET", f"/calls/{NOWHERE}"): (READ, None, 404),
    ("POST", "/calls"): (CALL, WISH, 201),
    ("POST", f"/calls/{NOWHERE}/hang-up"): (CALL, None, 404),
    ("POST", f"/calls/{NOWHERE}/human-interpreter"): (CALL, None, 404),
    ("GET", f"/calls/{NOWHERE}/recording"): (CALL, None, 404),
    ("GET", "/agents"): (READ, None, 200),
    ("PUT", "/agents/ana/state"): (CALL, {"state": "ready"}, 200),
    ("GET", "/messages"): (CALL, None, 200),
    ("GET", f"/messages/{NOWHERE}/sound"): (CALL, None, 404),
    ("GET", "/hold"): (READ, None, 200),
    ("PUT", "/hold"): (ADMIN, None, 200),
    ("DELETE", "/hold"): (ADMIN, None, 204),
    ("GET", "/languages"): (READ, None, 200),
    ("GET", "/usage"): (READ, None, 200),
    ("GET", "/openapi.json"): (READ, None, 200),
}
"""The smallest scope, a body, and what is answered to those who have it."""


async def answers(house: ApiHouse, scope: Scope | None) -> dict[tuple[str, str], int]:
    found = {}
    for (verb, path), (_, body, _) in ROUTES.items():
        found[verb, path] = (await house.raw(verb, f"/api{path}", body, scope=scope)).status
    return found


@pytest.mark.parametrize("scope", Scope)
async def test_a_token_opens_what_its_scope_says(house: ApiHouse, scope: Scope) -> None:
    expected = {where: good if scope.includes(needed) else 403 for where, (needed, _, good) in ROUTES.items()}
    assert await answers(house, scope) == expected


async def test_nothing_opens_without_a_token(house: ApiHouse) -> None:
    assert set((await answers(house, None)).values()) == {401}


async def test_nothing_opens_with_a_token_that_was_revoked(house: ApiHouse) -> None:
    await house.office.store.tokens.revoke(house.known[ADMIN].id, house.times.wall)
    assert set((await answers(house, ADMIN)).values()) == {401}


async def test_the_matrix_has_every_route(tmp_path: Path) -> None:
    async with api_house(tmp_path) as house:
        _, document = await house.ask("GET", "/api/openapi.json")
    declared = {
        (verb.upper(), path.removeprefix("/api"), operation["x-scope"])
        for path, operations in document["paths"].items()
        for verb, operation in operations.items()
    }
    asked = {(verb, _templated(path), str(scope)) for (verb, path), (scope, _, _) in ROUTES.items()}
    assert declared == asked - {("GET", "/openapi.json", "read")}


def _templated(path: str) -> str:
    places = {"calls": "{call}", "messages": "{message}", "agents": "{name}"}
    parts = path.strip("/").split("/")
    return "/" + "/".join([parts[0], *([places[parts[0]], *parts[2:]] if len(parts) > 1 else [])])


async def test_who_has_no_token_is_told_what_to_send(house: ApiHouse) -> None:
    answer = await house.raw("GET", "/api/calls", scope=None)
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="telephony"'
    assert answer.content_type == "application/problem+json"
    assert "telephony token create" in (await answer.json())["detail"]


async def test_a_wrong_token_is_told_that_it_is_wrong(house: ApiHouse) -> None:
    answer = await house.raw("GET", "/api/calls", scope=None, headers={"Authorization": "Bearer telephony_x"})
    assert 'error="invalid_token"' in answer.headers["WWW-Authenticate"]


async def test_a_small_scope_is_told_which_one_is_needed(house: ApiHouse) -> None:
    answer = await house.raw("PUT", "/api/hold", scope=CALL)
    assert 'error="insufficient_scope", scope="admin"' in answer.headers["WWW-Authenticate"]
    assert (await house.ask("GET", "/api/hold"))[1]["held"] is False


async def test_a_body_of_one_who_may_not_is_not_even_read(house: ApiHouse) -> None:
    more: dict[str, Any] = {"data": b"{", "headers": {"Content-Type": "application/json"}}
    assert (await house.raw("POST", "/api/calls", scope=READ, **more)).status == 403
