"""A flood of incoming calls at one service, `python -m bench.flood`: who is taken is unharmed, the rest are told so.

Webhooks alone, signed, as many a second as asked for whether or not those before have been answered; beside them a few
calls that talk. The service has a limit of calls at once.
"""

import argparse
import asyncio
import re
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import aiohttp
from rich.console import Console
from rich.table import Table

from bench.soak.calls import Callers
from bench.soak.growth import read_growth
from bench.soak.measures import measured, write_lines
from bench.soak.running import stoppable
from bench.soak.slots import OURS, slots
from bench.soak.table import table_of
from bench.soak.world import World
from telephony.ivr import prompts
from telephony.replay.measures import percentile
from telephony.simulator.carrier import forms
from telephony.simulator.carrier.forms import CallFacts
from telephony.simulator.carrier.sids import CALL, new_sid
from telephony.simulator.carrier.signing import HEADER, Signer
from telephony.simulator.carrier.standing import Direction, Standing

TALK_FIRST = 15.0
"""Seconds from the first call to the flood."""

TOLD_WITHIN = 0.3
"""Seconds, the 99th of a hundred."""

SPARE = 10
"""Calls of the flood that are taken."""


class Flood:
    """`answers` counts what callers were told; `times` are seconds from a request to its whole answer."""

    def __init__(self, world: World) -> None:
        self.times: list[float] = []
        self.late: list[float] = []
        """By how many seconds requests left after their time: what this side could not do."""
        self.answers: Counter[str] = Counter()
        self._world = world
        self._signer = Signer(world.token)
        self._full = prompts.load("en").line_full

    async def run(self, a_second: int, seconds: float) -> None:
        connector = aiohttp.TCPConnector(limit=0)
        began = time.monotonic()
        async with aiohttp.ClientSession(connector=connector) as web, asyncio.TaskGroup() as tasks:
            for nth in range(round(a_second * seconds)):
                due = began + nth / a_second
                await asyncio.sleep(max(0.0, due - time.monotonic()))
                self.late.append(time.monotonic() - due)
                tasks.create_task(self._ring(web, nth), name=f"caller {nth}")

    async def _ring(self, web: aiohttp.ClientSession, nth: int) -> None:
        facts = CallFacts(self._world.account, new_sid(CALL), Direction.INBOUND, f"+1646555{100 + nth % 100:04d}", OURS)
        fields = forms.voice(facts, Standing.RINGING)
        url = self._world.service.voice_url
        began = time.monotonic()
        try:
            async with web.post(url, data=fields, headers={HEADER: self._signer.webhook(url, fields)}) as answer:
                text = await answer.text()
                status = answer.status
        except aiohttp.ClientError as error:
            self.answers[type(error).__name__] += 1
            return
        self.times.append(time.monotonic() - began)
        self.answers[self._kind(status, re.sub(r"&#?\w+;", "'", text))] += 1

    def _kind(self, status: int, text: str) -> str:
        if status != 200:
            return f"HTTP {status}"
        if self._full in text:
            return "told that the line is full"
        return "taken" if "<Stream" in text or "<Gather" in text else "something else"


async def flood(asked: argparse.Namespace, folder: Path, console: Console) -> bool:
    """Whether all is as it should be."""
    places = slots(asked.calls)
    limit = str(asked.calls + SPARE)
    async with World(folder, places, 1, 0.0, "off", TELEPHONY_CALLS_AT_ONCE=limit) as world:
        until = time.monotonic() + TALK_FIRST + asked.seconds + TALK_FIRST
        callers = Callers(world, places, 0, until, (1000.0, 1000.0), 3.0, breaking=False)
        water = Flood(world)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(callers.run(), name="callers")
            await asyncio.sleep(TALK_FIRST)
            await water.run(asked.a_second, asked.seconds)
        await world.service.kill()
    figures = await asyncio.to_thread(measured, callers.played, world.journal, folder / "live.jsonl", ())
    write_lines(figures, folder / "lines.jsonl")
    console.print(_table(asked, water))
    console.print(table_of(world, callers.played, figures, read_growth(world.growth), "The calls beside it"))
    told = percentile(water.times, 0.99) or 0.0
    return told <= TOLD_WITHIN and not any(call.lost for call in callers.played) and not figures.smooth.lost


def _table(asked: argparse.Namespace, water: Flood) -> Table:
    table = Table("what", "figure", title=f"{asked.a_second} calls a second for {asked.seconds:g} s")
    for answer, count in water.answers.most_common():
        table.add_row(answer, str(count))
    for name, values in (("answered after", water.times), ("asked too late by", water.late)):
        shares = ((0.5, "p50"), (0.99, "p99"), (1.0, "most"))
        spread = ", ".join(f"{label} {(percentile(values, share) or 0.0) * 1000:.0f} ms" for share, label in shares)
        table.add_row(name, spread)
    return table


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.flood")
    parser.add_argument("--a-second", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--calls", type=int, default=3, help="that talk beside the flood")
    parser.add_argument("--out", type=Path, help="a folder that keeps what the processes wrote")
    asked, console = parser.parse_args(), Console()
    with tempfile.TemporaryDirectory(prefix="flood-") as scratch:
        folder = (asked.out or Path(scratch)).resolve()
        folder.mkdir(parents=True, exist_ok=True)
        return 0 if stoppable(flood(asked, folder, console)) else 1


if __name__ == "__main__":
    sys.exit(main())
