"""Which language a caller spoke last time. The caller is a keyed digest of the number, never the number."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select

from telephony.records.store.database import Database
from telephony.records.store.tables import callers


@dataclass(frozen=True, slots=True)
class Returning:
    """A caller who was here before."""

    language: str
    seen: datetime


class Callers:
    def __init__(self, database: Database) -> None:
        self._database = database
        new = database.insert(callers)
        self._upsert = new.on_conflict_do_update(
            index_elements=[callers.c.digest],
            set_={"language": new.excluded.language, "seen": new.excluded.seen},
            where=callers.c.seen <= new.excluded.seen,
        )

    async def remember(self, digest: str, language: str, seen: datetime) -> None:
        """The last time wins, whatever the order. A caller without a number ("") is not remembered."""
        if digest:
            async with self._database.writing() as connection:
                await connection.execute(self._upsert, {"digest": digest, "language": language, "seen": seen})

    async def find(self, digest: str) -> Returning | None:
        async with self._database.reading() as connection:
            known = select(callers.c.language, callers.c.seen).where(callers.c.digest == digest)
            row = (await connection.execute(known)).first()
        return Returning(row.language, row.seen) if row else None

    async def forget(self, digest: str) -> bool:
        """Whether there was something to forget."""
        async with self._database.writing() as connection:
            return (await connection.execute(delete(callers).where(callers.c.digest == digest))).rowcount > 0

    async def purge(self, older_than: datetime) -> int:
        async with self._database.writing() as connection:
            return (await connection.execute(delete(callers).where(callers.c.seen < older_than))).rowcount
