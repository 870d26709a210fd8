from datetime import timedelta
from itertools import product

import pytest
from sqlalchemy import text

from telephony.records.store import Store
from telephony.records.store.tokens import Scope
from tests.records.store.snapshots import NOON

LATER = NOON + timedelta(hours=1)


async def test_a_secret_leads_to_its_token(store: Store) -> None:
    token, secret = await store.tokens.create("console", Scope.READ, NOON)
    other, _ = await store.tokens.create("console", Scope.ADMIN, LATER)
    assert await store.tokens.find(secret) == token
    assert await store.tokens.all() == [token, other]


@pytest.mark.parametrize("guess", ["", "secret", "x" * 43, "\ud83d"])
async def test_another_secret_leads_nowhere(store: Store, guess: str) -> None:
    await store.tokens.create("console", Scope.READ, NOON)
    assert await store.tokens.find(guess) is None


async def test_secrets_are_long_and_never_the_same(store: Store) -> None:
    secrets = {(await store.tokens.create("t", Scope.CALL, NOON))[1] for _ in range(20)}
    assert len(secrets) == 20
    assert min(map(len, secrets)) >= 43


async def test_the_store_does_not_hold_the_secret(store: Store) -> None:
    token, secret = await store.tokens.create("console", Scope.READ, NOON)
    async with store.database.reading() as connection:
        row = (await connection.execute(text("SELECT * FROM api_tokens"))).one()
    assert secret not in str(tuple(row))
    assert secret not in repr(token)


async def test_a_revoked_token_is_none(store: Store) -> None:
    token, secret = await store.tokens.create("console", Scope.READ, NOON)
    assert [await store.tokens.revoke(token.id, LATER), await store.tokens.revoke(token.id, NOON)] == [True, False]
    assert await store.tokens.find(secret) is None
    assert [kept.revoked for kept in await store.tokens.all()] == [LATER]


async def test_a_token_remembers_its_last_use(store: Store) -> None:
    token, secret = await store.tokens.create("console", Scope.READ, NOON)
    await store.tokens.used(token.id, LATER)
    await store.tokens.used(token.id, NOON)
    found = await store.tokens.find(secret)
    assert found is not None
    assert found.last_used == LATER


@pytest.mark.parametrize(("has", "needs"), list(product(Scope, Scope)))
def test_a_scope_includes_itself_and_those_before(has: Scope, needs: Scope) -> None:
    allowed = {Scope.READ: "read", Scope.CALL: "read call", Scope.ADMIN: "read call admin"}
    assert has.includes(needs) == (needs in allowed[has].split())
