"""The Live API as a process: its ready line, and its end at a signal."""

import asyncio
import json
import os
import signal
import ssl
from pathlib import Path

import pytest

from telephony.simulator.live_api.command import run
from telephony.simulator.scenario import load
from tests.simulator.spoken import Said, call


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_it_says_where_it_is_and_ends_at_a_signal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], number: signal.Signals
) -> None:
    scenario = load(call(tmp_path / "call", Said("c1", "caller", 0.5, 0.5)))
    async with asyncio.timeout(10), asyncio.TaskGroup() as tasks:
        running = tasks.create_task(run([scenario], key="k", out=tmp_path / "out"), name="the command")
        said = ""
        while not said.endswith("\n"):
            await asyncio.sleep(0)
            said += capsys.readouterr().out
        ready = json.loads(said)
        assert ready["url"].startswith("https://127.0.0.1:")
        ssl.create_default_context(cafile=ready["ca"])
        os.kill(os.getpid(), number)
        await running

    assert (tmp_path / "out" / "live.jsonl").read_text() == ""
    with pytest.raises(FileNotFoundError):
        ssl.create_default_context(cafile=ready["ca"])
