"""Where the store is: `<data folder>/telephony.db`, or what TELEPHONY_DATABASE_URL says.

postgres://, postgresql:// and sqlite:///path are understood. No error shows what stands between // and @.
"""

import re
from pathlib import Path
from urllib.parse import quote, unquote

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from telephony.records.store.trouble import DatabaseRefused

FILE = "telephony.db"

DRIVERS = {
    "postgres": "postgresql+asyncpg",
    "postgresql": "postgresql+asyncpg",
    "postgresql+asyncpg": "postgresql+asyncpg",
    "sqlite": "sqlite+aiosqlite",
    "sqlite+aiosqlite": "sqlite+aiosqlite",
}

OPTIONS = {"host": "host", "port": "port", "sslmode": "ssl", "ssl": "ssl"}
"""Options of a PostgreSQL address that are understood, by libpq's names (PostgreSQL manual, 34.1.2, "Parameter Key
Words"), and what asyncpg calls them. `host` may be the folder of a unix socket."""

SSL_MODES = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")


def database_address(setting: str | None, data_dir: Path) -> URL:
    """The address for SQLAlchemy. Raises DatabaseRefused with one line."""
    if not setting:
        return sqlite_address(data_dir / FILE)
    try:
        url = make_url(setting)
    except (ArgumentError, ValueError):
        raise _refused(setting) from None
    driver = DRIVERS.get(url.drivername)
    if driver is None:
        raise _refused(setting)
    if driver == "sqlite+aiosqlite":
        return _sqlite(setting, url)
    return _postgresql(setting, url)


def sqlite_address(path: Path) -> URL:
    """A file that has to exist when it is opened: one that was taken away is not silently made anew.

    https://www.sqlite.org/uri.html, "mode=rw".
    """
    return URL.create(
        "sqlite+aiosqlite", database=f"file:{quote(str(path.absolute()))}", query={"mode": "rw", "uri": "true"}
    )


def file_of(url: URL) -> Path | None:
    """The file of a SQLite address; None for PostgreSQL."""
    if url.get_backend_name() != "sqlite":
        return None
    return Path(unquote((url.database or "").removeprefix("file:")))


def shown(url: URL) -> str:
    """The address as a person may read it in a log."""
    return str(file_of(url) or url.set(drivername="postgresql", query={}).render_as_string(hide_password=True))


def _sqlite(setting: str, url: URL) -> URL:
    if url.host or url.query or not url.database or url.database == ":memory:" or url.database.startswith("file:"):
        raise _refused(setting)
    return sqlite_address(Path(url.database))


def _postgresql(setting: str, url: URL) -> URL:
    if not url.database or not set(url.query) <= set(OPTIONS):
        raise _refused(setting)
    options = {OPTIONS[name]: value for name, value in url.query.items()}
    if options.get("ssl", "prefer") not in SSL_MODES or not (url.host or options.get("host")):
        raise _refused(setting)
    return url.set(drivername="postgresql+asyncpg", query=options)


def _refused(setting: str) -> DatabaseRefused:
    hidden = re.sub(r"//.*@", "//***@", setting)
    if "@" in setting and "//" not in setting:
        hidden = "a value that is not shown"
    return DatabaseRefused(
        f"TELEPHONY_DATABASE_URL holds {hidden!r}; it should be postgresql://user:password@host/database "
        "(options: host, port, sslmode), sqlite:///path/to/file.db or nothing"
    )
