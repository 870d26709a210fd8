"""Replaying fixture calls: the one function behind `telephony replay`, `telephony demo` and the pytest fixture."""

import asyncio
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from telephony.replay import fast as in_memory
from telephony.replay.evidence import Evidence
from telephony.replay.measures import Measures
from telephony.replay.processes import ProcessFailed
from telephony.replay.stage import Stage
from telephony.replay.verdict import differences
from telephony.simulator.scenario import Scenario, load

AT_ONCE = max(2, min(4, os.cpu_count() or 1))
"""Calls side by side; each takes three processes and about a tenth of a core."""


@dataclass(frozen=True, slots=True)
class Replayed:
    """A call that was played, what it measures, and every difference from what it expects."""

    evidence: Evidence
    measures: Measures
    problems: tuple[str, ...]

    @property
    def ok(self) -> bool:
        return not self.problems


def judge(evidence: Evidence) -> Replayed:
    """Compares what was heard with what the call expects."""
    measures = Measures(evidence)
    return Replayed(evidence, measures, tuple(differences(evidence, measures)))


def replay_call(folder: Path | str, *, fast: bool = False, out: Path | None = None) -> Replayed:
    """Plays the call in `folder` and returns what came of it.

    Over real sockets in real time, or with `fast` on memory streams in virtual time. `out` keeps what the processes
    wrote. Raises ScenarioError for a call that cannot be read, ProcessFailed where a process did not run.
    """
    return asyncio.run(replay(load(Path(folder)), out)) if not fast else judge(in_memory.play(load(Path(folder))))


async def replay(scenario: Scenario, out: Path | None = None) -> Replayed:
    """The same over real sockets, for callers with an event loop of their own; several may be played side by side."""
    with TemporaryDirectory(prefix="telephony-") as scratch:
        async with Stage(scenario, out or Path(scratch)) as stage:
            return judge(await stage.play())


async def replay_all(scenarios: Iterable[Scenario], out: Path | None = None) -> list[Replayed]:
    """Plays calls over real sockets, AT_ONCE side by side; `out` gets a folder for each. Raises ProcessFailed."""
    room = asyncio.Semaphore(AT_ONCE)

    async def one(scenario: Scenario) -> Replayed:
        async with room:
            return await replay(scenario, out / scenario.folder.name if out else None)

    try:
        async with asyncio.TaskGroup() as tasks:
            played = [tasks.create_task(one(scenario), name=scenario.folder.name) for scenario in scenarios]
    except* ProcessFailed as failed:
        raise failed.exceptions[0] from None
    return [task.result() for task in played]


def call_folders(paths: Iterable[Path]) -> list[Path]:
    """Each path that holds a call.toml, and those right below the ones that do not."""
    folders: list[Path] = []
    for path in paths:
        below = sorted(file.parent for file in path.glob("*/call.toml"))
        folders += [path] if (path / "call.toml").exists() or not below else below
    return folders
