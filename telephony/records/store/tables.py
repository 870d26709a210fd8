"""The tables of the store, the same on SQLite and PostgreSQL. No column holds a phone number.

No table refers to another by a foreign key: a consent, a message or a recording may be written before the snapshot of
its call.
"""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Dialect,
    Double,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    false,
)

metadata = MetaData(naming_convention={"ix": "ix_%(table_name)s_%(column_0_N_name)s", "pk": "pk_%(table_name)s"})


class Moment(TypeDecorator[datetime]):
    """A time with its zone, kept in UTC. A time without a zone is refused with ValueError."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Words(TypeDecorator[str]):
    """What somebody said, of any letters. Halves of a surrogate pair (JSON can hold one) become "?", NUL, which
    PostgreSQL's text cannot hold, becomes U+FFFD."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else value.encode("utf-8", "replace").decode("utf-8").replace("\0", "\ufffd")


def _text(name: str, **more: Any) -> Column[str]:
    return Column(name, String(), nullable=False, **more)


def _moment(name: str) -> Column[datetime]:
    return Column(name, Moment(), nullable=False)


calls = Table(
    "calls",
    metadata,
    _text("id", primary_key=True),
    Column("version", BigInteger(), nullable=False),
    _text("direction"),
    _text("line"),
    _text("state"),
    Column("outcome", String()),
    _moment("began"),
    Column("ended", Moment()),
    _text("caller"),
    Column("session_s", Double(), nullable=False),
    Column("incomplete", Boolean(), nullable=False),
    Index(None, "ended"),
    Index(None, "began"),
)

legs = Table(
    "legs",
    metadata,
    _text("call", primary_key=True),
    _text("name", primary_key=True),
    Column("place", Integer(), nullable=False),
    _text("role"),
    _text("language"),
    _text("state"),
    Column("carrier_call", String()),
    _text("party"),
    Column("may_be_recorded", Boolean(), nullable=False, server_default=false()),
    Index(None, "carrier_call"),
)

callers = Table("callers", metadata, _text("digest", primary_key=True), _text("language"), _moment("seen"))

usage = Table(
    "usage",
    metadata,
    Column("day", Date(), primary_key=True),
    Column("session_s", Double(), nullable=False),
    Column("calls", BigInteger(), nullable=False),
    Column("spend_micro", BigInteger(), nullable=False),
)

agent_states = Table("agent_states", metadata, _text("name", primary_key=True), _text("state"), _moment("since"))

messages = Table(
    "messages",
    metadata,
    _text("id", primary_key=True),
    _text("call"),
    _text("line"),
    _text("language"),
    _moment("began"),
    Column("seconds", Double(), nullable=False),
    _text("sound"),
    Column("heard", Words(), nullable=False),
    Column("interpreted", Words(), nullable=False),
    _text("interpreted_language"),
    Column("incomplete", Boolean(), nullable=False),
    Index(None, "began"),
)

consents = Table(
    "consents",
    metadata,
    _text("call", primary_key=True),
    _text("leg", primary_key=True),
    _text("text_version", primary_key=True),
    _text("language"),
    Column("granted", Boolean(), nullable=False),
    _moment("at"),
)

recordings = Table(
    "recordings",
    metadata,
    _text("call", primary_key=True),
    _moment("began"),
    _text("sound"),
    Column("seconds", Double(), nullable=False),
    Column("ended", Moment()),
    Column("incomplete", Boolean(), nullable=False),
    Index(None, "began"),
)

api_tokens = Table(
    "api_tokens",
    metadata,
    _text("id", primary_key=True),
    _text("name"),
    _text("scope"),
    _text("digest"),
    _moment("created"),
    Column("last_used", Moment()),
    Column("revoked", Moment()),
    Index(None, "digest", unique=True),
)

users = Table("users", metadata, _text("name", primary_key=True), _text("role"), _text("hash"), _moment("created"))

holds = Table("holds", metadata, _text("key", primary_key=True), _moment("since"), _text("by"))
