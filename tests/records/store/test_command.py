import asyncio
from pathlib import Path

import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from telephony.commands.db import app
from telephony.records.store import migrate
from telephony.records.store.address import database_address
from telephony.records.store.database import Database
from tests.records.store.cluster import Cluster


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is set, and no `.env` is near."""
    monkeypatch.chdir(tmp_path)
    for name in ("TELEPHONY_DATABASE_URL", "TELEPHONY_DATA_DIR"):
        monkeypatch.delenv(name, raising=False)


def said(command: str) -> tuple[int, str]:
    """The exit code and all that was printed."""
    result = CliRunner().invoke(app, [command])
    return result.exit_code, result.output


def test_status_and_upgrade_lead_a_new_file_to_this_versions_tables(tmp_path: Path) -> None:
    path = tmp_path / "data/telephony.db"
    assert said("status") == (1, f"{path}: the tables are empty; run: telephony db upgrade\n")
    assert not path.exists()
    now = f"(migration {migrate.head()})"
    assert said("upgrade") == (0, f"{path}: the tables were empty and are up to date now {now}\n")
    assert said("upgrade") == (0, f"{path}: the tables were up to date {now}\n")
    assert said("status") == (0, f"{path}: the tables are current\n")


def test_they_work_on_postgresql_too(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELEPHONY_DATABASE_URL", cluster.new_database().replace("keeper@", "keeper:secret@"))
    told = [said(command) for command in ("status", "upgrade", "status")]
    assert [code for code, _ in told] == [1, 0, 0]
    assert "secret" not in str(told)


def test_the_settings_may_stand_in_a_file(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("TELEPHONY_DATA_DIR=elsewhere\nTWILIO_AUTH_TOKEN=x\n")
    assert said("upgrade")[0] == 0
    assert (tmp_path / "elsewhere/telephony.db").is_file()


@pytest.mark.parametrize("command", ["status", "upgrade"])
def test_a_newer_database_is_left_alone(command: str, tmp_path: Path) -> None:
    async def age() -> None:
        database = Database(database_address(None, tmp_path / "data"))
        async with database.writing() as connection:
            await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        await database.close()

    said("upgrade")
    asyncio.run(age())
    code, printed = said(command)
    assert code != 0
    assert "newer" in printed
    assert "later one" in printed


@pytest.mark.parametrize("command", ["status", "upgrade"])
@pytest.mark.parametrize("url", ["mysql://ana:secret@db/calls", "postgresql://ana:secret@127.0.0.1:1/calls"])
def test_what_cannot_be_worked_with_is_told_in_one_line(
    command: str, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TELEPHONY_DATABASE_URL", url)
    code, printed = said(command)
    assert code == 2
    assert printed.count("\n") == 1
    assert "TELEPHONY_DATABASE_URL" in printed
    assert "secret" not in printed
