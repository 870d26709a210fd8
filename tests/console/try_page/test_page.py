"""The page as it is read: its languages, by keyboard and screen reader, on a phone, in the dark, with hostile words."""

from collections.abc import AsyncIterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.async_api import Page

from telephony.ivr.languages import ALL
from tests.console.try_page.browser import chromium, in_chromium, recording, until
from tests.console.try_page.site import LivePeer, site

pytestmark = in_chromium

AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")

HOSTILE = [
    "<img src=x onerror=alert(1)>",
    "<script>alert(1)</script>",
    "</p></div><h1>hello</h1>",
    "&lt;b&gt; &amp; {{7*7}} ${7*7}",
    "javascript:alert(1)",
    "\u202egnirts desrever\u202c",
    "' onmouseover='alert(1)",
]
PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True}


@pytest.fixture
async def peer() -> AsyncIterator[LivePeer]:
    async with LivePeer().served() as running:
        yield running


@pytest.fixture
def microphone(tmp_path: Path) -> Path:
    return recording(tmp_path / "quiet.wav", np.zeros(16000 * 10, np.int16))


def words(side: str, text: str, language: str) -> dict[str, Any]:
    return {f"{side}Transcription": {"text": text, "languageCode": language}}


async def faults(page: Page) -> list[str]:
    """What axe-core finds: the rule, and where it is broken."""
    await page.evaluate(AXE)
    found = await page.evaluate("() => axe.run({ resultTypes: ['violations'] })")
    return [f"{one['id']}: {[node['html'] for node in one['nodes']]}" for one in found["violations"]]


async def options(page: Page) -> list[str]:
    return [text.strip() for text in await page.locator("#language option").all_inner_texts()]


async def chosen(page: Page) -> str:
    return await page.locator("#language").input_value()


async def test_every_language_is_there_in_its_own_name_and_in_the_readers(peer: LivePeer) -> None:
    async with site(peer.url) as url, chromium(url, locale="es-ES") as page:
        shown = await options(page)
        assert len(shown) == len(ALL) == 79
        assert {"Deutsch – alemán", "العربية – árabe", "日本語 – japonés", "español"} <= set(shown)
        values = await page.locator("#language option").evaluate_all("(all) => all.map((option) => option.value)")
        assert set(values) == {language.code for language in ALL}
        assert await chosen(page) == "es"


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("deu", "de"),
        ("aleman", "de"),
        ("German", "de"),
        ("zh-Hant", "zh-Hant"),
        ("türk", "tr"),
        ("turk", "tr"),
        ("日本", "ja"),
        ("brasil", "pt-BR"),
    ],
)
async def test_a_language_is_found_by_any_of_its_names(peer: LivePeer, typed: str, first: str) -> None:
    async with site(peer.url) as url, chromium(url, locale="es-ES") as page:
        await page.get_by_label("Translate into").fill(typed)
        await page.keyboard.press("Enter")
        assert await chosen(page) == first


async def test_what_is_no_language_is_said_to_be_none(peer: LivePeer) -> None:
    async with site(peer.url) as url, chromium(url) as page:
        await page.get_by_label("Translate into").fill("klingon")
        await page.get_by_text("No language has that in its name.").wait_for()
        assert await page.locator("#language option").count() == 0


async def test_everything_is_reached_by_the_keyboard(peer: LivePeer, microphone: Path) -> None:
    async with site(peer.url) as url, chromium(url, microphone=microphone) as page:
        await page.get_by_label("Translate into").focus()
        await page.keyboard.type("polish")
        await page.keyboard.press("Enter")
        reached = []
        for _ in range(12):
            await page.keyboard.press("Tab")
            reached.append(
                await page.evaluate(
                    "() => document.activeElement.id || document.activeElement.type || document.activeElement.role"
                )
            )
        assert reached[:6] == ["language", "echo", "headphones", "button", "button", "file"]
        assert "log" in reached
        await page.get_by_role("button", name="Talk").focus()
        await page.keyboard.press("Enter")
        await page.get_by_text("Listening. You hear everything in polski.").wait_for()
        await page.get_by_role("button", name="Stop").focus()
        await page.keyboard.press("Space")
        await page.get_by_text("Ready.").wait_for()


