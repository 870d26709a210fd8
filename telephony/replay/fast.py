"""A fixture call on memory streams, in virtual time: the whole heart of the service, and no wire."""

import asyncio
from collections.abc import Callable
from dataclasses import replace

from telephony.calls.house import House, Listeners
from telephony.calls.observer import CallMoved, CallNews, CallObserver, Observers
from telephony.calls.profile import AUTO, Profile, Profiles, house_profile
from telephony.calls.roster import Roster
from telephony.calls.state import Outcome
from telephony.calls.switchboard import Switchboard
from telephony.engines.continuity import ContinuousEngine
from telephony.replay import evidence, virtual_time
from telephony.replay.evidence import Evidence
from telephony.replay.memory_carrier import MemoryCarrier
from telephony.replay.memory_engine import MemoryEngine
from telephony.replay.memory_stream import now
from telephony.replay.phone_lines import LinesTold, phone_lines
from telephony.simulator.carrier.play import talk_of
from telephony.simulator.live_api.fault_plan import FaultPlan
from telephony.simulator.live_api.lines import learn
from telephony.simulator.live_api.model import Knowledge, LiveModel
from telephony.simulator.live_api.report import LineRecognised
from telephony.simulator.scenario import Scenario, Who


class _Ending:
    """Remembers how the call ended."""

    def __init__(self) -> None:
        self.outcome: Outcome | None = None

    def tell(self, news: CallNews) -> None:
        if isinstance(news, CallMoved):
            self.outcome = news.outcome


def play(scenario: Scenario, *observers: CallObserver) -> Evidence:
    """Plays the call to its end. Observers are told everything, in virtual time."""
    return virtual_time.run(_play(scenario, observers))


async def _play(scenario: Scenario, observers: tuple[CallObserver, ...]) -> Evidence:
    ending, lines = _Ending(), LinesTold()
    carrier = MemoryCarrier(talk_of(scenario))
    engine = MemoryEngine(_models(scenario), FaultPlan([scenario]))
    switchboard = Switchboard(
        House(
            Profiles(_profile(scenario)),
            Roster.of_addresses([agent.number for agent in scenario.agents], scenario.agent_language),
            carrier,
            ContinuousEngine(engine, now),
            Observers(ending, lines, *observers),
            now,
            listeners=Listeners(scenario.original_voice),
        )
    )
    began = now()
    await carrier.play(switchboard)
    until = now()
    await switchboard.close()
    played = _evidence(scenario, carrier, engine, ending.outcome, (began, until), _left_running(engine))
    return replace(played, phone_lines=phone_lines(carrier.inflicted(), lines.counted))


def _profile(scenario: Scenario) -> Profile:
    offered = tuple(code for code in scenario.languages if code != AUTO)
    return house_profile(offered, scenario.agent_language, auto=AUTO in scenario.languages)


def _models(scenario: Scenario) -> Callable[[str], LiveModel]:
    lines = learn([scenario])
    knowledge = {code: Knowledge(lines, code) for code in map(scenario.wanted, Who)}
    return lambda target: LiveModel(knowledge.get(target) or Knowledge(lines, target))


def _left_running(engine: MemoryEngine) -> tuple[str, ...]:
    mine = asyncio.current_task()
    tasks = [task.get_name() for task in asyncio.all_tasks() if task is not mine]
    return (*(f"session into {target}" for target, session in engine.sessions if session.open), *tasks)


def _evidence(
    scenario: Scenario,
    carrier: MemoryCarrier,
    engine: MemoryEngine,
    outcome: Outcome | None,
    span: tuple[float, float],
    left_running: tuple[str, ...],
) -> Evidence:
    phones = carrier.by_party()
    events = [event for phone in phones.values() for event in phone.line_events()]
    ended = {event.line: event.at for event in events if event.over}
    return Evidence(
        scenario=scenario,
        origin=span[0],
        until=span[1],
        said={who: phone.recording_said(*span) for who, phone in phones.items()},
        heard={who: phone.recording_heard(*span) for who, phone in phones.items()},
        talk_began=carrier.talk.began,
        talk_ended=carrier.talk_ended,
        lines=tuple(evidence.Said(e.line, e.at, ended.get(e.line)) for e in events if not e.over),
        recognised=tuple(
            evidence.Recognised(e.line, number, e.at, e.first_sample, e.position)
            for number, (_, session) in enumerate(engine.sessions)
            for e in session.model.report
            if isinstance(e, LineRecognised)
        ),
        spoken=tuple(
            evidence.Spoken(audio.line or "", audio.at, audio.position, number)
            for number, (_, session) in enumerate(engine.sessions)
            for audio in session.sent
        ),
        arrivals={
            number: tuple((at, samples) for at, samples in session.model.arrivals.log())
            for number, (_, session) in enumerate(engine.sessions)
        },
        told=tuple(evidence.Told(who, t.at, t.text) for who, phone in phones.items() for t in phone.told_log),
        underruns=carrier.underruns(),
        warnings=(),
        outcome=outcome and outcome.value,
        left_running=left_running,
        marks=tuple(engine.marks),
    )
