"""Which role may do what, route by route."""

import pytest
from aiohttp import WSServerHandshakeError

from telephony.records.store.users import UserRole
from tests.console.site import Site, reads, says, talk

AGENT, SUPERVISOR, ADMIN = UserRole.AGENT, UserRole.SUPERVISOR, UserRole.ADMIN
EVERYBODY = {None: 200, AGENT: 200, SUPERVISOR: 200, ADMIN: 200}
SIGNED_IN = {None: 401, AGENT: 200, SUPERVISOR: 200, ADMIN: 200}
PAGE = {**SIGNED_IN, None: 303}

MATRIX: dict[tuple[str, str], dict[UserRole | None, int]] = {
    ("GET", "/"): PAGE,
    ("GET", "/try"): PAGE,
    ("GET", "/login"): EVERYBODY,
    ("GET", "/first"): EVERYBODY,
    ("GET", "/enter"): EVERYBODY,
    ("GET", "/static/{name}"): dict.fromkeys(EVERYBODY, 404),
    ("GET", "/favicon.ico"): EVERYBODY,
    ("GET", "/me"): SIGNED_IN,
    ("GET", "/feed"): {**SIGNED_IN, AGENT: 101, SUPERVISOR: 101, ADMIN: 101},
    ("POST", "/login"): dict.fromkeys(EVERYBODY, 422),
    ("POST", "/first"): dict.fromkeys(EVERYBODY, 422),
    ("POST", "/enter"): dict.fromkeys(EVERYBODY, 422),
    ("POST", "/logout"): dict.fromkeys(EVERYBODY, 204),
}
API: dict[tuple[str, str], dict[UserRole | None, int]] = {
    ("GET", "/api/languages"): {None: 401, AGENT: 403, SUPERVISOR: 200, ADMIN: 200},
    ("GET", "/api/openapi.json"): {None: 401, AGENT: 403, SUPERVISOR: 200, ADMIN: 200},
    ("GET", "/api/hold"): {None: 401, AGENT: 403, SUPERVISOR: 200, ADMIN: 200},
    ("PUT", "/api/hold"): {None: 401, AGENT: 403, SUPERVISOR: 403, ADMIN: 500},
}
"""Without a desk, an admin's order to hold calls comes as far as breaking."""


async def status(site: Site, role: UserRole | None, verb: str, path: str) -> int:
    browser = await site.signed_in(role)
    if path == "/feed":
        try:
            socket = await browser.ws_connect(path)
        except WSServerHandshakeError as refused:
            return refused.status
        await socket.close()
        return 101
    body: dict[str, str] | None = {} if verb == "POST" else None
    answer = await browser.request(verb, path, json=body, allow_redirects=False)
    return answer.status


@pytest.mark.parametrize("role", [None, *UserRole], ids=lambda role: role or "nobody")
@pytest.mark.parametrize(("verb", "path"), [*MATRIX, *API])
async def test_a_route_is_open_to_those_who_may(site: Site, role: UserRole | None, verb: str, path: str) -> None:
    assert await status(site, role, verb, path) == {**MATRIX, **API}[verb, path][role]


def test_no_route_is_missing_from_the_matrix(site: Site) -> None:
    assert {(route.method, route.path) for route in site.console.routes()} == MATRIX.keys()


@pytest.mark.parametrize(("role", "sees"), [(AGENT, False), (SUPERVISOR, True), (ADMIN, True)])
async def test_an_agent_is_told_neither_what_is_said_nor_what_it_costs(site: Site, role: UserRole, sees: bool) -> None:
    talk(site.feed, "a")
    says(site.feed, "a", "una frase secreta")
    reads(site.feed, "a", session_s=60.0)
    browser = await site.signed_in(role)
    async with browser.ws_connect("/feed") as socket:
        snapshot = await socket.receive_json(timeout=5)
        says(site.feed, "a", " y otra")
        reads(site.feed, "a")
        changes = await socket.receive_json(timeout=5)
    [call] = snapshot["calls"]
    assert call["facts"]["state"] == "talking"
    assert call["facts"]["cost"] == (0.6 if sees else None)
    assert ("secreta" in str(snapshot)) is sees
    assert ("otra" in str(changes)) is sees
    assert changes["calls"][0]["facts"]["directions"][0]["behind_s"] == 2.4
