"""`python -m bench.soak --minutes 10`: prints the table; exits 1 where a call was lost."""

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import Awaitable
from pathlib import Path

from rich.console import Console

from bench.soak.calls import Callers
from bench.soak.growth import read_growth
from bench.soak.measures import measured, write_lines
from bench.soak.plan import Trouble, blows
from bench.soak.running import stoppable
from bench.soak.slots import MOST_SLOTS, slots
from bench.soak.table import table_of
from bench.soak.world import World

SETTLE = 8.0
"""Seconds after the last call in which the service lets go of what it had for it, and is looked at once more."""

ALL_TALK_WITHIN = 120.0
LAST_BLOW_BEFORE = 30.0
"""Seconds before the end of all calls."""

STAND = 5.0
"""Seconds that the service stands between two restarts, where there is to be a number of them."""


async def soak(asked: argparse.Namespace, folder: Path, console: Console) -> bool:
    """Whether no call was lost."""
    places = slots(asked.calls)
    restarting = asked.restarts is not None
    share = 0.0 if restarting else asked.share
    async with World(folder, places, asked.seed, share, "-18" if restarting else "off") as world:
        began = time.monotonic()
        until = began + asked.minutes * 60
        lengths = (asked.minutes * 60, asked.minutes * 60) if restarting else (40.0, 110.0)
        callers = Callers(world, places, asked.seed, until, lengths, 0.6 if restarting else 3.0)
        trouble = _restart(world, callers, asked, until) if restarting else _trouble(world, asked, until)
        await _beside(callers.run(), trouble)
        await asyncio.sleep(SETTLE)
        console.print(f"{time.monotonic() - began:.0f} s; measuring ...")
        await world.service.stop()
    figures = await asyncio.to_thread(
        measured, callers.played, world.journal, folder / "live.jsonl", world.restarts, lines=not restarting
    )
    write_lines(figures, folder / "lines.jsonl")
    title = f"{asked.calls} calls at once, {asked.minutes:g} minutes, seed {asked.seed}"
    console.print(table_of(world, callers.played, figures, read_growth(world.growth), title))
    return not any(call.lost for call in callers.played)


async def _beside(calls: Awaitable[None], trouble: Awaitable[None]) -> None:
    """Trouble ends with the calls."""
    task = asyncio.ensure_future(trouble)
    try:
        await calls
    finally:
        task.cancel()
        await asyncio.wait((task,))
    if not task.cancelled():
        task.result()


async def _trouble(world: World, asked: argparse.Namespace, until: float) -> None:
    """Kills and locks by the seed; the last quarter of the time is left to what grows."""
    for blow in blows(asked.seed, asked.pause):
        await asyncio.sleep(blow.after)
        if time.monotonic() > until - asked.minutes * 15:
            return
        await (world.kill() if blow.trouble is Trouble.KILL else world.lock(blow.lasts))


async def _restart(world: World, callers: Callers, asked: argparse.Namespace, until: float) -> None:
    """One restart after another from when all talk, as soon as everybody could have heard everybody again."""
    async with asyncio.timeout(ALL_TALK_WITHIN):
        while sum(talk.began is not None for talk in callers.talks) < asked.calls:
            await asyncio.sleep(0.5)
    await asyncio.sleep(STAND)
    while len(world.restarts) < asked.restarts and time.monotonic() < until - LAST_BLOW_BEFORE:
        await world.kill()
        await asyncio.sleep(STAND)


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.soak")
    parser.add_argument("--minutes", type=float, default=10.0, help="how long callers ring")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--calls", type=int, default=4, choices=range(1, MOST_SLOTS + 1), metavar=f"1-{MOST_SLOTS}")
    parser.add_argument("--share", type=float, default=0.4, help="of the Live API's sessions that fail, 0 to 1")
    parser.add_argument("--pause", type=float, default=45.0, help="seconds between two blows to the service")
    parser.add_argument("--restarts", type=int, help="nothing but so many kills, under calls that last throughout")
    parser.add_argument("--out", type=Path, help="a folder that keeps what the processes wrote")
    return parser.parse_args()


def main() -> int:
    asked, console = _asked(), Console()
    with tempfile.TemporaryDirectory(prefix="soak-") as scratch:
        folder = (asked.out or Path(scratch)).resolve()
        folder.mkdir(parents=True, exist_ok=True)
        return 0 if stoppable(soak(asked, folder, console)) else 1


if __name__ == "__main__":
    sys.exit(main())
