"""`telephony db`: the tables of the store, made and brought up to date.

Reads two settings only, so that it runs where the rest is not set up.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer
from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict
from rich.console import Console

if TYPE_CHECKING:
    from telephony.records.store.database import Database

app = typer.Typer(help="The store's tables: how far they are, and the way to this version's.", no_args_is_help=True)


class StoreSettings(BaseSettings):
    """Where the store is, from the environment or `.env`, by the same names as `telephony serve` reads."""

    model_config = SettingsConfigDict(
        env_file=".env", extra="ignore", frozen=True, env_ignore_empty=True, str_strip_whitespace=True
    )

    database_url: SecretStr | None = Field(default=None, validation_alias="TELEPHONY_DATABASE_URL")
    data_dir: Path = Field(default=Path("data"), validation_alias="TELEPHONY_DATA_DIR")


@app.command()
def upgrade() -> None:
    """Bring the tables to this version's. Calls may go on meanwhile."""
    raise typer.Exit(_told(_upgrade))


@app.command()
def status() -> None:
    """Say how the tables compare with this version's; the exit code is 1 unless they are the same."""
    raise typer.Exit(_told(_status))


def _told(command: Callable[[Console], Coroutine[Any, Any, int]]) -> int:
    """Runs a command; 2 where the database cannot be worked with, said in one line."""
    from telephony.records.store.trouble import DatabaseRefused, StoreUnavailable

    console = Console(highlight=False, soft_wrap=True, markup=False)
    try:
        return asyncio.run(command(console))
    except (DatabaseRefused, StoreUnavailable) as problem:
        Console(stderr=True, highlight=False, soft_wrap=True, markup=False).print(str(problem))
        return 2


async def _upgrade(console: Console) -> int:
    from telephony.records.store import migrate

    async with _database() as database:
        before = await migrate.upgrade(database)
        already = before is migrate.Standing.CURRENT
        done = "were up to date" if already else f"were {before} and are up to date now"
        console.print(f"{database.shown}: the tables {done} (migration {migrate.head()})")
    return 0


async def _status(console: Console) -> int:
    from telephony.records.store import migrate

    async with _database() as database:
        found = await migrate.standing(database)
        remedies = {
            migrate.Standing.EMPTY: "; run: telephony db upgrade",
            migrate.Standing.OLDER: "; run: telephony db upgrade",
            migrate.Standing.NEWER: "; run the version of telephony that wrote them, or a later one",
        }
        console.print(f"{database.shown}: the tables are {found}{remedies.get(found, '')}")
    return int(found is not migrate.Standing.CURRENT)


@asynccontextmanager
async def _database() -> "AsyncIterator[Database]":
    from telephony.records.store.address import database_address
    from telephony.records.store.database import Database

    settings = StoreSettings()
    url = settings.database_url.get_secret_value() if settings.database_url else None
    database = Database(database_address(url, settings.data_dir))
    try:
        yield database
    finally:
        await database.close()
