"""What calls ask of the store while it does not answer."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest

from telephony.calls.ports import RegisterSilent
from telephony.records.office import Office
from telephony.records.store.address import FILE


def wall() -> datetime:
    return datetime(2026, 1, 2, tzinfo=UTC)


async def test_a_call_that_cannot_be_looked_up_is_not_taken_for_one_that_never_was(tmp_path: Path) -> None:
    office = await Office.open(None, tmp_path, asyncio.get_running_loop().time, wall)
    try:
        assert await office.register.find("a call that never was") is None
        (tmp_path / FILE).unlink()
        with pytest.raises(RegisterSilent):
            await office.register.find("a call that never was")
    finally:
        await office.close()
