"""One agent after the other, each free again when it is over, and nobody taken who is in a call elsewhere."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

from telephony.calls.house import House
from telephony.calls.hunt import Hunt
from telephony.calls.leg import Leg
from telephony.calls.observer import Observers
from telephony.calls.parties import Parties
from telephony.calls.profile import Profiles, house_profile
from telephony.calls.roster import Roster
from telephony.calls.state import LegState
from telephony.replay.memory_stream import now
from tests.calls.control import KeptControl
from tests.fakes import EchoEngine
from tests.virtual_time import in_virtual_time

NUMBERS = ("+12025550130", "+12025550131")
WALL = datetime(2026, 3, 2, 12, tzinfo=UTC)


class Search:
    """A hunt for a Spanish caller among two agents; `legs` are those that are rung."""

    def __init__(self) -> None:
        self.control = KeptControl()
        profile = house_profile(("es",), "en")
        self.roster = Roster.of_addresses(NUMBERS, "en")
        self.house = House(
            Profiles(profile), self.roster, self.control, EchoEngine(), Observers(), now, wall=lambda: WALL
        )
        self.parties = Parties("call", "es", self.control, now, lambda _: None)
        self.spoken: list[str] = []
        self.hunt = Hunt(self.house, profile, self.parties, self.spoken.append)

    @property
    def legs(self) -> list[Leg]:
        return [leg for leg in self.parties.legs.values() if leg is not self.parties.caller]

    @property
    def busy(self) -> list[bool]:
        return [agent.busy for agent in self.roster.states(now(), WALL)]


def searched(test: Callable[[Search, "asyncio.Task[Leg | None]"], Awaitable[None]]) -> None:
    async def life() -> None:
        search = Search()
        hunting = asyncio.create_task(search.hunt.run("es"), name="hunt")
        await asyncio.sleep(1)
        await test(search, hunting)
        if not hunting.done():
            hunting.cancel()
        await asyncio.wait((hunting,))

    in_virtual_time(life)


def test_the_first_who_joins_has_the_call_and_stays_taken_until_released() -> None:
    async def test(search: Search, hunting: "asyncio.Task[Leg | None]") -> None:
        search.legs[0].reach(LegState.JOINED)
        assert await hunting is search.legs[0]
        assert search.busy == [True, False]
        search.hunt.release()
        assert search.busy == [False, False]

    searched(test)


def test_an_agent_who_does_not_take_it_is_free_before_the_next_is_rung() -> None:
    async def test(search: Search, hunting: "asyncio.Task[Leg | None]") -> None:
        search.legs[0].reach(LegState.GONE)
        await asyncio.sleep(1)
        assert search.busy == [False, True]
        search.legs[1].reach(LegState.GONE)
        assert await hunting is None
        assert search.busy == [False, False]

    searched(test)


def test_an_agent_who_joins_and_leaves_at_once_is_not_forgotten_as_taken() -> None:
    async def test(search: Search, hunting: "asyncio.Task[Leg | None]") -> None:
        search.legs[0].reach(LegState.JOINED)
        search.legs[0].reach(LegState.GONE)
        await asyncio.sleep(1)
        assert search.busy == [False, True]
        search.legs[1].reach(LegState.JOINED)
        assert await hunting is search.legs[1]

    searched(test)


def test_an_agent_who_answers_and_never_accepts_hears_why_before_the_next_is_rung() -> None:
    async def test(search: Search, _: "asyncio.Task[Leg | None]") -> None:
        search.legs[0].reach(LegState.ANSWERED)
        await asyncio.sleep(76)
        assert search.control.asked("after") == [search.legs[0].name]
        assert search.busy == [True, False]
        search.legs[0].reach(LegState.GONE)
        await asyncio.sleep(1)
        assert search.busy == [False, True]

    searched(test)


def test_one_who_is_in_a_call_of_another_process_is_not_rung() -> None:
    async def life() -> None:
        search = Search()
        search.house.elsewhere.update(("agent-1", "agent-2"))
        assert await search.hunt.run("es") is None
        assert search.control.dialled == []

    in_virtual_time(life)


def test_a_carrier_that_refuses_to_dial_is_as_if_nobody_answered() -> None:
    async def life() -> None:
        search = Search()
        search.control.refuses = True
        assert await search.hunt.run("es") is None
        assert search.busy == [False, False]

    in_virtual_time(life)


def test_only_one_who_is_free_can_be_claimed_and_who_is_no_agent_always() -> None:
    async def life() -> None:
        first, second = Search(), Search()
        second.hunt = Hunt(first.house, house_profile(("es",), "en"), second.parties, second.spoken.append)
        assert first.hunt.claim("agent-1")
        assert not second.hunt.claim("agent-1")
        assert second.hunt.claim("")
        assert second.hunt.claim("somebody")

    in_virtual_time(life)
