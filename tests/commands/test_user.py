import asyncio
from pathlib import Path

import pytest
from typer.testing import CliRunner

from telephony.commands.user import app
from telephony.records.store import Store
from telephony.records.store.users import User, UserRole

RUN = CliRunner()
PASSWORD = "a password of a test"


@pytest.fixture(autouse=True)
def data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder that is not there yet, and no settings but its place."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("TELEPHONY_DATABASE_URL", raising=False)
    monkeypatch.setenv("TELEPHONY_DATA_DIR", str(tmp_path / "data"))
    return tmp_path / "data"


def verified(data_dir: Path, name: str) -> User | None:
    async def verify() -> User | None:
        store = await Store.open(None, data_dir)
        try:
            return await store.users.verify(name, PASSWORD)
        finally:
            await store.close()

    return asyncio.run(verify())


def add(name: str, role: str = "supervisor", password: str = PASSWORD) -> tuple[int, str]:
    result = RUN.invoke(app, ["add", name, "--role", role], input=f"{password}\n")
    return result.exit_code, result.output


def test_a_user_who_is_added_may_sign_in_and_is_listed(data_dir: Path) -> None:
    assert add("Ada Example") == (0, "the user may sign in as supervisor\n")
    user = verified(data_dir, "Ada Example")
    assert user is not None
    assert user.role is UserRole.SUPERVISOR
    listed = RUN.invoke(app, ["list"])
    assert "Ada Example" in listed.output
    assert "supervisor" in listed.output


def test_a_user_who_is_removed_may_not(data_dir: Path) -> None:
    add("Ada")
    assert RUN.invoke(app, ["remove", "Ada"]).exit_code == 0
    assert verified(data_dir, "Ada") is None
    again = RUN.invoke(app, ["remove", "Ada"])
    assert (again.exit_code, again.output) == (1, "there is no such user; see: telephony user list\n")


def test_a_name_is_taken_once(data_dir: Path) -> None:
    add("Ada", "admin")
    code, said = add("Ada", "agent")
    assert code == 1
    assert "there is a user of this name" in said
    assert getattr(verified(data_dir, "Ada"), "role", None) is UserRole.ADMIN


@pytest.mark.parametrize(
    ("name", "role", "password", "code"),
    [
        ("Ada", "admin", "too short", 1),
        ("", "admin", PASSWORD, 1),
        ("a\nb", "admin", PASSWORD, 1),
        ("Ada", "boss", PASSWORD, 2),
    ],
)
def test_what_will_not_do_is_refused_without_repeating_it(name: str, role: str, password: str, code: int) -> None:
    result, said = add(name, role, password)
    assert result == code
    assert password not in said
