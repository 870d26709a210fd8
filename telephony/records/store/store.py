"""Everything that outlives a process, by concern. Each method is one short transaction.

Any of them may raise StoreUnavailable: whoever carries sound goes through the Keeper, which never makes a call wait.
"""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from telephony.records.store import migrate
from telephony.records.store.address import database_address
from telephony.records.store.agents import AgentStates
from telephony.records.store.callers import Callers
from telephony.records.store.calls import Calls
from telephony.records.store.consents import Consents
from telephony.records.store.database import BUSY_S, Database
from telephony.records.store.holds import Holds
from telephony.records.store.messages import Messages
from telephony.records.store.recordings import Recordings
from telephony.records.store.tokens import Tokens
from telephony.records.store.usage import Usage
from telephony.records.store.users import Users


@dataclass(frozen=True, slots=True)
class Purged:
    """What was removed. `sounds`: files in the data folder that no message and no recording names any more."""

    calls: int
    callers: int
    consents: int
    sounds: tuple[str, ...]


class Store:
    """Owns the database; `open` it, `close` it."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.calls = Calls(database)
        self.callers = Callers(database)
        self.usage = Usage(database)
        self.agents = AgentStates(database)
        self.messages = Messages(database)
        self.consents = Consents(database)
        self.recordings = Recordings(database)
        self.tokens = Tokens(database)
        self.users = Users(database)
        self.holds = Holds(database)

    @classmethod
    async def open(cls, database_url: str | None, data_dir: Path, busy_s: float = BUSY_S) -> "Store":
        """The store of TELEPHONY_DATABASE_URL, or of the data folder.

        The tables of a SQLite file are made or brought up to date; those of PostgreSQL have to be those of this
        version. Raises DatabaseRefused for what only a person can mend, StoreUnavailable for what may pass.
        """
        database = Database(database_address(database_url, data_dir), busy_s)
        try:
            await (migrate.check if database.file is None else migrate.upgrade)(database)
        except BaseException:
            await database.close()
            raise
        return cls(database)

    async def close(self) -> None:
        await self.database.close()

    async def purge(self, older_than: datetime) -> Purged:
        """Removes what is older: ended calls, messages, recordings, consents, and callers who were not seen since."""
        return Purged(
            await self.calls.purge(older_than),
            await self.callers.purge(older_than),
            await self.consents.purge(older_than),
            (*await self.messages.purge(older_than), *await self.recordings.purge(older_than)),
        )
