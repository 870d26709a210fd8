"""Switches that stay as they are over a restart and for every process, such as "hold-calls"."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select

from telephony.records.store.database import Database
from telephony.records.store.tables import holds

HOLD_CALLS = "hold-calls"
"""New calls are turned away; those that are up go on."""


@dataclass(frozen=True, slots=True)
class Hold:
    """`by`: who placed it, the name of a user or of a token."""

    key: str
    since: datetime
    by: str


class Holds:
    def __init__(self, database: Database) -> None:
        self._database = database
        self._insert = database.insert(holds).on_conflict_do_nothing()

    async def place(self, hold: Hold) -> None:
        """One that stands already stays, with its time and its name."""
        async with self._database.writing() as connection:
            await connection.execute(self._insert, {"key": hold.key, "since": hold.since, "by": hold.by})

    async def lift(self, key: str) -> bool:
        """Whether it stood."""
        async with self._database.writing() as connection:
            return (await connection.execute(delete(holds).where(holds.c.key == key))).rowcount > 0

    async def find(self, key: str) -> Hold | None:
        return next((hold for hold in await self.standing() if hold.key == key), None)

    async def standing(self) -> list[Hold]:
        async with self._database.reading() as connection:
            rows = await connection.execute(select(holds).order_by(holds.c.key))
            return [Hold(row.key, row.since, row.by) for row in rows]
