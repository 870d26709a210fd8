from pathlib import Path

import pytest
from aiohttp import ClientResponse, WSMsgType

from telephony.console.session_cookie import PLAIN, SECURE
from telephony.records.store.users import UserRole
from tests.console.site import PASSWORD, Site, console_site

ADMIN = {"name": "the admin", "password": PASSWORD}
WRONG = {"name": "the admin", "password": "not the password"}
UNKNOWN = {"name": "nobody of that name", "password": PASSWORD}


async def problem(answer: ClientResponse) -> tuple[int, str]:
    """The status and the reason."""
    return answer.status, (await answer.json())["reason"]


async def test_the_cookie_is_kept_from_scripts_and_from_other_sites(site: Site) -> None:
    answer = await site.browser().post("/login", json=ADMIN)
    cookie = answer.cookies[PLAIN]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"], cookie["max-age"]) == (True, "Strict", "/", "43200")
    assert not cookie["secure"]
    assert SECURE not in answer.cookies


async def test_over_https_the_cookie_is_for_https_only(tmp_path: Path) -> None:
    async with console_site(tmp_path, public_url="https://console.test") as site:
        answer = await site.browser().post("/login", json=ADMIN, headers={"Origin": "https://console.test"})
        assert answer.cookies[SECURE]["secure"]
        assert PLAIN not in answer.cookies
        value = answer.cookies[SECURE].value
        host = {"Host": "console.test"}
        good = await site.browser().get("/me", headers={**host, "Cookie": f"{SECURE}={value}"})
        plain = await site.browser().get("/me", headers={**host, "Cookie": f"{PLAIN}={value}"})
        assert (good.status, plain.status) == (200, 401)


@pytest.mark.parametrize("given", [WRONG, UNKNOWN, {**ADMIN, "name": "\0"}, {**ADMIN, "password": "x" * 2000}])
async def test_a_wrong_name_is_refused_just_as_a_wrong_password_is(site: Site, given: dict[str, str]) -> None:
    answer = await site.browser().post("/login", json=given)
    assert await problem(answer) == (401, "wrong")
    assert not answer.cookies


async def test_too_many_tries_of_one_name_are_put_off(site: Site) -> None:
    browser = site.browser()
    statuses = [(await browser.post("/login", json=WRONG)).status for _ in range(11)]
    assert statuses == [401] * 10 + [429]
    refused = await browser.post("/login", json=ADMIN)
    assert refused.status == 429
    assert 1 <= int(refused.headers["Retry-After"]) <= 21
    assert (await browser.post("/login", json={**ADMIN, "name": "the agent"})).status == 200
    site.times.added += 21
    assert (await browser.post("/login", json=ADMIN)).status == 200


async def test_too_many_tries_from_one_address_are_put_off_whatever_the_names(site: Site) -> None:
    browser = site.browser()
    for nth in range(30):
        await browser.post("/login", json={**WRONG, "name": f"guess {nth}"})
    assert (await browser.post("/login", json=ADMIN)).status == 429
    another = {"X-Forwarded-For": "made-up, 203.0.113.7"}
    assert (await browser.post("/login", json=ADMIN, headers=another)).status == 200


@pytest.mark.parametrize("origin", [None, "null", "http://evil.test", "https://127.0.0.1", "http://console.test.evil"])
@pytest.mark.parametrize("path", ["/login", "/logout", "/first", "/enter"])
async def test_no_other_sites_page_can_post(site: Site, path: str, origin: str | None) -> None:
    browser = await site.signed_in(UserRole.ADMIN)
    browser.headers.pop("Origin")
    headers = {"Origin": origin} if origin else {}
    assert await problem(await browser.post(path, json=ADMIN, headers=headers)) == (403, "origin")
    assert (await browser.get("/me")).status == 200


async def test_no_other_sites_page_can_listen_or_change_anything(site: Site) -> None:
    browser = await site.signed_in(UserRole.ADMIN)
    evil = {"Origin": "http://evil.test"}
    assert await problem(await browser.get("/feed", headers=evil)) == (403, "origin")
    assert await problem(await browser.delete("/api/hold", headers=evil)) == (403, "origin")


async def test_who_signs_out_is_out_even_with_a_copy_of_the_cookie(site: Site) -> None:
    browser, copy = await site.signed_in(UserRole.ADMIN), site.browser()
    value = next(cookie.value for cookie in browser.cookie_jar)
    assert (await browser.post("/logout", json={})).status == 204
    assert not list(browser.cookie_jar)
    assert (await copy.get("/me", headers={"Cookie": f"{PLAIN}={value}"})).status == 401


