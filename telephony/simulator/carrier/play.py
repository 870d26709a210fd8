"""Playing one fixture call: the phones of a scenario, the caller's call, and waiting until every leg is over."""

import asyncio
from pathlib import Path

from telephony.simulator import mulaw, recordings
from telephony.simulator.carrier.report import CallReport, report_of
from telephony.simulator.carrier.switch import Switch
from telephony.simulator.phone import Phone
from telephony.simulator.scenario import Scenario, Who
from telephony.simulator.talk import Talk

_SETTLE = 0.2
"""Seconds after the last leg's end in which the service may still place a call."""

_SPARE = 60.0
"""Seconds that menus and whispers may take beside what the scenario itself lasts."""

_CLEARING = 10.0
"""Seconds that legs have to end after the time limit has ended them."""


def spoken_lines(scenario: Scenario) -> dict[str, bytes]:
    """Every line's recording as mu-law at 8 kHz, by the line's id. Raises RecordingError."""
    return {line.id: mulaw.encode(recordings.read(Path(line.recording))) for line in scenario.lines}


def talk_of(scenario: Scenario) -> Talk:
    """The phones of a scenario, with what they will say."""
    spoken = spoken_lines(scenario)
    agents = [Phone(Who.AGENT, scenario, spoken, agent=agent) for agent in scenario.agents]
    return Talk(Phone(Who.CALLER, scenario, spoken), agents)


def longest(scenario: Scenario) -> float:
    """Seconds after which the call is ended, should the service not end it."""
    moments = [scenario.end.at or 0.0, *(line.at + 30.0 for line in scenario.lines)]
    return _SPARE + max(moments) + sum(agent.rings + 30.0 for agent in scenario.agents)


async def play(switch: Switch, talk: Talk, time_limit: float) -> CallReport:
    """The caller rings the account's number; returns when every leg is over."""
    switch.exchange.phones.add_talk(talk)
    before = set(switch.calls)
    began = switch.incoming(talk.caller).placed
    try:
        timed_out = await _lived_longer(switch, time_limit)
    finally:
        switch.exchange.phones.remove_talk(talk)
    legs = [call.record() for sid, call in switch.calls.items() if sid not in before]
    ended = max([began, *(leg.ended for leg in legs)])
    return report_of(talk, legs, began, ended, timed_out=timed_out)


async def _lived_longer(switch: Switch, time_limit: float) -> bool:
    """Wait until every leg is over; end them all after the time limit. Whether that was needed."""
    try:
        async with asyncio.timeout(time_limit):
            await _all_over(switch)
    except TimeoutError:
        await _clear(switch)
        return True
    return False


async def _all_over(switch: Switch) -> None:
    while living := switch.living():
        for call in living:
            await switch.ended(call)
        await asyncio.sleep(_SETTLE)


async def _clear(switch: Switch) -> None:
    """End what still lives, and break off what does not end."""
    for call in switch.living():
        call.end()
    try:
        async with asyncio.timeout(_CLEARING):
            await _all_over(switch)
    except TimeoutError:
        await switch.close()
