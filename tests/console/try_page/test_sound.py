"""What the page hears and plays: frequency, level and purity, at the rates it wants and at the browser's own.

Samples are not compared one by one: a fake microphone's clock and a worklet's beat against each other now and then.
"""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import numpy as np
import pytest

from tests.console.try_page.browser import (
    HEARD,
    NO_OTHER_RATES,
    Samples,
    chromium,
    in_chromium,
    judged,
    loudspeaker,
    recording,
    tone,
    until,
)
from tests.console.try_page.site import LivePeer, site

pytestmark = in_chromium

SECONDS = 6
RATES = pytest.mark.parametrize("script", ["", NO_OTHER_RATES], ids=["at the rates it wants", "at the browser's rate"])


@pytest.fixture
async def peer() -> AsyncIterator[LivePeer]:
    async with LivePeer(sound=tone(440, SECONDS, 24000, -9)).served() as running:
        yield running


def steadiest(samples: Samples, rate: int, seconds: float = 2.0) -> Samples:
    """The stretch in which the tone is purest: a step of the phase in one place says nothing of the sound."""
    size, step = round(seconds * rate), rate // 4
    stretches = [samples[at : at + size] for at in range(0, samples.size - size, step)]
    loud = [stretch for stretch in stretches if np.abs(stretch).max() > 3000]
    return max(loud, key=lambda stretch: judged(stretch, rate)[2])


@RATES
async def test_a_tone_goes_in_and_another_comes_out(peer: LivePeer, tmp_path: Path, script: str) -> None:
    microphone = recording(tmp_path / "tone.wav", tone(1000, 20, 16000, -9))
    async with site(peer.url) as url, chromium(url, microphone=microphone, script=script + HEARD) as page:
        await page.get_by_label("I wear headphones").check()
        await page.get_by_role("button", name="Talk").click()

        async def all_played() -> bool:
            return peer.heard.size > SECONDS * 16000

        await until(all_played, page)
        rate, played = await loudspeaker(page)
        await page.get_by_role("button", name="Stop").click()
        await page.get_by_text("Ready.").wait_for()

    hertz, level, snr = judged(steadiest(peer.heard, 16000), 16000)
    assert hertz == pytest.approx(1000, abs=1)
    assert level == pytest.approx(-9, abs=0.5)
    assert snr > 40
    hertz, level, snr = judged(steadiest(played, rate), rate)
    assert hertz == pytest.approx(440, abs=1)
    assert level == pytest.approx(-9, abs=0.5)
    assert snr > 40
    assert (rate == 24000) is (script == "")


async def test_sound_goes_in_chunks_of_100_ms_ten_times_a_second(peer: LivePeer, tmp_path: Path) -> None:
    microphone = recording(tmp_path / "tone.wav", tone(1000, 20, 16000, -9))
    async with site(peer.url) as url, chromium(url, microphone=microphone) as page:
        await page.get_by_role("button", name="Talk").click()

        async def long_enough() -> bool:
            return len(peer.times) > 40

        await until(long_enough, page)
    sizes = {len(frame["realtimeInput"]["audio"]["data"]) for frame in peer.frames[0][1:]}
    assert sizes == {4268}  # 3200 bytes in base64
    assert {frame["realtimeInput"]["audio"]["mimeType"] for frame in peer.frames[0][1:]} == {"audio/pcm;rate=16000"}
    chunks = peer.times[5:40]
    assert (chunks[-1] - chunks[0]) / (len(chunks) - 1) == pytest.approx(0.1, rel=0.1)


async def test_the_sound_of_a_tab_is_heard(peer: LivePeer, tmp_path: Path) -> None:
    args = ("--auto-select-tab-capture-source-by-title=a tab that hums",)
    async with site(peer.url) as url, chromium(url, args=args, complains=True) as page:
        humming = await page.context.new_page()
        await humming.goto(f"{url}/static/icon.svg")
        other = await page.context.new_page()
        await other.goto("about:blank")
        await other.evaluate(
            """() => {
              document.title = "a tab that hums";
              const context = new AudioContext();
              const tone = new OscillatorNode(context, { frequency: 700 });
              tone.connect(new GainNode(context, { gain: 0.3 })).connect(context.destination);
              tone.start();
            }"""
        )
        await humming.close()
        await page.bring_to_front()
        await page.get_by_role("button", name="Share a tab's sound").click()

        async def heard_enough() -> bool:
            return peer.heard.size > 4 * 16000

        await until(heard_enough, page)
        await other.close()
        await page.get_by_text("The tab is no longer shared.").wait_for()
    hertz, level, snr = judged(steadiest(peer.heard, 16000, 1.0), 16000)
    assert hertz == pytest.approx(700, abs=1)
    assert level == pytest.approx(20 * np.log10(0.3), abs=1)
    assert snr > 40


async def test_a_recording_is_heard(peer: LivePeer, tmp_path: Path) -> None:
    played = recording(tmp_path / "tone.wav", tone(1300, 3, 16000, -12))
    async with site(peer.url) as url, chromium(url) as page:
        await page.get_by_label("Play a recording").set_input_files(played)

        async def heard_all() -> bool:
            return peer.heard.size > 4 * 16000

        await until(heard_all, page)
    hertz, level, snr = judged(steadiest(peer.heard, 16000), 16000)
    assert hertz == pytest.approx(1300, abs=1)
    assert level == pytest.approx(-12, abs=0.5)
    assert snr > 40
    assert not peer.heard[-8000:].any(), "after the recording there is silence"


async def test_what_comes_late_is_waited_for_and_not_cut(tmp_path: Path) -> None:
    """Messages come in bursts of a second; every one of them is played."""
    async with LivePeer(sound=tone(440, 3, 24000, -9)).served() as peer:
        speak = peer._speak

        async def in_a_burst(socket: object) -> None:
            await asyncio.sleep(0.3)
            sound, peer.sound = peer.sound, np.zeros(0, np.int16)
            for part in np.split(sound, 3):
                peer.sound = part
                await speak(socket)  # type: ignore[arg-type]

        peer._speak = in_a_burst  # type: ignore[method-assign]
        microphone = recording(tmp_path / "quiet.wav", np.zeros(16000 * 10, np.int16))
        async with site(peer.url) as url, chromium(url, microphone=microphone, script=HEARD) as page:
            await page.get_by_role("button", name="Talk").click()

            async def all_played() -> bool:
                return peer.heard.size > 5 * 16000

            await until(all_played, page)
            rate, played = await loudspeaker(page)
    assert np.count_nonzero(np.abs(played) > 100) / rate == pytest.approx(3.0, abs=0.05)
