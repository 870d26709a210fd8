from datetime import timedelta

from telephony.records.store import Store
from telephony.records.store.agents import AgentStanding
from tests.records.store.snapshots import NOON

LATER = NOON + timedelta(minutes=1)


async def test_where_agents_stand_is_kept_by_name(store: Store) -> None:
    for standing in (AgentStanding("bea", "away", NOON), AgentStanding("ana", "wrap-up", LATER)):
        await store.agents.put(standing)
    assert await store.agents.all() == [AgentStanding("ana", "wrap-up", LATER), AgentStanding("bea", "away", NOON)]


async def test_the_later_word_of_an_agent_wins_in_any_order(store: Store) -> None:
    ready, away = AgentStanding("ana", "ready", NOON), AgentStanding("ana", "away", LATER)
    for standing in (ready, away, ready):
        await store.agents.put(standing)
    assert await store.agents.all() == [away]


async def test_an_agent_who_is_not_in_the_roster_any_more_can_be_removed(store: Store) -> None:
    await store.agents.put(AgentStanding("ana", "ready", NOON))
    await store.agents.remove("ana")
    assert await store.agents.all() == []
