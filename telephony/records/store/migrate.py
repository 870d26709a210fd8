"""The store's tables as migrations make them: how far a database is, and the way to the newest."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from enum import StrEnum
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError
from sqlalchemy import Connection, text

from telephony.records.store.database import Database
from telephony.records.store.trouble import DatabaseRefused, StoreUnavailable

MIGRATIONS = Path(__file__).parent / "migrations"

UPGRADING = 0x7E1E
"""Any number: the advisory lock on PostgreSQL that everybody takes who upgrades this store."""

REMEDIES = {
    "SQLITE_NOTADB": "is no SQLite file; move it away or let TELEPHONY_DATABASE_URL name another one",
    "SQLITE_CORRUPT": "is damaged; put a copy in its place or move it away",
    "SQLITE_CANTOPEN": "cannot be opened; correct TELEPHONY_DATA_DIR or TELEPHONY_DATABASE_URL",
    "SQLITE_READONLY": "cannot be written; correct the rights of the file and of its folder",
    "SQLITE_ERROR": "has other tables than this service's; let TELEPHONY_DATABASE_URL name another one",
    "DuplicateTableError": "has other tables than this service's; let TELEPHONY_DATABASE_URL name another one",
    "InvalidPasswordError": "refuses the user or the password; correct TELEPHONY_DATABASE_URL",
    "InvalidAuthorizationSpecificationError": "refuses the user; correct TELEPHONY_DATABASE_URL",
    "InvalidCatalogNameError": "is not there; create the database or correct TELEPHONY_DATABASE_URL",
    "InsufficientPrivilegeError": "does not let this user make tables; grant it, or upgrade as another user",
}
"""What waiting does not mend, by the driver's name for it."""


class Standing(StrEnum):
    """How the tables of a database compare with those of this version."""

    EMPTY = "empty"
    OLDER = "older"
    CURRENT = "current"
    NEWER = "newer"


def head() -> str:
    """The newest migration of this version."""
    return ScriptDirectory.from_config(_config()).get_current_head() or ""


async def standing(database: Database) -> Standing:
    """Of a SQLite file that is not there: empty. Raises DatabaseRefused or StoreUnavailable where it cannot be read."""
    if database.file is not None and not database.file.exists():
        return Standing.EMPTY
    async with _refusals_explained(database), database.reading() as connection:
        return await connection.run_sync(_standing)


async def upgrade(database: Database) -> Standing:
    """Brings the tables to the newest, in one transaction; returns how they were.

    Raises DatabaseRefused for a newer database.
    """
    _make_file(database)
    async with _refusals_explained(database), database.writing() as connection:
        if database.file is None:
            await connection.execute(text("SELECT pg_advisory_xact_lock(:one)"), {"one": UPGRADING})
        found = await connection.run_sync(_standing)
        refuse_newer(database, found)
        await connection.run_sync(_upgrade)
        return found


async def check(database: Database) -> None:
    """Raises DatabaseRefused unless the tables are those of this version."""
    found = await standing(database)
    refuse_newer(database, found)
    if found is not Standing.CURRENT:
        raise DatabaseRefused(f"the tables of {database.shown} are {found}; run: telephony db upgrade")


def refuse_newer(database: Database, found: Standing) -> None:
    if found is Standing.NEWER:
        raise DatabaseRefused(
            f"{database.shown} was written by a newer version of telephony; run that version or a later one, "
            "or let TELEPHONY_DATABASE_URL name another database"
        )


@asynccontextmanager
async def _refusals_explained(database: Database) -> AsyncIterator[None]:
    try:
        yield
    except StoreUnavailable as failure:
        for name, remedy in REMEDIES.items():
            if str(failure).startswith(name):
                raise DatabaseRefused(f"the database {database.shown} {remedy}") from None
        raise StoreUnavailable(
            f"the database {database.shown} is unavailable ({failure}); start or free it, "
            "or correct TELEPHONY_DATABASE_URL"
        ) from None


def _make_file(database: Database) -> None:
    """Makes an empty SQLite file, readable by its owner only, where there is none."""
    if database.file is None:
        return
    try:
        database.file.parent.mkdir(parents=True, exist_ok=True)
        database.file.touch(mode=0o600)
    except OSError as refused:
        reason = refused.strerror or type(refused).__name__
        raise DatabaseRefused(
            f"{database.file} cannot be written: {reason}; correct TELEPHONY_DATA_DIR or TELEPHONY_DATABASE_URL"
        ) from None


def _config(connection: Connection | None = None) -> Config:
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "newline")
    return config


def _standing(connection: Connection) -> Standing:
    found = MigrationContext.configure(connection).get_current_revision()
    if found is None:
        return Standing.EMPTY
    script = ScriptDirectory.from_config(_config())
    try:
        known = script.get_revision(found)
    except CommandError:
        return Standing.NEWER
    return Standing.CURRENT if known and known.revision == script.get_current_head() else Standing.OLDER


def _upgrade(connection: Connection) -> None:
    command.upgrade(_config(connection), "head")
