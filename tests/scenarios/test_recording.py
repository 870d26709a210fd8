"""Whose voices are kept, and when: only of two who have both agreed."""

import asyncio
from dataclasses import replace

import pytest

from telephony.calls.observer import Role
from telephony.calls.profile import house_profile
from telephony.calls.state import CallState
from telephony.replay.memory_carrier import LINE
from tests.fakes import share_of
from tests.scenarios.person import Person
from tests.scenarios.sounds import MemoryRecording
from tests.scenarios.town import LANGUAGES, Town, agent, lived, number

RECORDED = replace(house_profile(LANGUAGES, "en", LINE), recording=True)
CALLER_TONE, AGENT_TONE = 500.0, 1100.0


def someone(*answers: str) -> Person:
    """A caller who chooses Spanish and answers whether the call may be recorded."""
    return Person("+12025550150", CALLER_TONE, "2", *answers)


def somebody_inside(*answers: str, rings: float = 2.0) -> Person:
    """An agent who answers the question of acceptance, then that of recording."""
    return Person(number(1), AGENT_TONE, *answers, rings=rings)


def talk(caller: Person, inside: Person, recording: bool = True, seconds: float = 10.0) -> Town:
    """The two talk; the caller hangs up."""

    async def scenario(town: Town) -> None:
        town.rings(caller)
        await town.comes_to(CallState.TALKING)
        await asyncio.sleep(seconds)
        caller.hang_up()
        await town.is_quiet()

    profile = replace(RECORDED, recording=recording)
    return lived(lambda: Town(agent(1), people=(inside,), profile=profile), scenario)


def tone(kept: list[tuple[float, bytes]], hertz: float) -> float:
    """Its share of the energy in the middle of what was kept."""
    middle = kept[len(kept) // 4 : -len(kept) // 4]
    return share_of(hertz, b"".join(pcmu for _, pcmu in middle))


def the_part(town: Town) -> MemoryRecording:
    (part,) = town.sounds.parts
    return part


def test_of_two_who_agree_everything_said_and_heard_is_kept() -> None:
    part = the_part(talk(someone("1"), somebody_inside("1", "1")))
    assert tone(part.said_by[Role.CALLER], CALLER_TONE) > 0.9
    assert tone(part.said_by[Role.AGENT], AGENT_TONE) > 0.9
    assert tone(part.heard_by[Role.CALLER], AGENT_TONE) > 0.9
    assert tone(part.heard_by[Role.AGENT], CALLER_TONE) > 0.9
    assert set(part.said_by) | set(part.heard_by) == {Role.CALLER, Role.AGENT}


def test_recording_begins_when_both_talk_and_ends_with_the_call() -> None:
    caller = someone("1")
    town = talk(caller, somebody_inside("1", "1"), seconds=10.0)
    part = the_part(town)
    assert part.ended is not None
    assert part.ended - part.began == pytest.approx(10.0, abs=4.0)
    frames = [at for kept in (part.said_by, part.heard_by) for heard in kept.values() for at, _ in heard]
    assert min(frames) >= part.began
    assert len(part.said_by[Role.AGENT]) * 0.02 == pytest.approx(part.ended - part.began, abs=1.0)


@pytest.mark.parametrize(
    ("caller_says", "agent_says"),
    [("2", "1"), ("1", "2"), ("2", "2"), ("", "1"), ("1", "")],
    ids=["the caller says no", "the agent says no", "both say no", "the caller is silent", "the agent is silent"],
)
def test_nothing_is_kept_of_either_unless_both_agree(caller_says: str, agent_says: str) -> None:
    town = talk(someone(caller_says), somebody_inside("1", agent_says))
    assert town.sounds.parts == []
    assert CallState.TALKING in town.states
    assert [consent.given for consent in town.register.consents] == [caller_says == "1", agent_says == "1"]


def test_on_a_line_that_does_not_record_nobody_is_asked_and_nothing_kept() -> None:
    caller = someone("1")
    town = talk(caller, somebody_inside("1"), recording=False)
    assert town.sounds.parts == []
    assert town.register.consents == []


def test_who_agreed_is_recorded_after_the_process_died_too() -> None:
    caller = someone("1")

    async def scenario(town: Town) -> None:
        town.rings(caller)
        await town.comes_to(CallState.TALKING)
        await asyncio.sleep(5)
        await town.process_dies()
        await town.comes_to(CallState.TALKING)
        await asyncio.sleep(10)

    town = lived(lambda: Town(agent(1), people=(somebody_inside("1", "1"),), profile=RECORDED), scenario)
    first, second = town.sounds.parts
    assert first.call == second.call
    assert tone(second.said_by[Role.CALLER], CALLER_TONE) > 0.9
    assert tone(second.heard_by[Role.CALLER], AGENT_TONE) > 0.9


def test_who_refused_is_not_recorded_after_the_process_died_either() -> None:
    async def scenario(town: Town) -> None:
        town.rings(someone("2"))
        await town.comes_to(CallState.TALKING)
        await town.process_dies()
        await town.comes_to(CallState.TALKING)
        await asyncio.sleep(5)

    assert (
        lived(lambda: Town(agent(1), people=(somebody_inside("1", "1"),), profile=RECORDED), scenario).sounds.parts
        == []
    )
