"""Whether an agent (a name of the roster) is ready, away or in wrap-up, and since when."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select

from telephony.records.store.database import Database
from telephony.records.store.tables import agent_states


@dataclass(frozen=True, slots=True)
class AgentStanding:
    """`state` is the roster's word for it: ready, away, wrap-up."""

    name: str
    state: str
    since: datetime


class AgentStates:
    def __init__(self, database: Database) -> None:
        self._database = database
        new = database.insert(agent_states)
        self._upsert = new.on_conflict_do_update(
            index_elements=[agent_states.c.name],
            set_={"state": new.excluded.state, "since": new.excluded.since},
            where=agent_states.c.since <= new.excluded.since,
        )

    async def put(self, standing: AgentStanding) -> None:
        """The later one wins, whatever the order."""
        row = {"name": standing.name, "state": standing.state, "since": standing.since}
        async with self._database.writing() as connection:
            await connection.execute(self._upsert, row)

    async def all(self) -> list[AgentStanding]:
        async with self._database.reading() as connection:
            rows = await connection.execute(select(agent_states).order_by(agent_states.c.name))
            return [AgentStanding(row.name, row.state, row.since) for row in rows]

    async def remove(self, name: str) -> None:
        async with self._database.writing() as connection:
            await connection.execute(delete(agent_states).where(agent_states.c.name == name))
