"""Recordings of calls: where each one's sound is, and whether it is whole."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, or_, select

from telephony.records.store.database import Database
from telephony.records.store.tables import recordings


@dataclass(frozen=True, slots=True)
class Recording:
    """`sound` is the file's name, relative to the data folder. `ended` is None while it is being made, and for ever
    where the process that made it did not live to the end. `incomplete`: the sound has gaps."""

    call: str
    began: datetime
    sound: str
    seconds: float = 0.0
    ended: datetime | None = None
    incomplete: bool = False


class Recordings:
    def __init__(self, database: Database) -> None:
        self._database = database
        new = database.insert(recordings)
        self._begin = new.on_conflict_do_update(
            index_elements=[recordings.c.call],
            set_={"ended": None, "incomplete": or_(recordings.c.incomplete, recordings.c.ended.is_(None))},
        )
        ended = {name: new.excluded[name] for name in ("began", "sound", "seconds", "ended")}
        either = or_(recordings.c.incomplete, new.excluded.incomplete)
        self._end = new.on_conflict_do_update(index_elements=[recordings.c.call], set_={**ended, "incomplete": either})

    async def begin(self, call: str, began: datetime, sound: str) -> None:
        """One that is being made from now on, or again: that is incomplete if nobody has ended it before."""
        row = {"call": call, "began": began, "sound": sound, "seconds": 0.0, "ended": None, "incomplete": False}
        async with self._database.writing() as connection:
            await connection.execute(self._begin, row)

    async def end(self, recording: Recording) -> None:
        """One that is made. What was incomplete before stays so."""
        row = {column.name: getattr(recording, column.name) for column in recordings.c}
        async with self._database.writing() as connection:
            await connection.execute(self._end, row)

    async def find(self, call: str) -> Recording | None:
        async with self._database.reading() as connection:
            row = (await connection.execute(select(recordings).where(recordings.c.call == call))).first()
        return Recording(**row._mapping) if row else None

    async def purge(self, older_than: datetime) -> tuple[str, ...]:
        """The names of the sound files that have no recording any more."""
        async with self._database.writing() as connection:
            gone = delete(recordings).where(recordings.c.began < older_than).returning(recordings.c.sound)
            return tuple((await connection.execute(gone)).scalars())
