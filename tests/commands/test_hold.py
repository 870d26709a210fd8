from pathlib import Path

import pytest

from telephony.commands.hold import hold_calls
from telephony.records.store import Store
from telephony.records.store.holds import HOLD_CALLS


@pytest.fixture(autouse=True)
def data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("TELEPHONY_DATABASE_URL", raising=False)
    monkeypatch.setenv("TELEPHONY_DATA_DIR", str(tmp_path))
    return tmp_path


async def is_held(data_dir: Path) -> bool:
    store = await Store.open(None, data_dir)
    try:
        return await store.holds.find(HOLD_CALLS) is not None
    finally:
        await store.close()


def test_calls_are_held_and_it_is_said_how_to_let_them_come(capsys: pytest.CaptureFixture[str]) -> None:
    assert [hold_calls(off=False), hold_calls(off=False)] == [0, 0]
    first, second = capsys.readouterr().out.splitlines()
    assert first == second
    assert first.startswith("new calls are held, since 20")
    assert first.endswith("telephony hold-calls --off")


def test_calls_come_again_and_it_is_said_whether_they_were_held(capsys: pytest.CaptureFixture[str]) -> None:
    hold_calls(off=False)
    assert [hold_calls(off=True), hold_calls(off=True)] == [0, 0]
    assert capsys.readouterr().out.splitlines()[1:] == ["new calls are taken again", "new calls were not held"]


@pytest.mark.parametrize("off", [False, True])
async def test_the_store_has_it(data_dir: Path, off: bool) -> None:
    import asyncio

    await asyncio.to_thread(hold_calls, off=False)
    if off:
        await asyncio.to_thread(hold_calls, off=True)
    assert await is_held(data_dir) is not off
