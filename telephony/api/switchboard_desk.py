"""The `Desk` of a real house: its switchboard, its roster, its limits."""

from collections.abc import Collection, Sequence
from typing import Protocol

from telephony.api.desk import NotNow, Wish, WrongWish
from telephony.calls.agent import AgentState, AgentStatus
from telephony.calls.guards.destinations import Refused, check_destination
from telephony.calls.guards.limits import Bounds
from telephony.calls.house import House
from telephony.calls.keeping import snapshot_of
from telephony.calls.order import Order
from telephony.calls.profile import Profile
from telephony.calls.snapshot import CallSnapshot
from telephony.calls.state import LIVE, CallEvent, CallState
from telephony.calls.switchboard import Switchboard


class KeptCalls(Protocol):
    """Calls of other processes, and of before."""

    async def find(self, call: str) -> CallSnapshot | None: ...


class SwitchboardDesk:
    """`countries` (ISO 3166) are those that may be dialled; None allows every country."""

    def __init__(
        self, switchboard: Switchboard, house: House, kept: KeptCalls, countries: Collection[str] | None
    ) -> None:
        self._switchboard = switchboard
        self._house = house
        self._kept = kept
        self._countries = countries

    def live(self) -> Sequence[CallSnapshot]:
        return [snapshot_of(call) for call in self._switchboard.live]

    async def find(self, call: str) -> CallSnapshot | None:
        here = self._switchboard.find(call)
        return snapshot_of(here) if here else await self._kept.find(call)

    def place(self, wish: Wish) -> CallSnapshot:
        line = self._line(wish.line)
        to = self._number("to", wish.to)
        me, name = self._me(wish.me)
        return snapshot_of(self._switchboard.place(Order(to, wish.to_language, me, wish.from_language, name), line))

    def hang_up(self, call: str) -> CallSnapshot | None:
        found = self._switchboard.find(call)
        if found is None:
            return None
        if found.state not in LIVE:
            raise NotNow("this call is over already")
        found.post(CallEvent.ENDED_BY_REQUEST)
        return snapshot_of(found)

    def call_human(self, call: str) -> CallSnapshot | None:
        found = self._switchboard.find(call)
        if found is None:
            return None
        if found.state is not CallState.TALKING or found.talk is None:
            raise NotNow("a human interpreter can be called while two people talk; this call is not there, or no more")
        if found.profile.human_interpreter is None:
            raise NotNow("this line has no human interpreter; name one for it in numbers.toml")
        found.talk.call_human(found.parties.agent)
        return snapshot_of(found)

    def agents(self) -> Sequence[AgentStatus]:
        return self._house.agents.states(self._house.clock(), self._house.wall())

    def set_agent(self, name: str, state: AgentState) -> AgentStatus | None:
        if not self._house.agents.set_state(name, state, self._house.clock()):
            return None
        return next((agent for agent in self.agents() if agent.name == name), None)

    def hold(self, on: bool) -> None:
        self._house.limits.held = on

    @property
    def bounds(self) -> Bounds:
        return self._house.limits.bounds

    def _line(self, name: str | None) -> Profile:
        profiles = self._house.profiles
        if name is None:
            return profiles.house
        found = next((profile for profile in profiles.all if profile.name == name), None)
        if found is None:
            raise WrongWish("line", "is not the name of a line of this house; leave it out, or look in numbers.toml")
        return found

    def _me(self, given: str | None) -> tuple[str, str]:
        """Address and name of the one who is rung first; an agent's own address is known already, and allowed."""
        if given is None:
            return "", ""
        agent = self._house.agents.find_by_address(given)
        if agent is None:
            return self._number("me", given), ""
        if any(one.busy for one in self.agents() if one.name == agent.name):
            raise NotNow("this agent is being rung or in a call; wait for its end, or leave me out for another agent")
        return given, agent.name

    def _number(self, field: str, given: str) -> str:
        try:
            return check_destination(given, self._countries, self._house.profiles.numbers).e164
        except Refused as refused:
            raise WrongWish(field, refused.remedy) from None
