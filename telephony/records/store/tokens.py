"""Bearer tokens of the API: 256 random bits each, shown once; the store has their SHA-256 only."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256

from sqlalchemy import ColumnElement, Row, select, update

from telephony.records.store.database import Database
from telephony.records.store.tables import api_tokens

OF_A_TOKEN = [column for column in api_tokens.c if column.name != "digest"]


class Scope(StrEnum):
    """What a token lets do. Each includes the one before."""

    READ = "read"
    CALL = "call"
    ADMIN = "admin"

    def includes(self, needed: "Scope") -> bool:
        order = list(Scope)
        return order.index(self) >= order.index(needed)


@dataclass(frozen=True, slots=True)
class Token:
    """What is known of a token; not the secret."""

    id: str
    name: str
    scope: Scope
    created: datetime
    last_used: datetime | None = None
    revoked: datetime | None = None


class Tokens:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def create(self, name: str, scope: Scope, now: datetime) -> tuple[Token, str]:
        """A new token and its secret, which nobody can ask for again."""
        token, secret = Token(secrets.token_hex(4), name, scope, now), secrets.token_urlsafe(32)
        row = {"id": token.id, "name": name, "scope": str(scope), "created": now, "digest": _digest(secret)}
        async with self._database.writing() as connection:
            await connection.execute(api_tokens.insert(), row)
        return token, secret

    async def find(self, secret: str) -> Token | None:
        """The token of a secret; None where there is none or it was revoked."""
        valid = (api_tokens.c.digest == _digest(secret)) & api_tokens.c.revoked.is_(None)
        found = await self._where(valid)
        return found[0] if found else None

    async def all(self) -> list[Token]:
        """The revoked ones too, oldest first."""
        return await self._where(api_tokens.c.id.is_not(None))

    async def used(self, token: str, at: datetime) -> None:
        """Notes when a token was used last, if that is later than what is noted."""
        later = api_tokens.c.last_used.is_(None) | (api_tokens.c.last_used < at)
        async with self._database.writing() as connection:
            await connection.execute(update(api_tokens).where(api_tokens.c.id == token, later).values(last_used=at))

    async def revoke(self, token: str, at: datetime) -> bool:
        """Whether there was such a token that had not been revoked."""
        valid = (api_tokens.c.id == token) & api_tokens.c.revoked.is_(None)
        async with self._database.writing() as connection:
            return (await connection.execute(update(api_tokens).where(valid).values(revoked=at))).rowcount > 0

    async def _where(self, which: ColumnElement[bool]) -> list[Token]:
        wanted = select(*OF_A_TOKEN).where(which).order_by(api_tokens.c.created, api_tokens.c.id)
        async with self._database.reading() as connection:
            return [_token(row) for row in await connection.execute(wanted)]


def _digest(secret: str) -> str:
    """Of any text: what a header holds need not be UTF-8."""
    return sha256(secret.encode(errors="surrogatepass")).hexdigest()


def _token(row: Row[tuple[object, ...]]) -> Token:
    return Token(**{**row._mapping, "scope": Scope(row.scope)})
