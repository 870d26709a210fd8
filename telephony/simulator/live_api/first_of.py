"""Several things that go on side by side until the first of them is done."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

Result = TypeVar("Result")


async def first_of(**coroutines: Coroutine[Any, Any, Result]) -> Result:
    """Runs all of them, each in a task of its name, and gives the result of the first that is done.

    The others are cancelled, and have ended when this returns. Where several are done at once the earlier named counts.
    """
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(work, name=f"live session: {name}") for name, work in coroutines.items()]
        done, others = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in others:
            task.cancel()
    return next(task.result() for task in tasks if task in done)
