"""Who may sign in: a name, a role and an Argon2 hash of the password."""

import asyncio
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cached_property

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError

from telephony.records.store.database import Database
from telephony.records.store.tables import users


class UserRole(StrEnum):
    """What a user may do. Each includes the one before."""

    AGENT = "agent"
    SUPERVISOR = "supervisor"
    ADMIN = "admin"

    def includes(self, needed: "UserRole") -> bool:
        order = list(UserRole)
        return order.index(self) >= order.index(needed)


@dataclass(frozen=True, slots=True)
class User:
    """What is known of a user; not the hash."""

    name: str
    role: UserRole
    created: datetime


class NameTaken(Exception):
    """There is a user of this name."""


class Users:
    """Hashing takes tens of milliseconds and runs in a thread. The parameters are argon2-cffi's defaults, which are
    those of RFC 9106, 4, "SECOND RECOMMENDED"."""

    def __init__(self, database: Database, hasher: PasswordHasher | None = None) -> None:
        self._database = database
        self._hasher = hasher or PasswordHasher()

    async def add(self, name: str, role: UserRole, password: str, now: datetime) -> User:
        """Raises NameTaken."""
        row = {"name": name, "role": str(role), "hash": await self._hashed(password), "created": now}
        try:
            async with self._database.writing() as connection:
                await connection.execute(users.insert(), row)
        except IntegrityError:
            raise NameTaken from None
        return User(name, role, now)

    async def verify(self, name: str, password: str) -> User | None:
        """The user, if the password is right. An unknown name takes as long as a wrong password."""
        async with self._database.reading() as connection:
            row = (await connection.execute(select(users).where(users.c.name == name))).first()
        right = await asyncio.to_thread(self._matches, row.hash if row else None, password)
        return User(row.name, UserRole(row.role), row.created) if row and right else None

    async def find(self, name: str) -> User | None:
        return next((user for user in await self.all() if user.name == name), None)

    async def all(self) -> list[User]:
        async with self._database.reading() as connection:
            rows = await connection.execute(select(users).order_by(users.c.name))
            return [User(row.name, UserRole(row.role), row.created) for row in rows]

    async def count(self) -> int:
        async with self._database.reading() as connection:
            return await connection.scalar(select(func.count()).select_from(users)) or 0

    async def remove(self, name: str) -> bool:
        """Whether there was such a user."""
        async with self._database.writing() as connection:
            return (await connection.execute(delete(users).where(users.c.name == name))).rowcount > 0

    async def _hashed(self, password: str) -> str:
        return await asyncio.to_thread(self._hasher.hash, password.encode(errors="surrogatepass"))

    def _matches(self, kept: str | None, password: str) -> bool:
        try:
            self._hasher.verify(kept or self._nobodys, password.encode(errors="surrogatepass"))
        except (VerificationError, InvalidHashError):
            return False
        return True

    @cached_property
    def _nobodys(self) -> str:
        """A hash to compare with where there is no user, with this hasher's cost."""
        return self._hasher.hash("nobody")
