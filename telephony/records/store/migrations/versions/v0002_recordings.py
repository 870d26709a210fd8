"""Recordings of calls, and which legs have agreed to them."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "recordings",
        sa.Column("call", sa.String(), nullable=False),
        sa.Column("began", MOMENT, nullable=False),
        sa.Column("sound", sa.String(), nullable=False),
        sa.Column("seconds", sa.Double(), nullable=False),
        sa.Column("ended", MOMENT),
        sa.Column("incomplete", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("call", name="pk_recordings"),
    )
    op.create_index("ix_recordings_began", "recordings", ["began"])
    op.add_column("legs", sa.Column("may_be_recorded", sa.Boolean(), nullable=False, server_default=sa.false()))
