"""Signing in, in a browser."""

from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.console.chromium import DESK, PHONE, faults, needs_chromium, page_of, sign_in
from tests.console.site import PASSWORD, Site, console_site

pytestmark = needs_chromium

REFUSED = ("the server responded with a status of 401", "the server responded with a status of 403")
"""What Chromium says of its own accord of an answer that is a refusal."""


async def test_who_is_not_signed_in_comes_to_the_sign_in_and_back(site: Site) -> None:
    async with page_of(site) as page:
        await page.goto("/")
        await expect(page).to_have_url(f"{site.url}/login")
        await sign_in(page, "the admin")
        await expect(page).to_have_url(f"{site.url}/")
        await expect(page.get_by_text("the admin, admin")).to_be_visible()
        await page.get_by_role("button", name="Sign out").click()
        await expect(page).to_have_url(f"{site.url}/login")
        await page.goto("/")
        await expect(page).to_have_url(f"{site.url}/login")


async def test_a_wrong_password_is_said_in_words(site: Site) -> None:
    async with page_of(site, but=REFUSED) as page:
        await sign_in(page, "the admin", "not the password")
        await expect(page.get_by_role("alert")).to_have_text("The name or the password is wrong.")
        await sign_in(page, "the admin")
        await expect(page.get_by_role("heading", name="Live calls")).to_be_visible()


async def test_the_first_admin_is_made_by_the_link_that_the_start_shows(tmp_path: Path) -> None:
    async with console_site(tmp_path, users=False) as site, page_of(site) as page:
        secret = (await site.console.first_link() or "").partition("#")[2]
        await page.goto(f"/first#{secret}")
        await expect(page).to_have_url(f"{site.url}/first")
        await page.get_by_label("Name").fill("Ada")
        await page.get_by_label("Password", exact=True).fill(PASSWORD)
        await page.get_by_label("Password, again").fill(PASSWORD[:-1])
        await page.get_by_role("button", name="Make the admin").click()
        await expect(page.get_by_role("alert")).to_have_text("The two passwords are not the same.")
        assert await faults(page) == []
        await page.get_by_label("Password, again").fill(PASSWORD)
        await page.get_by_role("button", name="Make the admin").click()
        await expect(page.get_by_text("Ada, admin")).to_be_visible()


async def test_a_ticket_lets_in_without_a_word(site: Site) -> None:
    made = (await site.users.find("the agent") or pytest.fail("no agent")).created
    ticket = site.console.cookies.ticket("the agent", made, site.times.wall())
    async with page_of(site, but=REFUSED) as page:
        await page.goto(f"/enter#{ticket}")
        await expect(page.get_by_text("the agent, agent")).to_be_visible()
        await page.goto(f"/enter#{ticket}")
        await expect(page.get_by_role("alert")).to_contain_text("This link was used")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", ["desk", "phone"])
async def test_nothing_is_wrong_with_the_page_for_anybody(site: Site, size: str, scheme: str) -> None:
    async with page_of(site, color_scheme=scheme, **(PHONE if size == "phone" else DESK)) as page:
        await page.goto("/login")
        await page.get_by_label("Name").wait_for()
        assert await faults(page) == []
