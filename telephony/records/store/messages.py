"""Messages that callers left: where the sound is, and what was said in both languages."""

from dataclasses import asdict, dataclass, field
from datetime import datetime

from sqlalchemy import Row, delete, select

from telephony.records.store.database import Database
from telephony.records.store.tables import messages


@dataclass(frozen=True, slots=True)
class Message:
    """`sound` is the file's name, relative to the data folder. `incomplete`: sound or text has gaps."""

    id: str
    call: str
    line: str
    language: str
    began: datetime
    seconds: float
    sound: str
    heard: str = field(default="", repr=False)
    interpreted: str = field(default="", repr=False)
    interpreted_language: str = ""
    incomplete: bool = False


class Messages:
    def __init__(self, database: Database) -> None:
        self._database = database
        new = database.insert(messages)
        columns = {column.name: new.excluded[column.name] for column in messages.c if column.name != "id"}
        self._upsert = new.on_conflict_do_update(index_elements=[messages.c.id], set_=columns)

    async def keep(self, message: Message) -> None:
        """Replaces the message of the same id."""
        async with self._database.writing() as connection:
            await connection.execute(self._upsert, asdict(message))

    async def find(self, message: str) -> Message | None:
        async with self._database.reading() as connection:
            row = (await connection.execute(select(messages).where(messages.c.id == message))).first()
        return _message(row) if row else None

    async def recent(self, limit: int, before: datetime | None = None) -> list[Message]:
        """Newest first; those that began before a time, if one is given."""
        wanted = select(messages).order_by(messages.c.began.desc(), messages.c.id).limit(limit)
        if before is not None:
            wanted = wanted.where(messages.c.began < before)
        async with self._database.reading() as connection:
            return [_message(row) for row in await connection.execute(wanted)]

    async def remove(self, message: str) -> str | None:
        """The name of the sound file that has no message any more; None where there was no such message."""
        async with self._database.writing() as connection:
            gone = delete(messages).where(messages.c.id == message).returning(messages.c.sound)
            sound = await connection.scalar(gone)
        return None if sound is None else str(sound)

    async def purge(self, older_than: datetime) -> tuple[str, ...]:
        """The names of the sound files that have no message any more."""
        async with self._database.writing() as connection:
            gone = delete(messages).where(messages.c.began < older_than).returning(messages.c.sound)
            return tuple((await connection.execute(gone)).scalars())


def _message(row: Row[tuple[object, ...]]) -> Message:
    return Message(**row._mapping)
