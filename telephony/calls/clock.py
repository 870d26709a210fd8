"""The one place where the heart waits for a time: a monotonic clock as a parameter, a wait that can be cut short."""

import asyncio
import contextlib
from collections.abc import Callable

Clock = Callable[[], float]
"""Monotonic seconds: `time.monotonic`, or a virtual loop's `time`."""


async def until(due: float | None, sooner: asyncio.Event, clock: Clock) -> None:
    """Returns at `due` (never, if None) or as soon as `sooner` is set."""
    if due is None:
        await sooner.wait()
        return
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(max(0.0, due - clock())):
            await sooner.wait()
