import re

import pytest

from telephony.console.pages import STATIC, Pages
from telephony.records.store.users import UserRole
from tests.console.site import Site

FILES = sorted(path.name for path in STATIC.iterdir() if path.suffix != ".html")
SITE_PAGES = ("/", "/try", "/login", "/first", "/enter")


@pytest.mark.parametrize("path", SITE_PAGES)
async def test_a_page_runs_and_draws_nothing_but_our_own_files(site: Site, path: str) -> None:
    browser = await site.signed_in(UserRole.ADMIN)
    answer = await browser.get(path)
    rules = dict(part.strip().split(" ", 1) for part in answer.headers["Content-Security-Policy"].split(";"))
    assert rules["default-src"] == rules["base-uri"] == rules["frame-ancestors"] == "'none'"
    assert rules["script-src"] == rules["style-src"] == "'self'"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"
    assert ("microphone=(self)" in answer.headers["Permissions-Policy"]) is (path == "/try")
    text = await answer.text()
    assert not re.search(r"<style|<script(?![^>]* src=)|\son\w+=|\sstyle=|https?://", text)


def test_only_the_page_to_try_talks_to_the_interpreter() -> None:
    pages = Pages("wss://live.example")
    policies = {name: pages.page(name).headers["Content-Security-Policy"] for name in ("try.html", "console.html")}
    assert "connect-src 'self' wss://live.example;" in policies["try.html"]
    assert "connect-src 'self';" in policies["console.html"]


@pytest.mark.parametrize("name", FILES)
async def test_every_file_of_the_pages_is_served_as_what_it_is(site: Site, name: str) -> None:
    answer = await site.browser().get(f"/static/{name}")
    kinds = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
    assert (answer.status, answer.content_type) == (200, kinds["." + name.rpartition(".")[2]])
    assert await answer.read() == (STATIC / name).read_bytes()


@pytest.mark.parametrize(
    "name", ["console.html", "..%2Fpages.py", "%2e%2e/pages.py", "nothing.js", "", "style.css%00.js", "sub%2Fstyle.css"]
)
async def test_nothing_else_is_served(site: Site, name: str) -> None:
    assert (await site.browser().get(f"/static/{name}")).status == 404


async def test_there_is_an_icon_and_every_answer_has_its_rules(site: Site) -> None:
    browser = site.browser()
    icon = await browser.get("/favicon.ico")
    assert (icon.status, icon.content_type) == (200, "image/svg+xml")
    for path in ("/me", "/static/nothing.js", "/"):
        answer = await browser.get(path, allow_redirects=False)
        assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
        assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
