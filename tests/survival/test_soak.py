"""What a soak inflicts is told by its seed alone, and what it measures is what was heard."""

from pathlib import Path

import numpy as np
import pytest

from bench.soak.growth import read_growth
from bench.soak.measures import first_sound, longest_pause
from bench.soak.plan import Trouble, blows, sockets_break_after, with_faults
from bench.soak.slots import slots, write_directory
from telephony.directory.directory import Basis, read_directory
from telephony.replay.passages import FRAME, NOWHERE, Passages
from telephony.simulator.live_api.fault_plan import FaultPlan
from telephony.simulator.live_api.faults import Kind

SCENARIOS = [slot.scenario for slot in slots(4)]
ASKED = 60

FAULTY = with_faults(SCENARIOS, 1, 0.4)
LANGUAGES = ("en", "es", "fr", "de", "it")


def heard(*stretches: tuple[int, int]) -> Passages:
    """A translation of 100 frames, in hearings: each frame from the first on, and by how many samples it came late."""
    frames = np.arange(100)
    hearings = tuple(
        np.where(frames >= first, frames * FRAME + late, NOWHERE).astype(np.int64) for first, late in stretches
    )
    return Passages(np.ones(100, dtype=np.int16), hearings)


def test_the_same_seed_inflicts_the_same() -> None:
    assert with_faults(SCENARIOS, 3, 0.5) == with_faults(SCENARIOS, 3, 0.5)
    assert with_faults(SCENARIOS, 3, 0.5) != with_faults(SCENARIOS, 4, 0.5)
    assert blows(3, 45.0) == blows(3, 45.0)
    assert [sockets_break_after(3, call) for call in range(9)] == [sockets_break_after(3, call) for call in range(9)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_sessions_into_every_language_come_to_grief_as_often_as_asked_for(language: str) -> None:
    plan = FaultPlan(FAULTY)
    lots = [plan.session(language) for _ in range(ASKED)]
    hit = sum(bool(lot.faults or lot.refusing) for lot in lots)
    assert 0.2 * ASKED < hit < 0.6 * ASKED
    assert {fault.kind for lot in lots for fault in lot.faults} >= {Kind.CLOSE, Kind.GOAWAY}


def test_without_a_share_all_is_well() -> None:
    assert all(call.faults == () for call in with_faults(SCENARIOS, 1, 0.0))


def test_the_service_is_killed_and_its_store_locked() -> None:
    assert {blow.trouble for blow in blows(1, 45.0)} == set(Trouble)


def test_each_slot_has_an_agent_to_itself(tmp_path: Path) -> None:
    places = slots(90)
    write_directory(places, tmp_path)
    read = read_directory(tmp_path, Basis(LANGUAGES, "en", "+12025550100", ("+14155550100",)))
    assert [profile.name for profile in read.profiles] == [slot.name for slot in places]
    assert len({agent.address for agent in read.agents}) == 90


def test_a_pause_is_what_one_hearing_lies_behind_the_one_before() -> None:
    assert longest_pause(heard((0, 0), (50, 4000))) == pytest.approx(0.0)
    hearing_of_half, rest = heard((0, 0)).hearings[0].copy(), heard((50, 4000)).hearings[0]
    hearing_of_half[50:] = NOWHERE
    assert longest_pause(Passages(np.ones(100, dtype=np.int16), (hearing_of_half, rest))) == pytest.approx(0.5)


def test_sound_is_first_heard_where_it_is_loud() -> None:
    recording = np.zeros(8000, dtype=np.float32)
    recording[4000:] = 8000.0
    assert first_sound(recording, 0, 8000) == 4000 // FRAME * FRAME
    assert first_sound(recording, 0, 3000) is None


def test_growth_is_that_of_the_last_process(tmp_path: Path) -> None:
    look = '{{"at": {0}, "pid": {1}, "tasks": {2}, "files": 9, "rss": {3}}}\n'
    path = tmp_path / "growth.jsonl"
    path.write_text(
        "".join(look.format(*four) for four in [(1, 7, 5, 900), (2, 8, 3, 100), (3, 8, 9, 300), (4, 8, 4, 200)])
    )
    growth = read_growth(path)
    assert growth is not None
    assert (growth.tasks, growth.rss, growth.most_rss) == ((3, 9, 4), (100, 300, 200), 900)
    assert read_growth(tmp_path / "none.jsonl") is None
