"""`telephony serve` as it is, with a task beside it that writes down what it grows to: one JSON object a line.

The file is named by SOAK_GROWTH. `tasks` are the event loop's, the one that counts included.
"""

import asyncio
import json
import os
import time
from pathlib import Path

from telephony import app
from telephony.__main__ import main
from telephony.config import Settings

EVERY = 2.0
GROWTH = "SOAK_GROWTH"
PAGE = os.sysconf("SC_PAGE_SIZE")

serve = app.serve


async def counted(settings: Settings, host: str, port: int, stopping: app.Stopping) -> None:
    """Serves, and counts."""
    counting = asyncio.create_task(count(Path(os.environ[GROWTH])), name="growth")
    try:
        await serve(settings, host, port, stopping)
    finally:
        counting.cancel()
        await asyncio.wait((counting,))


async def count(path: Path) -> None:
    """Until cancelled."""
    while True:
        tasks = len(asyncio.all_tasks())
        await asyncio.to_thread(write, path, tasks)
        await asyncio.sleep(EVERY)


def write(path: Path, tasks: int) -> None:
    """One look; the resident set is in bytes (proc(5), statm)."""
    figures = {
        "at": time.monotonic(),
        "pid": os.getpid(),
        "tasks": tasks,
        "files": len(list(Path("/proc/self/fd").iterdir())),
        "rss": int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * PAGE,
    }
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(figures) + "\n")


if __name__ == "__main__":
    app.serve = counted
    main()
