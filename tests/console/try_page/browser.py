"""Debian's Chromium with a WAV as its microphone."""

import base64
import shutil
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from playwright.async_api import Page, Route, async_playwright

from telephony.audio import wav
from telephony.audio.format import PCM16_16K

CHROMIUM = shutil.which("chromium")
in_chromium = [
    pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium here (Debian: apt install chromium)"),
    # google-genai 3.4 makes a class of aiohttp's session, which aiohttp 3.14 discourages.
    pytest.mark.filterwarnings("ignore:Inheritance class AiohttpClientSession:DeprecationWarning"),
]
"""The marks of every test of a page."""

HEARD = """
globalThis.heard = [];
const connect = AudioNode.prototype.connect;
AudioNode.prototype.connect = function (target, ...more) {
  if (target !== this.context.destination || this.constructor.name !== "AudioWorkletNode") {
    return connect.call(this, target, ...more);
  }
  this.context.audioWorklet.addModule("/tap.js").then(() => {
    const tap = new AudioWorkletNode(this.context, "tap");
    const kept = { rate: this.context.sampleRate, blocks: [] };
    globalThis.heard.push(kept);
    tap.port.onmessage = ({ data }) => kept.blocks.push(data);
    connect.call(this, tap);
    connect.call(tap, this.context.destination);
  });
  return target;
};
"""
"""Puts a tap before every loudspeaker of the page."""

NO_OTHER_RATES = """
globalThis.AudioContext = class extends AudioContext {
  constructor(options) {
    if (options?.sampleRate) throw new DOMException("not at this rate", "NotSupportedError");
    super(options);
  }
};
"""
"""A browser that runs sound at the rate of its device only."""

NOT_TO_BE_HAD = ("Failed to load resource", "WebSocket connection to", "Permissions policy violation: camera")

Samples = NDArray[np.int16]


@asynccontextmanager
async def chromium(
    url: str,
    *,
    microphone: Path | None = None,
    args: tuple[str, ...] = (),
    script: str = "",
    complains: bool = False,
    **context: Any,
) -> AsyncIterator[Page]:
    """The page at `url`. Whatever stands on its console as an error fails the test at the end.

    `complains`: the browser itself notes there that something was not to be had: an address, or a camera, which it
    thinks of where a tab is shared.
    """
    flags = ["--no-sandbox", "--autoplay-policy=no-user-gesture-required", *args]
    if microphone:
        flags += [
            "--use-fake-device-for-media-stream",
            "--use-fake-ui-for-media-stream",
            f"--use-file-for-fake-audio-capture={microphone}%noloop",
        ]
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=CHROMIUM, args=flags, ignore_default_args=["--mute-audio"]
        )
        page = await (await browser.new_context(**{"locale": "en-US", **context})).new_page()
        complaints: list[str] = []
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        if script:
            await page.add_init_script(script)
        await page.goto(f"{url}/try")
        await page.wait_for_selector("#language option")
        yield page
        await browser.close()
        unexpected = [words for words in complaints if not (complains and words.startswith(NOT_TO_BE_HAD))]
        assert not unexpected, unexpected


async def answer_with(page: Page, answer: dict[str, str]) -> None:
    """From now on the page gets this token, whatever it asks for."""

    async def fulfil(route: Route) -> None:
        await route.fulfill(status=201, json=answer)

    await page.route("**/api/live-tokens", fulfil)


async def until(met: Callable[[], Coroutine[Any, Any, bool]], page: Page, within_ms: int = 20_000) -> None:
    """Looks again and again. AssertionError when the time is over."""
    for _ in range(within_ms // 50):
        if await met():
            return
        await page.wait_for_timeout(50)
    raise AssertionError("it has not come to that")


async def loudspeaker(page: Page) -> tuple[int, Samples]:
    """What the page has played so far by the loudest of its taps: the rate, and the samples."""
    taps = await page.evaluate(
        """() => globalThis.heard.map(({ rate, blocks }) => {
          const whole = Int16Array.from(blocks.flatMap((block) => [...block]), (x) => Math.round(x * 32767));
          let text = "";
          for (const byte of new Uint8Array(whole.buffer)) text += String.fromCharCode(byte);
          return [rate, btoa(text)];
        })"""
    )
    sounds = [(int(rate), np.frombuffer(base64.b64decode(text), "<i2")) for rate, text in taps]
    return max(sounds, key=lambda sound: float(np.square(sound[1].astype(float)).sum()))


def tone(hertz: float, seconds: float, rate: int, dbfs: float) -> Samples:
    times = np.arange(round(seconds * rate)) / rate
    return (10 ** (dbfs / 20) * 32767 * np.sin(2 * np.pi * hertz * times)).astype(np.int16)


def recording(path: Path, samples: Samples) -> Path:
    """A WAV of 16 kHz."""
    wav.write(path, samples.tobytes(), PCM16_16K)
    return path


def judged(samples: Samples, rate: int) -> tuple[float, float, float]:
    """Of a stretch of one tone: its frequency, the level of its peak in dBFS, how far all else lies under it in dB."""
    sound = samples.astype(float) / 32768
    hertz = _frequency(sound, rate)
    times = np.arange(sound.size) / rate
    waves = np.stack([np.sin(2 * np.pi * hertz * times), np.cos(2 * np.pi * hertz * times)], axis=1)
    weights, *_ = np.linalg.lstsq(waves, sound, rcond=None)
    rest = sound - waves @ weights
    level = 20 * np.log10(float(np.hypot(*weights)))
    return hertz, level, 10 * np.log10(float(np.square(sound - rest).sum() / max(np.square(rest).sum(), 1e-12)))


def _frequency(sound: NDArray[np.float64], rate: int) -> float:
    """By the phase of the strongest bin in either half, which is exact enough to take the tone out of the sound."""
    half = sound.size // 2
    window = np.hanning(half)
    first, second = (np.fft.rfft(sound[at : at + half] * window) for at in (0, half))
    peak = int(np.argmax(np.abs(first)))
    coarse = peak * rate / half
    turned = float(np.angle(second[peak] / first[peak])) / (2 * np.pi)
    turns = coarse * half / rate
    return (round(turns - turned) + turned) * rate / half
