"""Deadlines on one clock: the carrier's 20 ms, kept without drift."""

import asyncio
import time
from collections.abc import AsyncIterator

PTIME = 0.02
"""Seconds a frame lasts."""


def clock() -> float:
    """Seconds on the machine's monotonic clock, the same for every process on it."""
    return time.monotonic()


async def sleep_until(deadline: float) -> None:
    """Sleep until `deadline`; not at all when it has passed."""
    await asyncio.sleep(max(0.0, deadline - clock()))


async def ticks(start: float, until: float = float("inf")) -> AsyncIterator[float]:
    """The times `start`, `start` + 20 ms ... before `until`, each when it has come.

    The times are the nominal ones, not those of waking up; after a stall those that were missed come at once.
    """
    count = 0
    while (due := start + count * PTIME) < until:
        await sleep_until(due)
        yield due
        count += 1
