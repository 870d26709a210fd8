"""People with telephones, the carrier between them, and the service: a whole line in memory and virtual time.

A test is a coroutine that has people do things and waits for what they are told and hear. When it is over everybody
hangs up, and it fails if a call, a leg, a session, a task or a taken agent is left.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import cast

from telephony.calls.agent import Agent
from telephony.calls.call import Call
from telephony.calls.guards.limits import Bounds, Limits
from telephony.calls.observer import CallMoved, CallNews, TurnedAway
from telephony.calls.profile import Profile, house_profile
from telephony.calls.state import CallState, Outcome
from telephony.engines.base import EngineEvent, SessionRefused
from telephony.replay.memory_carrier import LINE, MemoryCarrier
from telephony.replay.memory_leg import MemoryLeg
from telephony.replay.memory_stream import PTIME, now
from telephony.simulator.phone import Phone
from telephony.simulator.scenario import Answers
from telephony.simulator.talk import Talk
from tests.fakes import EchoEngine, EchoSession
from tests.scenarios.person import Person
from tests.scenarios.process import Process
from tests.scenarios.register import MemoryRegister
from tests.scenarios.sounds import MemorySounds
from tests.virtual_time import in_virtual_time

WALL = datetime(2026, 3, 2, 12, tzinfo=UTC)
LANGUAGES = ("en", "es", "de")


class TellingSession(EchoSession):
    """Says what it hears, and besides what the test has it tell."""

    def tell(self, event: EngineEvent) -> None:
        self._events.put_nowait(event)


class CountingEngine(EchoEngine):
    """Keeps every session it has ever opened, with its target."""

    def __init__(self) -> None:
        super().__init__()
        self.opened: list[TellingSession] = []
        self.targets: list[str] = []

    async def open(self, target_language: str) -> TellingSession:
        if trouble := self.refuses.get(target_language):
            raise SessionRefused(trouble, "refused by the test")
        session = TellingSession(self._lag)
        self.opened.append(session)
        self.targets.append(target_language)
        return session

    @property
    def live(self) -> int:
        return sum(not session.closed for session in self.opened)


class Town:
    """`people` are agents or others who may be rung; `agents` names those of them who are agents of the line."""

    def __init__(
        self,
        *agents: Agent,
        people: tuple[Person, ...] = (),
        profile: Profile | None = None,
        bounds: Bounds | None = None,
        lines: tuple[Profile, ...] = (),
        ptime: float = PTIME,
        detects_machines: bool = False,
    ) -> None:
        self.agents = agents
        self.detects_machines = detects_machines
        self.profiles = (profile or house_profile(LANGUAGES, "en", LINE), *lines)
        self.engine = CountingEngine()
        self.register = MemoryRegister()
        self.sounds = MemorySounds()
        self.carrier = MemoryCarrier(Talk(cast(Phone, Person("+12025550199")), ()), ptime)
        self.carrier.phones.update({person.number: person for person in people})
        self.news: list[CallNews] = []
        self.redirected: list[tuple[str, str]] = []
        """Every order to a leg: its name and the step."""
        self.ghosts: list[asyncio.Task[None]] = []
        """Tasks of processes that are dead."""
        self._bounds = bounds or Bounds()
        self.process = Process(self)
        self.carrier.serve(self.process.switchboard)

    def wall(self) -> datetime:
        return WALL + timedelta(seconds=now())

    def limits(self) -> Limits:
        return Limits(self._bounds)

    # What the test has happen.

    def rings(self, person: Person, called: str = LINE) -> MemoryLeg:
        """`person` rings the line."""
        return self.carrier.ring(person, called)

    async def process_dies(self, down: float = 1.0) -> None:
        """SIGKILL; a new process answers `down` seconds later."""
        self.carrier.serve(None)
        await self.process.die()
        self.carrier.break_streams()
        await asyncio.sleep(down)
        self.process = Process(self)
        self.carrier.serve(self.process.switchboard)

    async def everybody_hangs_up(self) -> None:
        for leg in self.carrier.living:
            cast(Person, leg.phone).hang_up()
        async with asyncio.timeout(60):
            await self.carrier.quiet()

    # What the test asks.

    @property
    def live(self) -> tuple[Call, ...]:
        return self.process.switchboard.live

    @property
    def call(self) -> Call:
        """The one call there is."""
        (call,) = self.live
        return call

    @property
    def states(self) -> list[CallState]:
        """Every state of every call, in order."""
        return [news.state for news in self.news if isinstance(news, CallMoved)]

    @property
    def outcomes(self) -> list[Outcome | None]:
        """How each call ended, in the order of their ends."""
        return [news.outcome for news in self.news if isinstance(news, CallMoved) and news.state is CallState.ENDED]

    @property
    def turned_away(self) -> list[str]:
        return [news.reason for news in self.news if isinstance(news, TurnedAway)]

    async def comes_to(self, state: CallState, within: float = 60.0) -> None:
        """Waits until a call is in `state`."""
        async with asyncio.timeout(within):
            while not any(call.state is state for call in self.live):
                await asyncio.sleep(0.1)

    async def is_quiet(self, within: float = 60.0) -> None:
        """Waits until no call is left."""
        async with asyncio.timeout(within):
            while self.live or self.carrier.living:
                await asyncio.sleep(0.1)

    async def over(self) -> None:
        """Ends what goes on, and fails if anything is left of it."""
        await self.everybody_hangs_up()
        await self.is_quiet()
        assert not any(agent.busy for agent in self.process.roster.states(now(), self.wall()))
        assert self.process.house.limits.running == 0
        assert len(self.process.house.line) == 0
        await self.process.close()
        async with asyncio.timeout(120):
            await asyncio.gather(*self.ghosts, return_exceptions=True)
        assert self.engine.live == 0
        self.register.check_all_over()


def agent(place: int, *languages: str, pin: str = "", wrap_up_s: float = 0.0) -> Agent:
    """The agent whose phone is `phone(place)`."""
    return Agent(f"agent {place}", number(place), languages or ("en",), priority=place, pin=pin, wrap_up_s=wrap_up_s)


def phone(place: int, answers: Answers = Answers.ACCEPTS, rings: float = 2.0) -> Person:
    """The phone of an agent who presses 1 whenever asked; each has a tone of its own."""
    return Person(number(place), 1000.0 + 100 * place, always="1", rings=rings).behaves(answers)


def number(place: int) -> str:
    return f"+1202555{120 + place:04d}"


def caller(place: int = 0, key: str = "2") -> Person:
    """Somebody who rings, and chooses a language by a key."""
    return Person(f"+1202555{150 + place:04d}", 500.0 + 40 * place, key)


def lived(make: Callable[[], Town], scenario: Callable[[Town], Awaitable[None]]) -> Town:
    """Lives `scenario` through in a new town, in virtual time."""

    async def life() -> Town:
        town = make()
        await scenario(town)
        await town.over()
        return town

    return in_virtual_time(life)
