from pathlib import Path

import pytest

from telephony.records.store.address import database_address, file_of, shown
from telephony.records.store.trouble import DatabaseRefused

HERE = Path("/data")


def test_without_a_setting_it_is_a_file_in_the_data_folder() -> None:
    for setting in (None, ""):
        assert file_of(database_address(setting, HERE)) == Path("/data/telephony.db")


@pytest.mark.parametrize(
    ("written", "path"),
    [("/var/lib/calls.db", "/var/lib/calls.db"), ("/a b/c#d%ü.db", "/a b/c#d%ü.db"), ("/x:y/c.db", "/x:y/c.db")],
)
def test_a_sqlite_address_names_a_file(written: str, path: str) -> None:
    assert file_of(database_address(f"sqlite:///{written}", HERE)) == Path(path)


def test_a_relative_path_starts_where_the_service_starts() -> None:
    assert file_of(database_address("sqlite:///calls.db", HERE)) == Path.cwd() / "calls.db"


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+asyncpg"])
def test_postgresql_has_its_usual_names(scheme: str) -> None:
    url = database_address(f"{scheme}://ana:secret@db.example.com:5433/calls?sslmode=require", HERE)
    assert (url.drivername, url.host, url.port, url.database) == ("postgresql+asyncpg", "db.example.com", 5433, "calls")
    assert url.query == {"ssl": "require"}
    assert file_of(url) is None


def test_a_unix_socket_is_an_address_too() -> None:
    assert database_address("postgresql://ana@/calls?host=/run/postgresql", HERE).query == {"host": "/run/postgresql"}


def test_a_password_does_not_show() -> None:
    assert shown(database_address("postgres://ana:secret@db/calls", HERE)) == "postgresql://ana:***@db/calls"
    assert shown(database_address(None, HERE)) == "/data/telephony.db"


@pytest.mark.parametrize(
    "wrong",
    [
        "mysql://ana:secret@db/calls",
        "postgresql:ana:secret@db/calls",
        "postgresql://ana:secret@db",
        "postgresql://ana:secret@/calls",
        "postgresql://ana:secret@db:port/calls",
        "postgresql://ana:secret@db/calls?sslmode=maybe",
        "postgresql://ana:secret@db/calls?password=secret2@",
        "postgresql+psycopg2://ana:secret@db/calls",
        "sqlite://",
        "sqlite:///:memory:",
        "sqlite://calls.db",
        "sqlite:///calls.db?mode=ro",
        "sqlite:///file:calls.db",
        "calls.db",
        "ana:secret@db",
    ],
)
def test_what_is_no_address_is_refused_in_one_line_without_its_password(wrong: str) -> None:
    with pytest.raises(DatabaseRefused, match=r"TELEPHONY_DATABASE_URL holds .* should be postgresql://") as refused:
        database_address(wrong, HERE)
    assert "secret" not in str(refused.value)
    assert "\n" not in str(refused.value)
