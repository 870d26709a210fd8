import asyncio
import os
import stat
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text

from telephony.records.store import DatabaseRefused, Store, StoreUnavailable, migrate
from telephony.records.store.address import database_address
from telephony.records.store.database import Database
from telephony.records.store.migrate import MIGRATIONS, Standing
from telephony.records.store.tables import metadata
from tests.records.store.cluster import Cluster


async def set_revision(database: Database, revision: str) -> None:
    async with database.writing() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = :revision"), {"revision": revision})


async def test_the_steps_make_the_tables_that_the_code_works_with(empty: Database) -> None:
    def differences(connection: Connection) -> list[object]:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, metadata))

    await migrate.upgrade(empty)
    async with empty.reading() as connection:
        assert await connection.run_sync(differences) == []


def test_the_steps_are_one_line() -> None:
    script = ScriptDirectory(str(MIGRATIONS))
    assert len(script.get_heads()) == len(script.get_bases()) == 1
    assert migrate.head() == script.get_heads()[0]


async def test_an_empty_database_is_brought_up_to_date_once(empty: Database) -> None:
    assert await migrate.standing(empty) is Standing.EMPTY
    assert [await migrate.upgrade(empty), await migrate.upgrade(empty)] == [Standing.EMPTY, Standing.CURRENT]
    assert await migrate.standing(empty) is Standing.CURRENT


async def test_processes_that_start_together_upgrade_once(empty_url: str | None, tmp_path: Path) -> None:
    several = [Database(database_address(empty_url, tmp_path)) for _ in range(3)]
    found = await asyncio.gather(*map(migrate.upgrade, several))
    assert sorted(found) == ["current", "current", "empty"]
    for database in several:
        await database.close()


async def test_an_upgrade_that_fails_half_way_leaves_nothing(empty: Database) -> None:
    async with empty.writing() as connection:
        await connection.execute(text("CREATE TABLE holds (key TEXT)"))
    with pytest.raises(DatabaseRefused, match="has other tables than this service's"):
        await migrate.upgrade(empty)
    async with empty.reading() as connection:
        assert await connection.run_sync(lambda sync: inspect(sync).get_table_names()) == ["holds"]


async def test_a_database_of_a_newer_version_is_refused_with_the_remedy(empty_url: str | None, tmp_path: Path) -> None:
    database = Database(database_address(empty_url, tmp_path))
    await migrate.upgrade(database)
    await set_revision(database, "9999")
    assert await migrate.standing(database) is Standing.NEWER
    for refused in (migrate.upgrade(database), Store.open(empty_url, tmp_path)):
        with pytest.raises(DatabaseRefused, match="newer version of telephony; run that version or a later one"):
            await refused
    await database.close()


async def test_an_older_database_keeps_what_is_in_it(empty: Database) -> None:
    async with empty.writing() as connection:
        await connection.run_sync(lambda sync: command.upgrade(migrate._config(sync), "0001"))
        await connection.execute(
            text("INSERT INTO legs VALUES ('c1', 'caller', 0, 'caller', 'es', 'joined', 'CA1', '')")
        )
    assert await migrate.upgrade(empty) is Standing.OLDER
    async with empty.reading() as connection:
        kept = (await connection.execute(text("SELECT call, language, may_be_recorded FROM legs"))).all()
    assert [(call, language, bool(agreed)) for call, language, agreed in kept] == [("c1", "es", False)]


async def test_serving_does_not_touch_the_tables_of_postgresql(cluster: Cluster, tmp_path: Path) -> None:
    url = cluster.new_database()
    with pytest.raises(DatabaseRefused, match="are empty; run: telephony db upgrade"):
        await Store.open(url, tmp_path)
    database = Database(database_address(url, tmp_path))
    assert await migrate.standing(database) is Standing.EMPTY
    await migrate.upgrade(database)
    await database.close()
    await (await Store.open(url, tmp_path)).close()


async def test_looking_does_not_make_a_file(tmp_path: Path) -> None:
    database = Database(database_address(None, tmp_path / "data"))
    assert await migrate.standing(database) is Standing.EMPTY
    await database.close()
    assert await asyncio.to_thread(os.listdir, tmp_path) == []


async def test_a_new_file_is_for_its_owner_only(tmp_path: Path) -> None:
    await (await Store.open(None, tmp_path / "new" / "folder")).close()
    made = await asyncio.to_thread((tmp_path / "new/folder/telephony.db").stat)
    assert stat.S_IMODE(made.st_mode) == 0o600


async def test_a_file_that_is_no_database_is_refused_with_the_remedy(tmp_path: Path) -> None:
    (tmp_path / "telephony.db").write_bytes(b"something else, longer than a header of SQLite " * 50)
    with pytest.raises(DatabaseRefused, match="is no SQLite file; move it away"):
        await Store.open(None, tmp_path)


async def test_a_folder_where_the_file_should_be_is_refused_with_the_remedy(tmp_path: Path) -> None:
    (tmp_path / "telephony.db").mkdir()
    with pytest.raises(DatabaseRefused, match="correct TELEPHONY_DATA_DIR or TELEPHONY_DATABASE_URL"):
        await Store.open(None, tmp_path)


async def test_a_file_where_the_folder_should_be_is_refused_with_the_remedy(tmp_path: Path) -> None:
    (tmp_path / "data").touch()
    with pytest.raises(DatabaseRefused, match=r"cannot be written: .*; correct TELEPHONY_DATA_DIR"):
        await Store.open(None, tmp_path / "data")


async def test_a_postgresql_database_that_is_not_there_is_refused_with_the_remedy(
    cluster: Cluster, tmp_path: Path
) -> None:
    with pytest.raises(DatabaseRefused, match="create the database or correct TELEPHONY_DATABASE_URL"):
        await Store.open(cluster.url("nowhere"), tmp_path)


async def test_a_user_whom_postgresql_does_not_know_is_refused_with_the_remedy(
    cluster: Cluster, tmp_path: Path
) -> None:
    with pytest.raises(DatabaseRefused, match="refuses the user") as refused:
        await Store.open(cluster.url("postgres").replace("keeper@", "nobody:secret@"), tmp_path)
    assert "secret" not in str(refused.value)


async def test_a_server_that_is_not_up_is_unavailable_and_not_refused(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable, match=r"is unavailable .*; start or free it"):
        await Store.open(f"postgresql://ana@/calls?host={tmp_path}", tmp_path)
