"""`telephony replay`: plays fixture calls and says of each whether what was heard is what it expects."""

import asyncio
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from telephony import log
from telephony.replay import report, summary
from telephony.replay.calls import Replayed, call_folders, judge, replay_all
from telephony.replay.fast import play
from telephony.replay.processes import ProcessFailed
from telephony.simulator.scenario import Scenario, ScenarioError, load

DIFFERENT, UNREADABLE = 1, 2


def replay(calls: list[Path], out: Path | None, as_json: bool, fast: bool) -> int:
    """0 where every call went as expected, 1 where one did not, 2 where one cannot be read or played."""
    log.configure("warning")
    complaints = Console(stderr=True, highlight=False)
    try:
        scenarios = [load(folder) for folder in call_folders(calls)]
        played = _played(scenarios, out, fast)
    except (ScenarioError, ProcessFailed) as wrong:
        complaints.print(str(wrong), markup=False, soft_wrap=True)
        return UNREADABLE
    for scenario, result in zip(scenarios, played, strict=True):
        folder = out / scenario.folder.name if out else None
        if folder:
            marks = report.session_marks(result.evidence)
            report.write(result.evidence, result.measures, list(result.problems), folder, marks)
        if not as_json:
            summary.show(Console(), result.evidence, result.measures, list(result.problems), folder)
    if as_json:
        json.dump([_json(result) for result in played], sys.stdout, ensure_ascii=False, indent=2)
        sys.stdout.write("\n")
    return 0 if all(result.ok for result in played) else DIFFERENT


def _played(scenarios: Sequence[Scenario], out: Path | None, fast: bool) -> list[Replayed]:
    if fast:
        return [judge(play(scenario)) for scenario in scenarios]
    return asyncio.run(replay_all(scenarios, out))


def _json(result: Replayed) -> dict[str, object]:
    return dict(summary.as_json(result.evidence, result.measures, list(result.problems)))
