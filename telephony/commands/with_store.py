"""What the commands share that work on the store directly: opening it, and saying in one line what is wrong with it."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console

    from telephony.records.store import Store

NO_STORE = 2


def told_of_store(command: Callable[["Store", "Console"], Awaitable[int]]) -> int:
    """Runs a command on the open store; 2 where that cannot be worked with. The service may run meanwhile."""
    from telephony.records.store import DatabaseRefused, StoreUnavailable

    try:
        return asyncio.run(_on_store(command, console()))
    except DatabaseRefused as refused:
        problem = str(refused)
    except StoreUnavailable as unavailable:
        problem = f"the database cannot be reached now ({unavailable}); start it, or correct TELEPHONY_DATABASE_URL"
    console(stderr=True).print(problem)
    return NO_STORE


def console(*, stderr: bool = False) -> "Console":
    """Plain lines, however long."""
    from rich.console import Console

    return Console(stderr=stderr, highlight=False, soft_wrap=True, markup=False)


async def _on_store(command: Callable[["Store", "Console"], Awaitable[int]], out: "Console") -> int:
    from telephony.commands.db import StoreSettings
    from telephony.records.store import Store

    settings = StoreSettings()
    url = settings.database_url.get_secret_value() if settings.database_url else None
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    store = await Store.open(url, settings.data_dir)
    try:
        return await command(store, out)
    finally:
        await store.close()
