"""Every fixture call, in memory and over the real wires: what each party hears is what the call expects."""

import asyncio
from pathlib import Path

import pytest

from telephony.replay.calls import Replayed, call_folders, replay_all, replay_call
from telephony.simulator.scenario import load

FIXTURES = Path(__file__).parents[2] / "fixtures" / "calls"
FAULTS = call_folders([FIXTURES / "faults"])
CALLS = [*call_folders([FIXTURES]), *FAULTS]
NAMES = [folder.name for folder in CALLS]


@pytest.mark.parametrize("folder", CALLS, ids=NAMES)
def test_a_call_on_memory_streams_is_heard_as_expected(folder: Path) -> None:
    played = replay_call(folder, fast=True)
    assert played.problems == ()
    if folder not in FAULTS:
        assert [(line.lost, line.repeated) for line in played.measures.lines] == [(0, 0)] * len(played.measures.lines)
        assert sum(played.evidence.underruns.values()) == 0
    assert max((line.gap for line in played.measures.lines), default=0.0) < 0.005


@pytest.fixture(scope="module")
def over_sockets() -> dict[str, Replayed]:
    """All calls side by side, each with a service, a carrier and a Live API in processes of their own."""
    scenarios = [load(folder) for folder in CALLS]
    return dict(zip(NAMES, asyncio.run(replay_all(scenarios)), strict=True))


@pytest.mark.parametrize("name", NAMES)
def test_a_call_over_real_sockets_is_heard_as_expected(name: str, over_sockets: dict[str, Replayed]) -> None:
    assert over_sockets[name].problems == ()


@pytest.mark.parametrize("name", NAMES)
def test_a_call_over_real_sockets_leaves_nothing_running(name: str, over_sockets: dict[str, Replayed]) -> None:
    assert over_sockets[name].evidence.left_running == ()
