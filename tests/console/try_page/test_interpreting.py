"""/try against the simulated Live API: who speaks is interpreted into the language that was chosen, into no other."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import numpy as np
import pytest
from playwright.async_api import Page

from telephony.simulator.live_api.report import LineRecognised, TranslationEnded
from telephony.simulator.live_api.server import LiveApi
from telephony.simulator.live_api.terms import Terms
from telephony.simulator.scenario import load
from tests.console.try_page.browser import answer_with, chromium, in_chromium, recording, until
from tests.console.try_page.site import KEY_OF_TEST, minted, site
from tests.simulator.spoken import Said, call, over_the_line, quiet, voice

pytestmark = in_chromium

PATIENCE = 45_000
"""Milliseconds."""

SPANISH = "uno dos tres cuatro cinco seis siete ocho"
ENGLISH = "one two three four five six seven eight"
ARABIC = "واحد اثنان ثلاثة أربعة خمسة ستة سبعة ثمانية"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """One line of the caller, in Spanish."""
    return call(tmp_path / "call", Said("c1", "caller", 2.0, 2.0), lag=0.5)


@pytest.fixture
def microphone(tmp_path: Path) -> Path:
    """The same line, said after 1.5 s and every 6.5 s from then on.

    On a machine that is busy a fake microphone skips now and then; then the next time it is said counts.
    """
    spoken = over_the_line(quiet(1.5), *([voice(0, 2.0), quiet(4.5)] * 6))
    return recording(tmp_path / "line.wav", np.frombuffer(spoken, "<i2"))


@asynccontextmanager
async def at_the_page(
    folder: Path, microphone: Path, terms: Terms | None = None, script: str = ""
) -> AsyncIterator[tuple[Page, LiveApi]]:
    """The page, with headphones on, and the Live API it talks to."""
    async with (
        LiveApi([load(folder)], key=KEY_OF_TEST, plain=True, terms=terms) as api,
        site(api.plain_url) as url,
        chromium(url, microphone=microphone, script=script) as page,
    ):
        await page.get_by_label("I wear headphones").check()
        yield page, api


def targets(api: LiveApi) -> list[str | None]:
    return [session.setup.target_language for session in api.sessions if session.setup]


async def test_a_line_is_heard_translated_and_read_in_both_languages(folder: Path, microphone: Path) -> None:
    async with at_the_page(folder, microphone) as (page, api):
        await page.get_by_label("Languages").select_option("en")
        await page.get_by_role("button", name="Talk").click()
        heard = page.locator(".said.heard").get_by_text(SPANISH, exact=True).first
        said = page.locator(".said.translated").get_by_text(ENGLISH, exact=True).first
        await heard.wait_for(timeout=PATIENCE)
        await said.wait_for(timeout=PATIENCE)
        await page.get_by_text("Heard: Spanish").wait_for()
        await page.get_by_text("s behind").wait_for()
        seconds = float((await page.locator("#lag").inner_text()).split()[0])
        assert await heard.get_attribute("lang") == "es"
        assert await said.get_attribute("lang") == "en"

        async def spoken_to_its_end() -> bool:
            return any(isinstance(event, TranslationEnded) and event.whole for event in api.sessions[0].report)

        # The words are complete before their sound is.
        await until(spoken_to_its_end, page, PATIENCE)
    assert targets(api) == ["en"]
    assert 0.5 < seconds < 10.0
    assert isinstance(api.sessions[0].report[0], LineRecognised)


async def test_a_language_that_is_read_from_right_to_left_is_shown_so(folder: Path, microphone: Path) -> None:
    written = (folder / "call.toml").read_text(encoding="utf-8")
    written = written.replace('["en", "es"]', '["ar", "es"]').replace('agent_language = "en"', 'agent_language = "ar"')
    (folder / "call.toml").write_text(written.replace(ENGLISH, ARABIC), encoding="utf-8")
    async with at_the_page(folder, microphone) as (page, api):
        await page.get_by_label("Translate into").fill("العرب")
        await page.keyboard.press("Enter")
        await page.get_by_role("button", name="Talk").click()
        said = page.get_by_role("log", name="Translation").get_by_text(ARABIC, exact=True).first
        await said.wait_for(timeout=PATIENCE)
        place = await said.evaluate("(element) => [getComputedStyle(element).direction, element.lang]")
        assert place == ["rtl", "ar"]
        left = await page.locator(".said.heard").first.evaluate("(element) => getComputedStyle(element).direction")
        assert left == "ltr"
    assert targets(api) == ["ar"]


async def test_a_locked_token_cannot_be_talked_into_another_language(folder: Path, microphone: Path) -> None:
    async with at_the_page(folder, microphone) as (page, api):
        await answer_with(page, await minted(api.plain_url, "en"))
        await page.get_by_label("Languages").select_option("de")
        await page.get_by_role("button", name="Talk").click()
        await page.get_by_role("log", name="Translation").get_by_text("one two").first.wait_for(timeout=PATIENCE)
    assert targets(api) == ["en"]


async def test_another_language_or_echo_takes_another_session_while_the_microphone_stays_on(
    folder: Path, microphone: Path
) -> None:
    async with at_the_page(folder, microphone) as (page, api):
        await page.get_by_label("Languages").select_option("de")
        await page.get_by_role("button", name="Talk").click()
        await page.get_by_text("Listening. You hear everything in Deutsch.").wait_for()
        await page.get_by_label("Languages").select_option("fr")
        await page.get_by_text("Listening. You hear everything in français.").wait_for()
        await page.get_by_label("Repeat what is in that language already").check()
        while len(api.sessions) < 3 or api.sessions[2].setup is None:
            await page.wait_for_timeout(50)
        await page.get_by_text("Listening.").wait_for()
    assert targets(api) == ["de", "fr", "fr"]
    assert [session.setup.echo for session in api.sessions if session.setup] == [False, False, True]


async def test_a_connection_that_will_be_ended_is_followed_by_another_without_a_word(
    folder: Path, microphone: Path
) -> None:
    """The service says so after 6 s, so the line is said to one session, and again to the next."""
    terms = Terms(life=8.0, notice=2.0)
    async with at_the_page(folder, microphone, terms) as (page, api):
        states = await page.evaluate_handle(
            """() => {
              const seen = [];
              const state = document.getElementById("state");
              new MutationObserver(() => seen.push(state.textContent)).observe(
                state, { characterData: true, childList: true, subtree: true });
              return seen;
            }"""
        )
        await page.get_by_label("Languages").select_option("en")
        await page.get_by_role("button", name="Talk").click()

        async def two_have_heard() -> bool:
            return sum(bool(session.report) for session in api.sessions) >= 2

        await until(two_have_heard, page, PATIENCE)
        assert not any("lost" in state for state in await states.json_value())
    assert set(targets(api)) == {"en"}
    assert api.sessions[0].close_code is not None
