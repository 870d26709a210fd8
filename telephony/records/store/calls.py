"""Calls and their legs: the newest snapshot of each, whatever the order in which snapshots come."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import ColumnElement, Row, delete, select, update

from telephony.calls.snapshot import CallSnapshot, Direction, LegSnapshot
from telephony.calls.state import CallState, LegState, Outcome
from telephony.records.store.database import Database
from telephony.records.store.tables import calls, legs

log = structlog.get_logger(__name__)

OF_A_CALL = [column for column in calls.c if column.name != "incomplete"]
OF_A_LEG = [column for column in legs.c if column.name not in ("call", "place")]


class Calls:
    """A snapshot replaces an older one as a whole, its legs included; an older or equal version changes nothing."""

    def __init__(self, database: Database) -> None:
        self._database = database
        new = database.insert(calls)
        self._upsert = new.on_conflict_do_update(
            index_elements=[calls.c.id],
            set_={column.name: new.excluded[column.name] for column in OF_A_CALL if column.name != "id"},
            where=calls.c.version < new.excluded.version,
        ).returning(calls.c.id)

    async def keep(self, snapshots: Iterable[CallSnapshot]) -> None:
        """In one transaction, the calls in the order of their ids, so that two writers never wait for each other."""
        newest = {snapshot.id: snapshot for snapshot in sorted(snapshots, key=lambda snapshot: snapshot.version)}
        if not newest:
            return
        async with self._database.writing() as connection:
            result = await connection.execute(self._upsert, [_call_row(newest[call]) for call in sorted(newest)])
            moved = set(result.scalars())
            if moved:
                await connection.execute(delete(legs).where(legs.c.call.in_(moved)))
            if rows := [row for call in sorted(moved) for row in _leg_rows(newest[call])]:
                await connection.execute(legs.insert(), rows)

    async def mark_incomplete(self, ids: Iterable[str]) -> set[str]:
        """Notes of calls that something about them could not be kept; returns those that are in the store."""
        async with self._database.writing() as connection:
            marked = update(calls).where(calls.c.id.in_(list(ids))).values(incomplete=True).returning(calls.c.id)
            return set((await connection.execute(marked)).scalars())

    async def is_incomplete(self, call: str) -> bool:
        async with self._database.reading() as connection:
            return bool(await connection.scalar(select(calls.c.incomplete).where(calls.c.id == call)))

    async def find(self, call: str) -> CallSnapshot | None:
        return next(iter(await self._where(calls.c.id == call)), None)

    async def open_calls(self) -> list[CallSnapshot]:
        """Those that have not ended, newest first."""
        return await self._where(calls.c.ended.is_(None))

    async def recent(self, limit: int, before: datetime | None = None) -> list[CallSnapshot]:
        """The calls that began last (before a time, if one is given), newest first."""
        began = calls.c.began < before if before else calls.c.id.is_not(None)
        return await self._where(began, limit)

    async def purge(self, older_than: datetime) -> int:
        """Removes calls that ended before; returns how many."""
        old = calls.c.ended < older_than
        async with self._database.writing() as connection:
            await connection.execute(delete(legs).where(legs.c.call.in_(select(calls.c.id).where(old))))
            return (await connection.execute(delete(calls).where(old))).rowcount

    async def _where(self, which: ColumnElement[bool], limit: int | None = None) -> list[CallSnapshot]:
        newest_first = select(*OF_A_CALL).where(which).order_by(calls.c.began.desc(), calls.c.id).limit(limit)
        async with self._database.reading() as connection:
            found = (await connection.execute(newest_first)).all()
            parties: dict[str, list[Row[Any]]] = {row.id: [] for row in found}
            of_them = select(legs.c.call, *OF_A_LEG).where(legs.c.call.in_(parties)).order_by(legs.c.place)
            for row in await connection.execute(of_them):
                parties[row.call].append(row)
        return [call for row in found if (call := _readable(row, parties[row.id])) is not None]


def _call_row(call: CallSnapshot) -> dict[str, Any]:
    row = {column.name: getattr(call, column.name) for column in OF_A_CALL}
    named = {"direction": str(call.direction), "state": str(call.state), "outcome": call.outcome and str(call.outcome)}
    return {**row, **named, "incomplete": False}


def _leg_rows(call: CallSnapshot) -> Iterable[dict[str, Any]]:
    for place, leg in enumerate(call.legs):
        row = {column.name: getattr(leg, column.name) for column in OF_A_LEG}
        yield {**row, "state": str(leg.state), "call": call.id, "place": place}


def _readable(row: Row[Any], parties: Iterable[Row[Any]]) -> CallSnapshot | None:
    """None for a call in a state that this version has no word for: a newer one began it."""
    try:
        return _call(row, [_leg(party) for party in parties])
    except ValueError:
        log.error("a call in the store is in a state that this version does not know", call=row.id)
        return None


def _call(row: Row[Any], parties: Iterable[LegSnapshot]) -> CallSnapshot:
    kept = dict(row._mapping)
    kept["direction"], kept["state"] = Direction(row.direction), CallState(row.state)
    kept["outcome"] = None if row.outcome is None else Outcome(row.outcome)
    return CallSnapshot(**kept, legs=tuple(parties))


def _leg(row: Row[Any]) -> LegSnapshot:
    state = LegState(row.state)
    return LegSnapshot(row.name, row.role, row.language, state, row.carrier_call, row.party, row.may_be_recorded)
