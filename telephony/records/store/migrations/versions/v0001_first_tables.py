"""The first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def _text(name: str, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(), nullable=nullable)


def upgrade() -> None:
    _calls()
    _what_calls_leave()
    _who_may_do_what()


def _calls() -> None:
    op.create_table(
        "calls",
        _text("id"),
        sa.Column("version", sa.BigInteger(), nullable=False),
        _text("direction"),
        _text("line"),
        _text("state"),
        _text("outcome", nullable=True),
        sa.Column("began", MOMENT, nullable=False),
        sa.Column("ended", MOMENT),
        _text("caller"),
        sa.Column("session_s", sa.Double(), nullable=False),
        sa.Column("incomplete", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_calls"),
    )
    op.create_index("ix_calls_ended", "calls", ["ended"])
    op.create_index("ix_calls_began", "calls", ["began"])
    op.create_table(
        "legs",
        _text("call"),
        _text("name"),
        sa.Column("place", sa.Integer(), nullable=False),
        _text("role"),
        _text("language"),
        _text("state"),
        _text("carrier_call", nullable=True),
        _text("party"),
        sa.PrimaryKeyConstraint("call", "name", name="pk_legs"),
    )
    op.create_index("ix_legs_carrier_call", "legs", ["carrier_call"])


def _what_calls_leave() -> None:
    op.create_table(
        "callers",
        _text("digest"),
        _text("language"),
        sa.Column("seen", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_callers"),
    )
    op.create_table(
        "usage",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("session_s", sa.Double(), nullable=False),
        sa.Column("calls", sa.BigInteger(), nullable=False),
        sa.Column("spend_micro", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("day", name="pk_usage"),
    )
    op.create_table(
        "messages",
        _text("id"),
        _text("call"),
        _text("line"),
        _text("language"),
        sa.Column("began", MOMENT, nullable=False),
        sa.Column("seconds", sa.Double(), nullable=False),
        _text("sound"),
        sa.Column("heard", sa.Text(), nullable=False),
        sa.Column("interpreted", sa.Text(), nullable=False),
        _text("interpreted_language"),
        sa.Column("incomplete", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_messages"),
    )
    op.create_index("ix_messages_began", "messages", ["began"])
    op.create_table(
        "consents",
        _text("call"),
        _text("leg"),
        _text("text_version"),
        _text("language"),
        sa.Column("granted", sa.Boolean(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("call", "leg", "text_version", name="pk_consents"),
    )


def _who_may_do_what() -> None:
    op.create_table(
        "agent_states",
        _text("name"),
        _text("state"),
        sa.Column("since", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_agent_states"),
    )
    op.create_table(
        "api_tokens",
        _text("id"),
        _text("name"),
        _text("scope"),
        _text("digest"),
        sa.Column("created", MOMENT, nullable=False),
        sa.Column("last_used", MOMENT),
        sa.Column("revoked", MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_api_tokens"),
    )
    op.create_index("ix_api_tokens_digest", "api_tokens", ["digest"], unique=True)
    op.create_table(
        "users",
        _text("name"),
        _text("role"),
        _text("hash"),
        sa.Column("created", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_users"),
    )
    op.create_table(
        "holds",
        _text("key"),
        sa.Column("since", MOMENT, nullable=False),
        _text("by"),
        sa.PrimaryKeyConstraint("key", name="pk_holds"),
    )
