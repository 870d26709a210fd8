"""What goes wrong on /try is said in words, with what to do; the page is ready for another try."""

from collections.abc import AsyncIterator
from pathlib import Path

import numpy as np
import pytest
from playwright.async_api import Page, Route

from telephony.simulator.live_api.faults import Faults
from telephony.simulator.live_api.refusal import QUOTA
from telephony.simulator.live_api.server import LiveApi
from tests.console.try_page.browser import answer_with, chromium, in_chromium, recording
from tests.console.try_page.site import KEY_OF_TEST, LivePeer, minted, site

pytestmark = in_chromium


@pytest.fixture
async def peer() -> AsyncIterator[LivePeer]:
    async with LivePeer().served() as running:
        yield running


@pytest.fixture
async def api() -> AsyncIterator[LiveApi]:
    async with LiveApi([], key=KEY_OF_TEST, plain=True) as running:
        yield running


@pytest.fixture
def microphone(tmp_path: Path) -> Path:
    return recording(tmp_path / "quiet.wav", np.zeros(16000 * 10, np.int16))


async def said(page: Page) -> str:
    """The notice, once there is one; the page can be used again by then."""
    await page.get_by_role("alert").get_by_text(".").first.wait_for()
    await page.get_by_role("button", name="Talk").wait_for()
    return await page.get_by_role("alert").inner_text()


async def test_a_blocked_microphone(peer: LivePeer) -> None:
    flags = ("--use-fake-device-for-media-stream", "--deny-permission-prompts")
    async with site(peer.url) as url, chromium(url, args=flags) as page:
        await page.get_by_role("button", name="Talk").click()
        assert await said(page) == (
            "The microphone is blocked. Allow it for this page (the sign beside the address), then press Talk again."
        )
    assert peer.frames == [], "no session is begun for nothing"


async def test_no_microphone(peer: LivePeer) -> None:
    async with site(peer.url) as url, chromium(url, permissions=["microphone"]) as page:
        await page.get_by_role("button", name="Talk").click()
        assert await said(page) == "There is no microphone. Plug one in or switch it on, then press Talk again."


@pytest.mark.parametrize("missing", ["AudioContext", "AudioWorkletNode"])
async def test_no_web_audio(peer: LivePeer, microphone: Path, missing: str) -> None:
    script = f"delete globalThis.{missing};"
    async with site(peer.url) as url, chromium(url, microphone=microphone, script=script) as page:
        await page.get_by_role("button", name="Talk").click()
        assert (await said(page)).startswith("This browser has no Web Audio. Open the page in a newer browser")


async def test_a_page_that_is_not_secure(peer: LivePeer) -> None:
    """Over http, anywhere but on the machine itself, a browser has no microphone."""
    script = (
        "Object.defineProperty(globalThis, 'isSecureContext', { value: false });"
        "Object.defineProperty(navigator, 'mediaDevices', { value: undefined });"
    )
    async with site(peer.url) as url, chromium(url, script=script) as page:
        await page.get_by_role("button", name="Talk").click()
        assert "open it by https" in await said(page)


async def test_no_tab_is_shared(peer: LivePeer) -> None:
    script = "navigator.mediaDevices.getDisplayMedia = async () => { throw new DOMException('', 'NotAllowedError'); };"
    async with site(peer.url) as url, chromium(url, script=script) as page:
        await page.get_by_role("button", name="Share a tab's sound").click()
        assert await said(page) == "No tab was shared. Press the button again and choose a tab."


async def test_a_tab_is_shared_without_its_sound(peer: LivePeer) -> None:
    script = "navigator.mediaDevices.getDisplayMedia = async () => document.createElement('canvas').captureStream();"
    async with site(peer.url) as url, chromium(url, script=script) as page:
        await page.get_by_role("button", name="Share a tab's sound").click()
        assert "Also share tab audio" in await said(page)


async def test_a_file_that_is_no_recording(peer: LivePeer, tmp_path: Path) -> None:
    (tmp_path / "letter.wav").write_bytes(b"Dear Sirs")
    async with site(peer.url) as url, chromium(url) as page:
        await page.get_by_label("Play a recording").set_input_files(tmp_path / "letter.wav")
        assert (await said(page)).startswith("This file is no recording")


