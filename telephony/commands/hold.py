"""`telephony hold-calls`: turns new calls away, or lets them come again. Calls that run go on."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from telephony.commands.with_store import told_of_store

if TYPE_CHECKING:
    from rich.console import Console

    from telephony.records.store import Store

BY = "telephony hold-calls"


def hold_calls(off: bool) -> int:
    """By the store, so that it needs no token and no running service; every process looks there every few seconds."""

    async def hold(store: "Store", out: "Console") -> int:
        from telephony.records.store.holds import HOLD_CALLS, Hold

        await store.holds.place(Hold(HOLD_CALLS, datetime.now(UTC), BY))
        standing = await store.holds.find(HOLD_CALLS)
        since = f"{standing.since:%Y-%m-%d %H:%M} UTC by {standing.by}" if standing else "now"
        out.print(f"new calls are held, since {since}; let them come again: telephony hold-calls --off")
        return 0

    async def lift(store: "Store", out: "Console") -> int:
        from telephony.records.store.holds import HOLD_CALLS

        stood = await store.holds.lift(HOLD_CALLS)
        out.print("new calls are taken again" if stood else "new calls were not held")
        return 0

    return told_of_store(lift if off else hold)
