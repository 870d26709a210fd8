import asyncio
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from telephony.commands.token import app
from telephony.records.store import Store
from telephony.records.store.tokens import Scope, Token

RUN = CliRunner()


@pytest.fixture(autouse=True)
def data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder that is not there yet, and no settings but its place."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("TELEPHONY_DATABASE_URL", raising=False)
    monkeypatch.setenv("TELEPHONY_DATA_DIR", str(tmp_path / "data"))
    return tmp_path / "data"


def found(data_dir: Path, secret: str) -> Token | None:
    async def find() -> Token | None:
        store = await Store.open(None, data_dir)
        try:
            return await store.tokens.find(secret)
        finally:
            await store.close()

    return asyncio.run(find())


def made(*more: str) -> str:
    """A token, alone on standard output."""
    result = RUN.invoke(app, ["create", "--scope", "call", *more])
    assert result.exit_code == 0
    return result.stdout.strip()


def test_a_token_is_printed_alone_and_lets_in(data_dir: Path) -> None:
    token = made("--name", "crm")
    parts = re.fullmatch(r"telephony_([0-9a-f]{8})_([\w-]{43})", token)
    assert parts is not None
    kept = found(data_dir, parts[2])
    assert kept is not None
    assert (kept.id, kept.name, kept.scope) == (parts[1], "crm", Scope.CALL)


def test_tokens_are_listed_without_their_secrets() -> None:
    token = made("--name", "crm")
    listed = RUN.invoke(app, ["list"]).stdout
    assert token.split("_")[1] in listed
    assert "crm" in listed
    assert token.split("_", 2)[2][:12] not in listed


def test_a_token_is_revoked_once() -> None:
    number = made().split("_")[1]
    assert RUN.invoke(app, ["revoke", number]).exit_code == 0
    again = RUN.invoke(app, ["revoke", number])
    assert (again.exit_code, "telephony token list" in again.stderr) == (1, True)


def test_a_revoked_token_lets_nobody_in(data_dir: Path) -> None:
    token = made()
    RUN.invoke(app, ["revoke", token.split("_")[1]])
    assert found(data_dir, token.split("_", 2)[2]) is None


@pytest.mark.parametrize("scope", ["write", "", "READ"])
def test_another_scope_is_told_which_there_are(scope: str) -> None:
    refused = RUN.invoke(app, ["create", "--scope", scope])
    assert (refused.exit_code, "admin" in refused.stderr) == (2, True)


def test_a_database_that_is_none_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELEPHONY_DATABASE_URL", "postgresql://someone:hidden@127.0.0.1:1/none")
    refused = RUN.invoke(app, ["list"])
    assert refused.exit_code == 2
    assert len(refused.stderr.splitlines()) == 1
    assert "hidden" not in refused.stderr
