"""Ending tasks that one owns."""

import asyncio
from typing import Any


async def put_away(*tasks: asyncio.Task[Any]) -> None:
    """Cancel those that still run and wait until all have ended. Raises what the first of them failed with."""
    for task in tasks:
        task.cancel()
    if tasks:
        await asyncio.wait(tasks)
    for task in tasks:
        if not task.cancelled() and (error := task.exception()):
            raise error
