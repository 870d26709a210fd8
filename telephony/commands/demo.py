"""`telephony demo`: one whole interpreted call on this machine, captions as it is spoken, and a report at the end."""

import asyncio
import shutil
from pathlib import Path

from rich.console import Console

import telephony
from telephony import log
from telephony.replay import report, summary
from telephony.replay.calls import Replayed, judge
from telephony.replay.captions import POLL, CallCaptions, Captions, follow
from telephony.replay.fast import play
from telephony.replay.memory_stream import now
from telephony.replay.processes import ProcessFailed
from telephony.replay.stage import Stage
from telephony.simulator.scenario import Scenario, ScenarioError, load

BUILT_IN = "clinic-appointment"
MORE = ("missing-order", "hotline-crosstalk", "hung-up-midway")
"""Calls that the console's button offers as well."""

NOT_PLAYABLE = 2


def demo(call: Path | None, out: Path, fast: bool) -> int:
    """0 where the call went as expected, 1 where it did not, 2 where it could not be played."""
    console = Console(highlight=False)
    log.configure("warning")
    try:
        scenario = load(call or _built_in())
        console.print(f"[bold]{scenario.title}[/]  {scenario.summary}")
        played = _in_memory(scenario, console) if fast else asyncio.run(_on_stage(scenario, out, console))
    except (ScenarioError, ProcessFailed) as wrong:
        Console(stderr=True).print(str(wrong), markup=False, soft_wrap=True)
        return NOT_PLAYABLE
    marks = report.session_marks(played.evidence)
    report.write(played.evidence, played.measures, list(played.problems), out, marks)
    summary.show(console, played.evidence, played.measures, list(played.problems), out)
    return 0 if played.ok else 1


def demo_in_console(call: Path | None, out: Path) -> int:
    """Until Ctrl-C; 2 where it cannot be played."""
    from telephony.commands.demo_console import demo_console

    console = Console(highlight=False)
    log.configure("warning")
    try:
        names = (BUILT_IN, *MORE)
        scenarios = [*([load(call)] if call else []), *(load(_built_in(name)) for name in names)]
        asyncio.run(demo_console(scenarios, out, console))
    except (ScenarioError, ProcessFailed) as wrong:
        Console(stderr=True).print(str(wrong), markup=False, soft_wrap=True)
        return NOT_PLAYABLE
    except KeyboardInterrupt:
        return 0
    return 0


def _built_in(name: str = BUILT_IN) -> Path:
    return Path(telephony.__file__).parent.parent / "fixtures" / "calls" / name


def _in_memory(scenario: Scenario, console: Console) -> Replayed:
    """On memory streams in virtual time; nothing waits for a clock."""
    with Captions(scenario.caller_language, scenario.agent_language, console) as captions:
        return judge(play(scenario, CallCaptions(captions, now)))


async def _on_stage(scenario: Scenario, out: Path, console: Console) -> Replayed:
    """Over real sockets, in real time."""
    console.print("starting the service, a carrier and a Live API, each in a process of its own ...", style="dim")
    over, work = asyncio.Event(), _emptied(out / "work")
    async with Stage(scenario, work) as stage:
        with Captions(scenario.caller_language, scenario.agent_language, console) as captions:
            following = [
                asyncio.create_task(follow(work / "carrier.jsonl", captions, over), name="carrier's journal"),
                asyncio.create_task(_follow_words(stage.transcripts, captions, over), name="captions"),
            ]
            try:
                return judge(await stage.play())
            finally:
                over.set()
                await asyncio.gather(*following)


async def _follow_words(transcripts: Path, captions: Captions, over: asyncio.Event) -> None:
    """Waits for the call's transcript to begin, then shows it as it grows."""
    while not (found := _begun(transcripts)):
        if over.is_set():
            return
        await asyncio.sleep(POLL)
    await follow(found[0], captions, over)


def _begun(transcripts: Path) -> list[Path]:
    return list(transcripts.glob("*/transcript.jsonl"))


def _emptied(work: Path) -> Path:
    """The folder without what an earlier demo left in it."""
    shutil.rmtree(work, ignore_errors=True)
    return work
