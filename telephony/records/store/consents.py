"""Who was asked whether a call may be recorded, with which version of the text, and what was answered."""

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import delete, select

from telephony.records.store.database import Database
from telephony.records.store.tables import consents


@dataclass(frozen=True, slots=True)
class Consent:
    """One answer of one leg to one version of the text, in the language it was read in."""

    call: str
    leg: str
    text_version: str
    language: str
    granted: bool
    at: datetime


class Consents:
    def __init__(self, database: Database) -> None:
        self._database = database
        new = database.insert(consents)
        self._upsert = new.on_conflict_do_update(
            index_elements=[consents.c.call, consents.c.leg, consents.c.text_version],
            set_={name: new.excluded[name] for name in ("language", "granted", "at")},
            where=consents.c.at <= new.excluded.at,
        )

    async def keep(self, consent: Consent) -> None:
        """The later answer to the same text wins, whatever the order."""
        async with self._database.writing() as connection:
            await connection.execute(self._upsert, asdict(consent))

    async def of_call(self, call: str) -> list[Consent]:
        """In the order of the answers."""
        async with self._database.reading() as connection:
            rows = await connection.execute(select(consents).where(consents.c.call == call).order_by(consents.c.at))
            return [Consent(**row._mapping) for row in rows]

    async def purge(self, older_than: datetime) -> int:
        async with self._database.writing() as connection:
            return (await connection.execute(delete(consents).where(consents.c.at < older_than))).rowcount
