"""Calls that outlive the process, the socket and the store they hang on: real processes over real sockets.

Three calls are played side by side, once, and something happens to each. What was heard is read from the phones'
recordings. The bounds are those of the product, but for the ends of processes, which may be slow where others run.
"""

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
import pytest

from telephony.calls.snapshot import CallSnapshot
from telephony.calls.state import CallState, LegState, Outcome
from telephony.ivr import prompts
from telephony.records.store.address import FILE
from telephony.simulator.carrier.faults import Faults
from telephony.simulator.scenario import Who
from tests.survival.house import House, now
from tests.survival.live import live_api

BOTH_HEAR_WITHIN = 3.0
"""Seconds from the process being up again until both hear each other."""

ENDED_WITHIN = 60.0
"""Seconds a process may take to end when nothing keeps it, on a machine that is busy with others."""

TOO_BUSY = 0.1
"""Seconds by which frames may be late on a machine that can hold a call in real time."""

LOCKED_BEYOND = 1.0
"""Seconds for which the store stays locked when the call is over."""


@dataclass
class Played:
    """What became of one house: its phones and journal, what the store has, and the moments that matter."""

    house: House
    moments: dict[str, float] = field(default_factory=dict)
    records: list[CallSnapshot] = field(default_factory=list)
    states_while_locked: list[str] = field(default_factory=list)
    new_caller_heard: list[str] = field(default_factory=list)
    unready: bool = False
    exit_code: int | None = None


async def played(house: House, happens: Callable[[Played], Awaitable[None]]) -> Played:
    """One call in a house to which something happens, until it is over and the service has ended."""
    played = Played(house)
    async with house:
        await house.begin()
        await happens(played)
        played.exit_code = await house.service.ended(ENDED_WITHIN)
        played.moments["ended"] = now()
        played.records = await house.record()
    return played


async def killed_and_drained(played: Played) -> None:
    """Killed in mid-sentence of both and started again at once; then told to end while the two still talk."""
    house = played.house
    await asyncio.sleep(4.0)
    await house.service.kill()
    await house.service.serve()
    played.moments["up"] = await house.service.ready()
    await asyncio.sleep(BOTH_HEAR_WITHIN + 2.0)
    house.service.terminate()
    played.unready = await says_no(house)
    played.new_caller_heard = await house.ring_as_another()
    played.moments["still talking"] = now()
    await asyncio.sleep(2.0)
    await house.hang_up()


async def broken_and_ended(played: Played) -> None:
    """Its sockets break by themselves every five seconds; then it is told to end, and told again."""
    house = played.house
    await asyncio.sleep(9.0)
    house.service.terminate()
    assert await says_no(house)
    house.leaves = now()
    house.service.terminate()
    await house.over()


async def locked(played: Played) -> None:
    """Another connection holds the store's lock from the talk's beginning until after the call's end."""
    house = played.house
    lock = sqlite3.connect(house.data / FILE, timeout=20.0, isolation_level=None)
    lock.execute("BEGIN EXCLUSIVE")
    await asyncio.sleep(18.0)
    await house.hang_up()
    await asyncio.sleep(LOCKED_BEYOND)
    played.states_while_locked = [state for (state,) in lock.execute("SELECT state FROM calls")]
    lock.execute("ROLLBACK")
    lock.close()
    house.service.terminate()


async def says_no(house: House) -> bool:
    """Whether the service soon says that no new call should be sent to it, and goes on answering."""
    async with aiohttp.ClientSession() as web, asyncio.timeout(10.0):
        while True:
            async with web.get(f"{house.service.url}/readyz") as answer:
                if answer.status == 503:
                    return True
            await asyncio.sleep(0.05)


async def all_of_them(folder: Path) -> dict[str, Played]:
    async with live_api(folder) as live, asyncio.TaskGroup() as tasks:
        plain = {**live, "TELEPHONY_ORIGINAL_VOICE": "off"}
        broken = Faults(drop_streams_after=5.0)
        playing = {
            "killed": played(House(folder / "killed", live), killed_and_drained),
            "broken": played(House(folder / "broken", live, faults=broken), broken_and_ended),
            "locked": played(House(folder / "locked", plain, pause=3.0), locked),
        }
        running = {name: tasks.create_task(one, name=name) for name, one in playing.items()}
    return {name: task.result() for name, task in running.items()}


