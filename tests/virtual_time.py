"""Running a test's coroutine in virtual time, and looking for what it leaves behind."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, TypeVar

from telephony.replay import virtual_time

T = TypeVar("T")


def in_virtual_time(test: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """Runs `test()`; fails if a task outlives it."""

    async def alone() -> T:
        result = await test()
        await asyncio.sleep(0)
        left = [task.get_name() for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        assert left == []
        return result

    return virtual_time.run(alone())


async def passed(seconds: float, *meanwhile: Awaitable[Any]) -> None:
    """Lets virtual seconds go by."""
    await asyncio.gather(asyncio.sleep(seconds), *meanwhile)
