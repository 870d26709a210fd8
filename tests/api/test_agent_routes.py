import pytest

from telephony.calls.agent import AgentState
from telephony.records.store.tokens import Scope
from tests.api.house import ANA, BEN, ApiHouse

READY = {"state": "ready", "busy": False, "on_duty": True}


async def test_everybody_is_shown_and_where_they_are_reached_is_not(house: ApiHouse) -> None:
    status, roster = await house.ask("GET", "/api/agents", scope=Scope.READ)
    assert (status, roster) == (200, {"agents": [{"name": "ana", **READY}, {"name": "ben", **READY}]})
    assert not any(address in str(roster) for address in (ANA, BEN))


@pytest.mark.parametrize("state", AgentState)
async def test_an_agent_is_what_was_said(house: ApiHouse, state: AgentState) -> None:
    status, agent = await house.ask("PUT", "/api/agents/ben/state", {"state": state}, scope=Scope.CALL)
    assert (status, agent["state"]) == (200, state)
    assert [one["state"] for one in (await house.ask("GET", "/api/agents"))[1]["agents"]] == ["ready", state]


async def test_nobody_rings_an_agent_who_is_away(house: ApiHouse) -> None:
    await house.ask("PUT", "/api/agents/ana/state", {"state": "away"})
    await house.ask("POST", "/api/calls", {"to": "+12025550143", "to_language": "de", "from_language": "en"})
    await house.ask("GET", "/api/calls")
    assert house.control.dialled == [BEN]


@pytest.mark.parametrize("name", ["carl", "Ana", "%00", "ana%2Fx", "x" * 121])
async def test_nobody_s_name_is_not_found(house: ApiHouse, name: str) -> None:
    assert (await house.ask("PUT", f"/api/agents/{name}/state", {"state": "away"}))[0] == 404


@pytest.mark.parametrize("state", ["busy", "", "READY", None, 1])
async def test_another_word_is_told_which_there_are(house: ApiHouse, state: object) -> None:
    status, problem = await house.ask("PUT", "/api/agents/ana/state", {"state": state})
    assert (status, problem["detail"]) == (422, "state should be one of ready, away, wrap-up")
