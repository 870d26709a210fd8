"""Debian's Chromium, signed in to a console."""

import shutil
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Page, async_playwright

from telephony.records.store.users import UserRole
from tests.console.site import PASSWORD, Site

CHROMIUM = shutil.which("chromium")
needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium here (Debian: apt install chromium)")
PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
DESK = {"viewport": {"width": 1280, "height": 900}}


def axe() -> str:
    """The script of axe-core, as the package axe-playwright-python has it."""
    package = find_spec("axe_playwright_python")
    assert package is not None
    assert package.origin is not None
    return (Path(package.origin).parent / "axe.min.js").read_text("utf-8")


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        try:
            yield browser
        finally:
            await browser.close()


@asynccontextmanager
async def page_of(site: Site, *, but: Sequence[str] = (), **context: Any) -> AsyncIterator[Page]:
    """A page of the site, nobody signed in. Whatever it complains of on its console fails the test at the end, except
    what has one of the words `but` in it."""
    async with chromium() as browser:
        page = await (await browser.new_context(**{"base_url": site.url, "locale": "en-US", **context})).new_page()
        complaints: list[str] = []
        page.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        yield page
        assert [one for one in complaints if not any(word in one for word in but)] == []


@asynccontextmanager
async def console_page(site: Site, role: UserRole = UserRole.SUPERVISOR, **context: Any) -> AsyncIterator[Page]:
    """The live calls, seen by the user of a role."""
    async with page_of(site, **context) as page:
        await sign_in(page, f"the {role}")
        await page.get_by_role("heading", name="Live calls").wait_for()
        await page.get_by_text("Connecting").wait_for(state="detached")
        yield page


async def sign_in(page: Page, name: str, password: str = PASSWORD) -> None:
    await page.goto("/login")
    await page.get_by_label("Name").fill(name)
    await page.get_by_label("Password").fill(password)
    await page.get_by_role("button", name="Sign in").click()


async def faults(page: Page) -> list[str]:
    """What axe-core finds wrong with a page for people who see, hear or move in other ways."""
    await page.evaluate(axe())
    found = await page.evaluate(
        "() => axe.run(document, {resultTypes: ['violations'], runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', "
        "'wcag22aa', 'best-practice']})"
    )
    return [f"{one['id']}: {node['html']}" for one in found["violations"] for node in one["nodes"]]
