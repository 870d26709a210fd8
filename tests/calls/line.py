"""A whole line in memory and virtual time: switchboard, carrier, phones and an engine; it plays one call."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from telephony.calls.house import House
from telephony.calls.observer import CallMoved, CallNews, Observers
from telephony.calls.profile import Profile, Profiles, house_profile
from telephony.calls.roster import Roster
from telephony.calls.state import CallState, Outcome
from telephony.calls.switchboard import Switchboard
from telephony.replay.memory_carrier import MemoryCarrier
from telephony.replay.memory_stream import now
from telephony.simulator.carrier.play import talk_of
from telephony.simulator.phone import Phone
from telephony.simulator.scenario import AgentPhone, Answers, End, Scenario, Who, load
from tests.fakes import EchoEngine
from tests.virtual_time import in_virtual_time

FIXTURES = Path(__file__).parents[2] / "fixtures" / "calls"
AGENT = "+12025550122"


def quiet_call(
    *, talk: float = 10.0, hangs_up: Who = Who.CALLER, answers: tuple[Answers, ...] = (Answers.ACCEPTS,)
) -> Scenario:
    """A call in which nobody says a word: a caller who presses 2 for Spanish, and one agent for each of `answers`."""
    clinic = load(FIXTURES / "clinic-appointment")
    agents = tuple(AgentPhone(f"+1202555{130 + place:04d}", 2.0, how) for place, how in enumerate(answers))
    keys = tuple(press for press in clinic.keys if press.who is Who.CALLER)
    return replace(clinic, lines=(), agents=agents, keys=keys, end=End(hangs_up, at=talk))


@dataclass
class Played:
    """What is left when a call has been played."""

    carrier: MemoryCarrier
    engine: EchoEngine
    switchboard: Switchboard = field(init=False)
    states: list[CallState] = field(default_factory=list)
    outcome: Outcome | None = None
    ended_at: float = 0.0

    def told(self, phone: Phone) -> list[str]:
        """What the carrier's voice said to a phone, in order."""
        return [told.text for told in phone.told_log]

    @property
    def caller(self) -> Phone:
        return self.carrier.talk.caller

    @property
    def agent(self) -> Phone:
        return self.carrier.talk.agents[0]

    def tell(self, news: CallNews) -> None:
        if isinstance(news, CallMoved):
            self.states.append(news.state)
            self.outcome = news.outcome


Arrange = Callable[[Played], None]
Change = Callable[[Profile], Profile]
WALL = datetime(2026, 3, 2, 12, tzinfo=UTC)


def play(
    scenario: Scenario,
    engine: EchoEngine | None = None,
    arrange: Arrange | None = None,
    change: Change = lambda profile: replace(profile, messages=False),
) -> Played:
    """Plays `scenario`; `arrange` may change the phones before, `change` the line's profile. Fails if a task, a session
    or an agent is left over."""

    async def call() -> Played:
        talk = talk_of(scenario)
        carrier, chosen = MemoryCarrier(talk), engine or EchoEngine()
        agents = Roster.of_addresses([agent.number for agent in scenario.agents], scenario.agent_language)
        played = Played(carrier, chosen)
        profile = change(house_profile(scenario.languages, scenario.agent_language))
        played.switchboard = Switchboard(
            House(Profiles(profile), agents, carrier, chosen, Observers(played), now, wall=lambda: WALL)
        )
        if arrange:
            arrange(played)
        await carrier.play(played.switchboard)
        played.ended_at = now()
        async with asyncio.timeout(60):
            while played.switchboard.live:
                await asyncio.sleep(0.1)
        assert not any(agent.busy for agent in agents.states(now(), WALL))
        assert all(session.closed for session in chosen.sessions.values())
        await played.switchboard.close()
        return played

    return in_virtual_time(call)