@pytest.mark.parametrize(
    ("status", "reason", "words"),
    [
        (401, None, "You are not signed in any more. Sign in again."),
        (403, "scope", "You may not use the interpreter."),
        (429, "rate", "Too many sessions were asked for."),
        (429, "day-spend", "The day's limit of this server has no room for a session."),
        (502, "key", "The interpreter does not take this server's key or settings."),
        (503, "quota", "The interpreter gives no session now."),
    ],
)
async def test_no_token_is_to_be_had(
    peer: LivePeer, microphone: Path, status: int, reason: str | None, words: str
) -> None:
    async def refuse(route: Route) -> None:
        await route.fulfill(status=status, json={"status": status, "reason": reason})

    async with site(peer.url) as url, chromium(url, microphone=microphone, complains=True) as page:
        await page.route("**/api/live-tokens", refuse)
        await page.get_by_role("button", name="Talk").click()
        assert (await said(page)).startswith(words)
    assert peer.frames == []


async def test_the_server_is_gone(peer: LivePeer, microphone: Path) -> None:
    async with site(peer.url) as url, chromium(url, microphone=microphone, complains=True) as page:
        await page.route("**/api/live-tokens", lambda route: route.abort())
        await page.get_by_role("button", name="Talk").click()
        assert (await said(page)).startswith("This server does not answer.")


REFUSED = "The interpreter refused the token. Press Talk again: that asks for a new one."


async def test_an_expired_token(api: LiveApi, microphone: Path) -> None:
    async with site(api.plain_url) as url, chromium(url, microphone=microphone) as page:
        await answer_with(page, await minted(api.plain_url, seconds=3))
        await page.wait_for_timeout(3100)
        await page.get_by_role("button", name="Talk").click()
        assert await said(page) == REFUSED


async def test_a_token_that_is_used_up(api: LiveApi, microphone: Path) -> None:
    async with site(api.plain_url) as url, chromium(url, microphone=microphone) as page:
        await answer_with(page, await minted(api.plain_url))
        await page.get_by_role("button", name="Talk").click()
        await page.get_by_text("Listening.").wait_for()
        await page.get_by_role("button", name="Stop").click()
        await page.get_by_role("button", name="Talk").click()
        assert await said(page) == REFUSED


async def test_a_quota_that_is_used_up(api: LiveApi, microphone: Path) -> None:
    api.faults = Faults(refusal=QUOTA)
    async with site(api.plain_url) as url, chromium(url, microphone=microphone) as page:
        await page.get_by_role("button", name="Talk").click()
        assert (await said(page)).startswith("The interpreter has no quota left")


async def test_an_interpreter_that_cannot_be_reached(peer: LivePeer, microphone: Path) -> None:
    async with site(peer.url) as url, chromium(url, microphone=microphone, complains=True) as page:
        peer.gone = True
        await page.get_by_role("button", name="Talk").click()
        assert (await said(page)).startswith("The interpreter cannot be reached from this browser.")


async def test_a_dropped_connection_is_made_again_in_plain_sight(peer: LivePeer, microphone: Path) -> None:
    async with site(peer.url) as url, chromium(url, microphone=microphone) as page:
        await page.get_by_role("button", name="Talk").click()
        await page.get_by_text("Listening.").wait_for()
        while not peer.heard.size:
            await page.wait_for_timeout(50)
        peer.drop()
        await page.get_by_text("The connection was lost. Connecting again, try 1 of 4").wait_for()
        await page.get_by_text("Listening.").wait_for()
        while len(peer.frames) < 2 or len(peer.frames[1]) < 10:
            await page.wait_for_timeout(50)


async def test_a_connection_that_stays_away_is_given_up_in_words(peer: LivePeer, microphone: Path) -> None:
    async with site(peer.url) as url, chromium(url, microphone=microphone, complains=True) as page:
        await page.get_by_role("button", name="Talk").click()
        await page.get_by_text("Listening.").wait_for()
        await page.route("**/api/live-tokens", lambda route: route.abort())
        await peer.sockets[0].close(code=1011)
        assert (await said(page)).startswith("The connection to the interpreter was lost.")


async def test_stopping_while_it_connects_leaves_nothing_behind(peer: LivePeer, microphone: Path) -> None:
    async with site(peer.url) as url, chromium(url, microphone=microphone) as page:

        async def slowly(route: Route) -> None:
            await page.wait_for_timeout(500)
            await route.continue_()

        await page.route("**/api/live-tokens", slowly)
        await page.get_by_role("button", name="Talk").click()
        await page.get_by_role("button", name="Stop").click()
        await page.get_by_text("Ready.").wait_for()
        await page.wait_for_timeout(1000)
        assert peer.frames == []
        assert await page.get_by_role("alert").inner_text() == ""