@pytest.fixture(scope="module")
def calls(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Played]:
    return asyncio.run(all_of_them(tmp_path_factory.mktemp("survival")))


def on_time(played: Played) -> House:
    """The house, where the machine could have held its calls in real time; else nothing can be said of its sound."""
    if (late := played.house.pacing()) > TOO_BUSY:
        pytest.skip(f"this machine is too busy to hold a call: frames left {late:.2f} s late")
    return played.house


NAMES = ["killed", "broken", "locked"]


@pytest.mark.parametrize("who", Who)
def test_both_hear_each_other_soon_after_a_killed_process_is_up_again(who: Who, calls: dict[str, Played]) -> None:
    house, up = on_time(calls["killed"]), calls["killed"].moments["up"]
    assert house.hears_again_after(who, up) <= BOTH_HEAR_WITHIN


@pytest.mark.parametrize("who", Who)
def test_both_hear_again_soon_after_a_socket_broke_off_without_a_close_frame(
    who: Who, calls: dict[str, Played]
) -> None:
    house = on_time(calls["broken"])
    broken = [entry["at"] for entry in house.events("stream stopped") if entry["who"] == who]
    in_the_talk = [at for at in broken if (house.talk.began or 0.0) < at < house.leaves - BOTH_HEAR_WITHIN]
    assert in_the_talk
    assert max(house.sound_again_after(who, at) for at in in_the_talk) <= BOTH_HEAR_WITHIN


@pytest.mark.parametrize("name", NAMES)
def test_nobody_redials(name: str, calls: dict[str, Played]) -> None:
    house = calls[name].house
    numbers = {phone.number for phone in (house.talk.caller, *house.talk.agents)}
    mine = [call for call in house.carrier.switch.calls.values() if numbers & {call.facts.from_, call.facts.to}]
    assert [str(call.facts.direction) for call in mine] == ["inbound", "outbound-api"]


@pytest.mark.parametrize("name", NAMES)
def test_the_record_says_how_the_call_ended(name: str, calls: dict[str, Played]) -> None:
    (record,) = calls[name].records
    outcome = Outcome.SERVICE_ENDED if name == "broken" else Outcome.CALLER_HUNG_UP
    assert (record.state, record.outcome) == (CallState.ENDED, outcome)
    assert {leg.state for leg in record.legs} == {LegState.GONE}


@pytest.mark.parametrize("name", NAMES)
def test_the_process_ends_well(name: str, calls: dict[str, Played]) -> None:
    assert calls[name].exit_code == 0
    assert "Traceback" not in calls[name].house.service.words.read_text("utf-8")


def test_a_process_told_to_end_says_that_it_is_not_ready(calls: dict[str, Played]) -> None:
    assert calls["killed"].unready


def test_a_new_caller_is_told_that_the_line_takes_no_calls(calls: dict[str, Played]) -> None:
    assert calls["killed"].new_caller_heard[:1] == [prompts.load("es").line_full]


@pytest.mark.parametrize("who", Who)
def test_the_live_call_goes_on_while_the_process_waits_for_its_end(who: Who, calls: dict[str, Played]) -> None:
    killed = calls["killed"]
    assert on_time(killed).sound_again_after(who, killed.moments["still talking"]) <= BOTH_HEAR_WITHIN
    assert killed.moments["still talking"] < killed.house.leaves < killed.moments["ended"]


def test_told_twice_to_end_it_tells_both_why(calls: dict[str, Played]) -> None:
    house = calls["broken"].house
    for phone, language in ((house.talk.caller, "es"), (house.talk.agents[0], "en")):
        assert phone.told_log[-1].text == prompts.load(language).service_ending


def test_a_locked_store_costs_no_word(calls: dict[str, Played]) -> None:
    assert on_time(calls["locked"]).lost_and_repeated() == (0.0, 0.0)


def test_a_locked_store_is_caught_up(calls: dict[str, Played]) -> None:
    assert calls["locked"].states_while_locked not in ([], [CallState.ENDED])
    assert [record.state for record in calls["locked"].records] == [CallState.ENDED]