async def test_a_session_ends_after_twelve_hours(site: Site) -> None:
    browser = await site.signed_in(UserRole.ADMIN)
    site.times.added += 12 * 3600 - 60
    assert (await browser.get("/me")).status == 200
    site.times.added += 61
    assert (await browser.get("/me")).status == 401


async def test_a_removed_user_is_out_and_another_of_the_same_name_is_somebody_else(site: Site) -> None:
    browser = await site.signed_in(UserRole.AGENT)
    await site.users.remove("the agent")
    assert (await browser.get("/me")).status == 401
    await site.users.add("the agent", UserRole.ADMIN, PASSWORD, site.times.wall())
    assert (await browser.get("/me")).status == 401


async def test_a_cookie_that_was_changed_is_worth_nothing(site: Site) -> None:
    browser, other = await site.signed_in(UserRole.AGENT), site.browser()
    value = next(cookie.value for cookie in browser.cookie_jar)
    for made_up in (
        value[:-1],
        value + "x",
        "x." + value,
        value.replace(value[4], "A" if value[4] != "A" else "B", 1),
        "",
    ):
        answer = await other.get("/me", headers={"Cookie": f"{PLAIN}={made_up}"})
        assert answer.status == 401


async def test_a_page_that_listens_is_sent_away_when_its_user_is_removed(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("telephony.console.feed_socket.LOOK_EVERY", 0.01)
    browser = await site.signed_in(UserRole.SUPERVISOR)
    async with browser.ws_connect("/feed") as socket:
        await socket.receive_json(timeout=5)
        await site.users.remove("the supervisor")
        end = await socket.receive(timeout=5)
        assert (end.type, end.data) == (WSMsgType.CLOSE, 4401)


async def test_the_first_start_shows_a_link_that_makes_one_admin(tmp_path: Path) -> None:
    async with console_site(tmp_path, users=False) as site:
        link = await site.console.first_link()
        assert link is not None
        address, _, secret = link.partition("#")
        assert (address, len(secret)) == ("http://console.test/first", 43)
        wanted = {"name": "Ada", "password": PASSWORD, "secret": secret}
        browser = site.browser()
        assert await problem(await browser.post("/first", json={**wanted, "secret": "é" * 43})) == (403, "used")
        assert (await browser.post("/first", json={**wanted, "password": "short"})).status == 422
        assert (await browser.post("/first", json={**wanted, "name": "a\nb"})).status == 422
        made = await browser.post("/first", json=wanted)
        assert (await made.json())["role"] == "admin"
        assert (await browser.get("/me")).status == 200
        assert await problem(await browser.post("/first", json={**wanted, "name": "Eve"})) == (403, "used")
        assert [user.name for user in await site.users.all()] == ["Ada"]
        assert await site.console.first_link() is None


async def test_the_first_link_is_worth_nothing_once_somebody_else_made_a_user(tmp_path: Path) -> None:
    async with console_site(tmp_path, users=False) as site:
        secret = (await site.console.first_link() or "").partition("#")[2]
        await site.users.add("Ada", UserRole.AGENT, PASSWORD, site.times.wall())
        wanted = {"name": "Eve", "password": PASSWORD, "secret": secret}
        assert await problem(await site.browser().post("/first", json=wanted)) == (403, "used")


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"", "application/json", 422),
        (b"[]", "application/json", 422),
        (b'{"name": "x"}', "application/json", 422),
        (b'{"name": "x", "password": "\\ud800"}', "application/json", 422),
        (b'{"name": "x", "password": "y", "more": 1}', "application/json", 422),
        (b"\xff", "application/json", 422),
        (b"name=x&password=y", "application/x-www-form-urlencoded", 415),
        (b'{"name": "' + b"x" * 9000 + b'"}', "application/json", 413),
    ],
)
async def test_what_is_no_sign_in_is_said_to_be_none(site: Site, body: bytes, kind: str, status: int) -> None:
    answer = await site.browser().post("/login", data=body, headers={"Content-Type": kind})
    assert answer.status == status


async def test_a_ticket_lets_in_once_and_for_ten_minutes(site: Site) -> None:
    made = (await site.users.find("the agent") or pytest.fail("no agent")).created
    now = site.times.wall
    cookies = site.console.cookies
    ticket, late = cookies.ticket("the agent", made, now()), cookies.ticket("the agent", made, now())
    browser = site.browser()
    assert (await browser.post("/enter", json={"ticket": ticket})).status == 200
    assert (await (await browser.get("/me")).json())["name"] == "the agent"
    assert await problem(await site.browser().post("/enter", json={"ticket": ticket})) == (403, "used")
    site.times.added += 601
    assert await problem(await site.browser().post("/enter", json={"ticket": late})) == (403, "used")
    value = next(cookie.value for cookie in browser.cookie_jar)
    assert await problem(await site.browser().post("/enter", json={"ticket": value})) == (403, "used")
