from itertools import product

import pytest
from argon2 import PasswordHasher
from sqlalchemy import text

from telephony.records.store import Store
from telephony.records.store.users import NameTaken, User, UserRole, Users
from tests.records.store.snapshots import NOON

ANA = User("ana", UserRole.SUPERVISOR, NOON)
PASSWORD = "correct horse — 😀"


@pytest.fixture
async def users(store: Store) -> Users:
    """With one user, and a hasher that costs next to nothing."""
    users = Users(store.database, PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    assert await users.count() == 0
    await users.add("ana", UserRole.SUPERVISOR, PASSWORD, NOON)
    return users


async def test_the_right_password_opens(users: Users) -> None:
    assert await users.verify("ana", PASSWORD) == ANA


@pytest.mark.parametrize(
    ("name", "password"),
    [("ana", "Correct horse"), ("ana", ""), ("bea", PASSWORD), ("Ana", PASSWORD), ("bea", "nobody"), ("ana", "\ud83d")],
)
async def test_anything_else_does_not(users: Users, name: str, password: str) -> None:
    assert await users.verify(name, password) is None


async def test_a_name_is_taken_once(users: Users) -> None:
    with pytest.raises(NameTaken):
        await users.add("ana", UserRole.ADMIN, "another", NOON)
    assert await users.verify("ana", PASSWORD) == ANA


async def test_the_store_holds_an_argon2id_hash_and_not_the_password(users: Users, store: Store) -> None:
    async with store.database.reading() as connection:
        row = (await connection.execute(text("SELECT hash FROM users"))).scalar_one()
    assert str(row).startswith("$argon2id$v=19$")
    assert "horse" not in str(row)


async def test_what_costs_time_by_default_is_what_the_rfc_says(store: Store) -> None:
    await store.users.add("bea", UserRole.AGENT, PASSWORD, NOON)
    async with store.database.reading() as connection:
        row = (await connection.execute(text("SELECT hash FROM users"))).scalar_one()
    assert "$m=65536,t=3,p=4$" in str(row)


async def test_nobody_can_be_removed(users: Users) -> None:
    assert not await users.remove("bea")


async def test_a_removed_user_cannot_come_in(users: Users) -> None:
    assert await users.find("ana") == ANA
    assert await users.remove("ana")
    assert await users.verify("ana", PASSWORD) is None
    assert await users.all() == []


@pytest.mark.parametrize(("has", "needs"), list(product(UserRole, UserRole)))
def test_a_role_includes_itself_and_those_before(has: UserRole, needs: UserRole) -> None:
    below = {"agent": ["agent"], "supervisor": ["agent", "supervisor"], "admin": ["agent", "supervisor", "admin"]}
    assert has.includes(needs) == (needs in below[has])
