"""Agents: what each is doing, and saying what one is doing."""

from typing import Final

from pydantic import Field

from telephony.api.desk import Desk
from telephony.api.problem import Problem
from telephony.api.route import Given, Told, route
from telephony.api.values import Name
from telephony.calls.agent import AgentState, AgentStatus
from telephony.records.store.tokens import Scope

STATES: Final = "one of ready, away, wrap-up"


class AgentView(Told):
    """One agent; nothing here tells where they are reached."""

    name: str
    state: AgentState = Field(description="What the agent says of himself.")
    busy: bool = Field(description="Being rung, or in a call.")
    on_duty: bool = Field(description="Whether the agent's hours are now.")


class AgentList(Told):
    """The roster, in its order."""

    agents: tuple[AgentView, ...]


class WhichAgent(Given):
    name: Name = Field(description="an agent's name in the roster")


class NewState(Given):
    state: AgentState = Field(description=STATES)


class AgentRoutes:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    @route("GET", "/agents", Scope.READ)
    async def list_agents(self) -> AgentList:
        """What each agent is doing."""
        return AgentList(agents=tuple(_view(agent) for agent in self._desk.agents()))

    @route("PUT", "/agents/{name}/state", Scope.CALL)
    async def set_agent_state(self, path: WhichAgent, body: NewState) -> AgentView:
        """Say what an agent is doing.

        It takes effect after the call the agent is in. A wrap-up ends by itself where the roster says how long one is.
        """
        if (agent := self._desk.set_agent(path.name, body.state)) is None:
            raise Problem(404, "there is no agent of that name; GET /api/agents has them all")
        return _view(agent)


def _view(agent: AgentStatus) -> AgentView:
    return AgentView(name=agent.name, state=agent.state, busy=agent.busy, on_duty=agent.on_duty)
