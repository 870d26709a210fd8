"""The example for people's own web apps does what it says."""

from pathlib import Path

import numpy as np

from tests.console.try_page.browser import chromium, in_chromium, judged, recording, tone, until
from tests.console.try_page.site import LivePeer, site

pytestmark = in_chromium

TALK = """
async () => {
  const { interpret } = await import("/static/interpret.js");
  globalThis.words = [];
  const ask = async () => {
    const headers = { "Content-Type": "application/json" };
    const wish = { mode: "locked", target_language: "de" };
    return (await fetch("/api/live-tokens", { method: "POST", headers, body: JSON.stringify(wish) })).json();
  };
  globalThis.stop = await interpret(ask, (...said) => globalThis.words.push(said), "de");
}
"""


async def test_the_example_for_the_web_interprets(tmp_path: Path) -> None:
    says = [{"inputTranscription": {"text": "hello", "languageCode": "en"}}]
    says += [{"outputTranscription": {"text": "hallo", "languageCode": "de"}}]
    microphone = recording(tmp_path / "tone.wav", tone(1000, 20, 16000, -9))
    async with (
        LivePeer(says=says).served() as peer,
        site(peer.url) as url,
        chromium(url, microphone=microphone) as page,
    ):
        await page.evaluate(TALK)

        async def enough() -> bool:
            return peer.heard.size > 2 * 16000

        await until(enough, page)
        assert await page.evaluate("() => words") == [["heard", "hello", "en"], ["spoken", "hallo", "de"]]
        await page.evaluate("() => stop()")
        await page.wait_for_timeout(300)
        before = len(peer.frames[0])
        await page.wait_for_timeout(300)
        assert len(peer.frames[0]) == before
    setup = peer.frames[0][0]["setup"]
    assert setup["generationConfig"]["translationConfig"]["targetLanguageCode"] == "de"
    hertz, *_ = judged(peer.heard[-16000:], 16000)
    assert abs(hertz - 1000) < 1
    assert np.abs(peer.heard).max() > 300
