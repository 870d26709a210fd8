"""What a day cost: seconds of sessions, calls and money, by the day in UTC."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from telephony.records.store.database import Database
from telephony.records.store.tables import usage


@dataclass(frozen=True, slots=True)
class DayUsage:
    """`spend_micro`: millionths of the currency of the price."""

    day: date
    session_s: float = 0.0
    calls: int = 0
    spend_micro: int = 0


class Usage:
    def __init__(self, database: Database) -> None:
        self._database = database
        new = database.insert(usage)
        grown = {name: usage.c[name] + new.excluded[name] for name in ("session_s", "calls", "spend_micro")}
        self._upsert = new.on_conflict_do_update(index_elements=[usage.c.day], set_=grown)

    async def add(self, day: date, session_s: float = 0.0, calls: int = 0, spend_micro: int = 0) -> None:
        """Adds to what the day has. The one write here that counts twice when it is done twice."""
        more = {"day": day, "session_s": session_s, "calls": calls, "spend_micro": spend_micro}
        async with self._database.writing() as connection:
            await connection.execute(self._upsert, more)

    async def of(self, day: date) -> DayUsage:
        """Zeros for a day without calls."""
        found = await self.between(day, day)
        return found[0] if found else DayUsage(day)

    async def between(self, first: date, last: date) -> list[DayUsage]:
        """The days that had calls, both ends included, oldest first."""
        days = select(usage).where(usage.c.day.between(first, last)).order_by(usage.c.day)
        async with self._database.reading() as connection:
            return [DayUsage(**row._mapping) for row in await connection.execute(days)]
