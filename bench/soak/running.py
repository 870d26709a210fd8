"""Running a bench so that it can be stopped with all that it started."""

import asyncio
import signal
from collections.abc import Coroutine
from typing import Any


def stoppable(bench: Coroutine[Any, Any, bool]) -> bool:
    """Runs it; SIGTERM ends it as Ctrl+C does, with everything that it started."""

    async def run() -> bool:
        task = asyncio.ensure_future(bench)
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
        return await task

    return asyncio.run(run())
