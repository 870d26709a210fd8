"""Who answers: the agents, what each is doing, and whose turn it is. PURE.

Nobody who is being rung or talks is taken for another call. Everything is answered from memory: a database behind the
same protocol keeps a copy here and hands changes in by `replace`.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from math import inf
from typing import Protocol

from telephony.calls.agent import Agent, AgentState, AgentStatus, Circle


class Agents(Protocol):
    """Whoever knows the agents. `now` is monotonic seconds, `wall` a time with its zone."""

    def take_next(
        self, language: str | None, circle: Circle, tried: Collection[str], now: float, wall: datetime
    ) -> Agent | None:
        """The next to ring for a caller who speaks `language`, by name not in `tried`; taken until released."""

    def take(self, name: str) -> bool:
        """Takes one by name, ready or not (a call found again, a call he places himself); False if he is taken."""

    def release(self, name: str, now: float, *, talked: bool = False) -> None:
        """Frees one; after a talk his wrap-up begins. One who is free, or nobody's name, is fine."""

    def find(self, name: str) -> Agent | None:
        """The agent of that name."""

    def find_by_address(self, address: str) -> Agent | None:
        """The agent who is rung there, to know one who calls in."""

    def set_state(self, name: str, state: AgentState, now: float) -> bool:
        """What an agent says of himself; it takes effect after the call he is in. False for nobody's name."""

    def states(self, now: float, wall: datetime) -> tuple[AgentStatus, ...]:
        """Everybody, in the order of the roster."""

    def next_due(self, now: float) -> float | None:
        """When the next wrap-up ends, and somebody who waits may be served."""

    def replace(self, agents: Iterable[Agent]) -> None:
        """Other agents, or the same ones changed. States and calls survive by name."""


@dataclass(slots=True)
class Post:
    """What one agent is doing. `since` is when his last call ended or he became ready; before all time at first."""

    state: AgentState = AgentState.READY
    since: float = -inf
    until: float | None = None

    def at(self, now: float) -> "Post":
        """The same, with a wrap-up that is over turned into ready."""
        if self.state is AgentState.WRAP_UP and self.until is not None and now >= self.until:
            self.state, self.since, self.until = AgentState.READY, self.until, None
        return self


class Roster:
    """`Agents` in memory. Who comes next: speaks the language, lowest priority, longest idle, order of the roster."""

    def __init__(self, agents: Iterable[Agent]) -> None:
        self._agents: dict[str, Agent] = {}
        self._posts: dict[str, Post] = {}
        self._taken: dict[str, str] = {}
        """Name to address, of agents who have left the roster too: their phones are busy until the call is over."""
        self.replace(agents)

    @classmethod
    def of_addresses(cls, addresses: Iterable[str], language: str) -> "Roster":
        """Agents known by their address only, rung in that order."""
        return cls(agents_of(addresses, language))

    def replace(self, agents: Iterable[Agent]) -> None:
        self._agents = {agent.name: agent for agent in agents}
        self._posts = {name: self._posts.get(name, Post()) for name in self._agents}

    def take_next(
        self, language: str | None, circle: Circle, tried: Collection[str], now: float, wall: datetime
    ) -> Agent | None:
        able = [agent for agent in self._there(circle, wall) if agent.name not in tried and self._is_free(agent, now)]
        if not able:
            return None
        agent = min(able, key=lambda one: (not one.speaks(language), one.priority, self._posts[one.name].since))
        self._taken[agent.name] = agent.address
        return agent

    def take(self, name: str) -> bool:
        agent = self._agents.get(name)
        if agent is None or self._is_busy(agent):
            return False
        self._taken[name] = agent.address
        return True

    def release(self, name: str, now: float, *, talked: bool = False) -> None:
        if self._taken.pop(name, None) is None or (post := self._posts.get(name)) is None:
            return
        wrap_up = self._agents[name].wrap_up_s if talked else 0.0
        if wrap_up and post.at(now).state is not AgentState.AWAY:
            post.state, post.until = AgentState.WRAP_UP, now + wrap_up
        post.since = now

    def find(self, name: str) -> Agent | None:
        return self._agents.get(name)

    def find_by_address(self, address: str) -> Agent | None:
        return next((agent for agent in self._agents.values() if agent.address == address), None)

    def set_state(self, name: str, state: AgentState, now: float) -> bool:
        if (post := self._posts.get(name)) is None:
            return False
        if state is AgentState.READY and post.at(now).state is not AgentState.READY:
            post.since = now
        wrap_up = self._agents[name].wrap_up_s
        post.state = state
        post.until = now + wrap_up if state is AgentState.WRAP_UP and wrap_up else None
        return True

    def states(self, now: float, wall: datetime) -> tuple[AgentStatus, ...]:
        return tuple(
            AgentStatus(one.name, self._state(one, now), self._is_busy(one), one.on_duty(wall))
            for one in self._agents.values()
        )

    def next_due(self, now: float) -> float | None:
        ends = [post.until for post in self._posts.values() if post.at(now).until is not None]
        return min((end for end in ends if end is not None), default=None)

    def _there(self, circle: Circle, wall: datetime) -> list[Agent]:
        return [agent for agent in self._agents.values() if circle.admits(agent) and agent.on_duty(wall)]

    def _is_free(self, agent: Agent, now: float) -> bool:
        return self._state(agent, now) is AgentState.READY and not self._is_busy(agent)

    def _is_busy(self, agent: Agent) -> bool:
        return agent.name in self._taken or agent.address in self._taken.values()

    def _state(self, agent: Agent, now: float) -> AgentState:
        return self._posts[agent.name].at(now).state


def agents_of(addresses: Iterable[str], language: str) -> tuple[Agent, ...]:
    """One agent an address, named agent-1 and so on, each preferred to the next, always on duty."""
    return tuple(
        Agent(f"agent-{place}", address, (language,), priority=place) for place, address in enumerate(addresses, 1)
    )