async def test_the_arrow_leads_from_the_search_into_the_list(peer: LivePeer) -> None:
    async with site(peer.url) as url, chromium(url) as page:
        await page.get_by_label("Translate into").fill("portugu")
        await page.keyboard.press("ArrowDown")
        await page.keyboard.press("ArrowDown")
        assert await chosen(page) in ("pt-BR", "pt-PT")


LOOKS = pytest.mark.parametrize("scheme", ["light", "dark"])


@LOOKS
@pytest.mark.parametrize("size", [{}, PHONE], ids=["desk", "phone"])
async def test_axe_finds_nothing_at_rest_at_work_and_in_trouble(
    microphone: Path, scheme: str, size: dict[str, Any]
) -> None:
    says = [words("input", "hola", "es"), words("output", "مرحبا", "ar")]
    async with (
        LivePeer(says=says).served() as peer,
        site(peer.url) as url,
        chromium(url, microphone=microphone, complains=True, color_scheme=scheme, **size) as page,
    ):
        assert await faults(page) == []
        await page.get_by_role("button", name="Talk").click()
        await page.get_by_text("مرحبا").wait_for()
        assert await faults(page) == []
        await page.route("**/api/live-tokens", lambda route: route.fulfill(status=401, json={}))
        await page.get_by_label("Languages").select_option("ja")
        await page.get_by_text("You are not signed in any more.").wait_for()
        assert await faults(page) == []
        wide = await page.evaluate("() => document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, "nothing has to be scrolled to the side"


async def test_it_is_dark_where_that_is_wished_for(peer: LivePeer) -> None:
    paper = "() => getComputedStyle(document.documentElement).backgroundColor"
    seen = []
    for scheme in ("light", "dark"):
        async with site(peer.url) as url, chromium(url, color_scheme=scheme) as page:
            seen.append(await page.evaluate(paper))
    assert seen == ["rgb(246, 247, 249)", "rgb(16, 21, 27)"]


async def test_hostile_words_are_shown_as_words(microphone: Path) -> None:
    says = [words("input", text + "\n", "en") for text in HOSTILE]
    says += [words("output", text, f"<{nth}>") for nth, text in enumerate(HOSTILE)]
    async with (
        LivePeer(says=says).served() as peer,
        site(peer.url) as url,
        chromium(url, microphone=microphone) as page,
    ):
        await page.get_by_role("button", name="Talk").click()
        said = page.locator(".said.translated")

        async def all_there() -> bool:
            return await said.count() == len(HOSTILE)

        await until(all_there, page)
        assert await said.evaluate_all("(all) => all.map((one) => one.textContent)") == HOSTILE
        assert await page.locator(".said.heard").text_content() == "\n".join(HOSTILE) + "\n"
        assert await page.locator(".words *:not(p)").count() == 0


async def test_a_new_paragraph_begins_after_a_pause_or_in_another_language(microphone: Path) -> None:
    says = [words("input", text, language) for text, language in (("uno", "es"), (" dos", "es"), (" three", "en"))]
    async with (
        LivePeer(says=says).served() as peer,
        site(peer.url) as url,
        chromium(url, microphone=microphone) as page,
    ):
        await page.get_by_role("button", name="Talk").click()
        await page.get_by_text("three").wait_for()
        assert await page.locator(".said.heard").all_text_contents() == ["uno dos", "three"]
        languages = await page.locator(".said.heard").evaluate_all("(all) => all.map((one) => one.lang)")
        assert languages == ["es", "en"]


async def test_nothing_that_the_page_loads_comes_from_elsewhere(peer: LivePeer) -> None:
    async with site(peer.url) as url, chromium(url) as page:
        loaded = await page.evaluate("() => performance.getEntriesByType('resource').map((one) => one.name)")
    assert loaded
    assert {address.startswith(url) for address in loaded} == {True}
