"""Google's own JavaScript SDK as the referee: of the frames our client sends, and of our local Live API."""

import asyncio
import base64
import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from telephony.simulator.live_api.server import LiveApi
from telephony.simulator.scenario import load
from tests.console.try_page.browser import chromium, in_chromium
from tests.console.try_page.site import KEY_OF_TEST, LivePeer, site
from tests.simulator.spoken import Said, call, over_the_line, quiet, voice

REFEREE = Path(__file__).parent / "referee"
MODEL = "models/gemini-3.5-live-translate-preview"
INSTALL_WITHIN = 180
PATIENCE = 30.0

CONFIG = {
    "responseModalities": ["AUDIO"],
    "inputAudioTranscription": {},
    "outputAudioTranscription": {},
    "translationConfig": {"targetLanguageCode": "en", "echoTargetLanguage": False},
}


@pytest.fixture(scope="session")
def sdk(pytestconfig: pytest.Config) -> Path:
    """A folder in which the pinned SDK is installed. Skips, saying why, where npm cannot do that."""
    npm, node = shutil.which("npm"), shutil.which("node")
    if npm is None or node is None:
        pytest.skip("there is no Node with npm here, which Google's JavaScript SDK needs")
    folder = pytestconfig.cache.mkdir("google-genai-js") if pytestconfig.cache else pytest.skip("pytest has no cache")
    for name in ("package.json", "package-lock.json", "referee.mjs"):
        shutil.copy(REFEREE / name, folder)
    if not (folder / "node_modules" / ".package-lock.json").exists():  # what npm writes last
        command = [npm, "ci", "--no-audit", "--no-fund", "--ignore-scripts"]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=INSTALL_WITHIN)
        if done.returncode:
            pytest.skip(f"npm cannot install Google's JavaScript SDK here: {done.stderr.strip()[-200:]}")
    return folder


async def judge(sdk: Path, url: str, key: str, **wish: Any) -> dict[str, Any]:
    """What the SDK saw."""
    wish = {"model": MODEL, "config": CONFIG, "sound": [], "messages": 0, **wish}
    node = await asyncio.create_subprocess_exec(
        "node", "referee.mjs", url, key, cwd=sdk, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    try:
        async with asyncio.timeout(PATIENCE):
            said, complained = await node.communicate(json.dumps(wish).encode())
    except TimeoutError:
        node.kill()
        await node.wait()
        raise
    assert node.returncode == 0, complained.decode()
    seen: dict[str, Any] = json.loads(said)
    return seen


def chunks(pcm: bytes) -> list[str]:
    return [base64.b64encode(pcm[at : at + 3200]).decode() for at in range(0, len(pcm), 3200)]


OURS = """
async ([url, model, sound]) => {
  const { openLive, setupFor } = await import("/static/live-client.js");
  const session = await openLive({ url, token: "auth_tokens/of-a-test", setup: setupFor(model, "en", false) });
  for (const data of sound) {
    const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
    session.send(new Int16Array(bytes.buffer));
  }
  session.pause();
  await new Promise((resolve) => setTimeout(resolve, 300));
  session.close();
}
"""


@in_chromium[0]
@in_chromium[1]
async def test_our_client_sends_what_the_sdk_sends(sdk: Path) -> None:
    sound = chunks(over_the_line(voice(3, 0.5)))
    async with LivePeer().served() as peer:
        service = "google.ai.generativelanguage.v1alpha.GenerativeService.BidiGenerateContentConstrained"
        address = f"{peer.url.replace('http', 'ws')}/ws/{service}"
        async with site(peer.url) as url, chromium(url) as page:
            await page.evaluate(OURS, [address, MODEL, sound])
        await judge(sdk, peer.url, "auth_tokens/of-a-test", sound=sound)
        ours, theirs = peer.frames
        asked = [(request.path.lstrip("/"), request.query_string) for request in peer.requests]
    assert ours[0] == theirs[0], "the setup"
    assert ours[1:-1] == theirs[1:-1], "the sound"
    assert ours[-1] == theirs[-1], "the pause"
    assert len(ours) == len(sound) + 2
    assert asked[0] == asked[1], "the address and the token"


async def test_the_sdk_mints_a_token_here_and_hears_a_line_with_it(sdk: Path, tmp_path: Path) -> None:
    folder = call(tmp_path / "call", Said("c1", "caller", 1.4, 0.6), lag=0.0)
    sound = chunks(over_the_line(quiet(0.2), voice(0, 1.4), quiet(0.5)))
    mint = {"uses": 1, "liveConnectConstraints": {"model": MODEL, "config": CONFIG}}
    async with LiveApi([load(folder)], key=KEY_OF_TEST, plain=True) as api:
        asked = {**CONFIG, "translationConfig": {"targetLanguageCode": "de"}}
        seen = await judge(sdk, api.plain_url, KEY_OF_TEST, mint=mint, config=asked, sound=sound, messages=39)
        (session,) = api.sessions
    assert seen["setupComplete"]
    assert seen["heard"] == "uno dos tres cuatro cinco seis siete ocho"
    assert seen["spoken"] == "one two three four five six seven eight"
    assert seen["samples"] >= 0.5 * 24000
    assert session.setup is not None
    assert session.setup.target_language == "en", "the token locks it"


async def test_the_sdk_chooses_the_language_with_a_token_whose_mask_leaves_it_open(sdk: Path) -> None:
    constraints = {"model": MODEL, "config": {"responseModalities": ["AUDIO"]}}
    mint = {"uses": 1, "liveConnectConstraints": constraints, "lockAdditionalFields": []}
    async with LiveApi([], key=KEY_OF_TEST, plain=True) as api:
        asked = {**CONFIG, "translationConfig": {"targetLanguageCode": "de"}}
        assert (await judge(sdk, api.plain_url, KEY_OF_TEST, mint=mint, config=asked))["setupComplete"]
        (session,) = api.sessions
    assert session.setup is not None
    assert session.setup.target_language == "de"


async def test_the_sdk_is_told_that_a_token_is_unknown(sdk: Path) -> None:
    async with LiveApi([], key=KEY_OF_TEST, plain=True) as api:
        with pytest.raises((AssertionError, TimeoutError)):
            await judge(sdk, api.plain_url, "auth_tokens/unknown")
        assert not api.sessions
