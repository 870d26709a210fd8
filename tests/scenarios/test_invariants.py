"""Whatever callers and agents do: nobody is in two calls, and in the end every leg, call, task and agent is free.

`lived` itself fails where something is left over. Phones send a frame every half second here: nothing is listened to.
"""

import asyncio
from collections import Counter
from dataclasses import dataclass

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from telephony.calls.agent import AgentState
from telephony.replay.memory_stream import now
from telephony.simulator.scenario import Answers
from tests.scenarios.person import Person
from tests.scenarios.test_human import HUMAN, line
from tests.scenarios.town import Town, agent, caller, lived, phone

LONGEST = 60


@dataclass(frozen=True)
class Visit:
    """One caller: when they ring, which key they press, when they hang up, and what they press in the talk."""

    rings: float
    key: str
    stays: float
    presses: str


VISITS = st.builds(
    Visit,
    rings=st.floats(0, 30),
    key=st.sampled_from(["1", "2", "3", "", "9"]),
    stays=st.floats(0.1, LONGEST),
    presses=st.sampled_from(["", "**", "*3", "*4", "*0", "*1*2*7"]),
)
INSIDE = st.tuples(st.sampled_from([*Answers, Answers.ACCEPTS]), st.floats(0.5, 8), st.sampled_from([5.0, 20.0, 900.0]))
DEATHS = st.lists(st.floats(1, 80), max_size=2)
TROUBLE = st.lists(st.tuples(st.sampled_from(["sockets", "agent away", "agent ready"]), st.floats(1, 50)), max_size=3)

CALLERS = st.lists(VISITS, min_size=1, max_size=4)
AGENTS = st.lists(INSIDE, min_size=1, max_size=3)


async def visits(town: Town, person: Person, visit: Visit) -> None:
    await asyncio.sleep(visit.rings)
    town.rings(person)
    await asyncio.sleep(visit.stays / 2)
    person.press(visit.presses)
    await asyncio.sleep(visit.stays / 2)
    person.hang_up()


async def happens(town: Town, what: str, at: float) -> None:
    await asyncio.sleep(at)
    if what == "sockets":
        town.carrier.break_streams()
    else:
        state = AgentState.AWAY if what == "agent away" else AgentState.READY
        town.process.roster.set_state("agent 0", state, now())


async def leaves_some_time(town: Town, inside: Person, after: float) -> None:
    """An agent hangs up so long after each answer."""
    while True:
        await asyncio.sleep(after)
        if any(leg.phone is inside and leg.answered for leg in town.carrier.living):
            inside.hang_up()


async def nobody_is_rung_twice(town: Town) -> None:
    while True:
        legs = Counter(leg.phone.number for leg in town.carrier.living if leg.name.startswith("agent"))
        assert not legs or max(legs.values()) == 1
        await asyncio.sleep(0.25)


async def nobody_is_in_two_calls(town: Town) -> None:
    while True:
        talking = Counter(call.parties.agent.party for call in town.live if call.parties.agent)
        assert not talking or max(talking.values()) == 1
        await asyncio.sleep(0.25)


async def dies(town: Town, at: list[float]) -> None:
    """The process, each time so long after it began."""
    for seconds in at:
        await asyncio.sleep(seconds)
        await town.process_dies()


def lives_through(
    callers: list[Visit],
    inside: list[tuple[Answers, float, float]],
    trouble: list[tuple[str, float]],
    deaths: list[float],
) -> None:
    phones = [phone(place, answers, rings) for place, (answers, rings, _) in enumerate(inside)]
    people = [caller(place, visit.key) for place, visit in enumerate(callers)]
    human = Person(HUMAN, 1700.0, always="1")
    for one, (answers, _, _) in zip(phones, inside, strict=True):
        one.always = {Answers.REFUSES: "2", Answers.MACHINE: ""}.get(answers, "1")

    async def scenario(town: Town) -> None:
        async with asyncio.TaskGroup() as tasks:
            beside = (
                [nobody_is_in_two_calls(town)] if deaths else [nobody_is_in_two_calls(town), nobody_is_rung_twice(town)]
            )
            beside += [leaves_some_time(town, one, leaves) for one, (_, _, leaves) in zip(phones, inside, strict=True)]
            watching = [tasks.create_task(job, name="beside") for job in beside]
            tasks.create_task(dies(town, deaths), name="deaths")
            for person, visit in zip(people, callers, strict=True):
                tasks.create_task(visits(town, person, visit), name="visit")
            for what, at in trouble:
                tasks.create_task(happens(town, what, at), name=what)
            await asyncio.sleep(100)
            for task in watching:
                task.cancel()
        await town.everybody_hangs_up()
        await asyncio.sleep(120 if deaths else 0)

    def town() -> Town:
        return Town(*map(agent, range(len(phones))), people=(*phones, human), profile=line(), ptime=0.5)

    lived(town, scenario)


MANY = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@MANY
@given(callers=CALLERS, inside=AGENTS, trouble=TROUBLE)
def test_nobody_is_ever_rung_twice_or_in_two_calls_and_nothing_is_left_over(
    callers: list[Visit], inside: list[tuple[Answers, float, float]], trouble: list[tuple[str, float]]
) -> None:
    lives_through(callers, inside, trouble, [])


@MANY
@given(callers=CALLERS, inside=AGENTS, trouble=TROUBLE, deaths=DEATHS)
def test_processes_may_die_whenever_they_like(
    callers: list[Visit],
    inside: list[tuple[Answers, float, float]],
    trouble: list[tuple[str, float]],
    deaths: list[float],
) -> None:
    lives_through(callers, inside, trouble, deaths)
