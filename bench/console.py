"""How fast captions reach a screen: 100 a second over 50 calls, told to the feed, seen in Chromium.

    python -m bench.console [--seconds 20]

Each caption carries a number; the page notes when a frame with that number in it is drawn. Both clocks are this
machine's. Prints p50, p95, p99 and the longest; exit 1 where p95 is over 50 ms or a caption is missing.
"""

import argparse
import asyncio
import re
import sys
import tempfile
import time
from pathlib import Path

from playwright.async_api import Page
from rich.console import Console as Terminal

from telephony.records.store.users import UserRole
from tests.console.chromium import console_page
from tests.console.site import Site, console_site, reads, says, talk

CALLS = 50
A_SECOND = 100
P95_MS = 50.0

WATCH = """() => {
  globalThis.drawn = new Map();
  const fresh = new Set();
  const look = (node) => {
    for (const [, number] of node.textContent.matchAll(/#(\\d+)/g)) if (!drawn.has(number)) fresh.add(number);
  };
  new MutationObserver((changes) => {
    for (const { target, addedNodes } of changes) for (const node of [target, ...addedNodes]) look(node);
    const numbers = [...fresh];
    fresh.clear();
    requestAnimationFrame(() => {
      const channel = new MessageChannel();
      channel.port1.onmessage = () => {
        const at = performance.timeOrigin + performance.now();
        for (const number of numbers) if (!drawn.has(number)) drawn.set(number, at);
      };
      channel.port2.postMessage(null);
    });
  }).observe(document.body, { subtree: true, childList: true, characterData: true });
}"""
"""A message that is posted in a frame's callback arrives once that frame is drawn."""


async def run(seconds: float) -> list[float]:
    """Milliseconds from telling to drawing, of each caption; a missing one takes for ever."""
    with tempfile.TemporaryDirectory() as folder:
        async with console_site(Path(folder)) as site, console_page(site, UserRole.SUPERVISOR) as page:
            for call in range(CALLS):
                talk(site.feed, f"call-{call}")
            await page.wait_for_function(f"() => document.querySelectorAll('article').length === {CALLS}")
            await page.evaluate(WATCH)
            told = await _tell(site, seconds)
            return await _seen(page, told)


async def _tell(site: Site, seconds: float) -> list[float]:
    """Evenly, with each call's readings once a second beside. When each was told, in seconds since 1970."""
    told: list[float] = []
    began = time.monotonic()
    for number in range(round(seconds * A_SECOND)):
        await asyncio.sleep(max(0.0, began + number / A_SECOND - time.monotonic()))
        call = f"call-{number % CALLS}"
        told.append(time.time())
        says(site.feed, call, f" word #{number}")
        if number % 2:
            reads(site.feed, call)
    return told


async def _seen(page: Page, told: list[float]) -> list[float]:
    await asyncio.sleep(1.0)
    drawn = dict(await page.evaluate("() => [...drawn]"))
    return [drawn.get(str(number), float("inf")) - at * 1000 for number, at in enumerate(told)]


def main() -> int:
    parser = argparse.ArgumentParser(description=re.sub(r"\n\n.*", "", __doc__ or "", flags=re.DOTALL))
    parser.add_argument("--seconds", type=float, default=20.0)
    spans = sorted(asyncio.run(run(parser.parse_args().seconds)))
    at = {share: spans[min(len(spans) - 1, int(len(spans) * share))] for share in (0.5, 0.95, 0.99)}
    missing = sum(span == float("inf") for span in spans)
    Terminal().print(
        f"{len(spans)} captions, {A_SECOND} a second over {CALLS} calls: p50 {at[0.5]:.0f} ms, p95 {at[0.95]:.0f} ms, "
        f"p99 {at[0.99]:.0f} ms, longest {spans[-1]:.0f} ms, missing {missing}"
    )
    return int(missing > 0 or at[0.95] > P95_MS)


if __name__ == "__main__":
    sys.exit(main())
