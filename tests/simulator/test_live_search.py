from pathlib import Path

import numpy as np
import pytest

from telephony.simulator.live_api.lines import KnownLine, Sound
from telephony.simulator.live_api.search import STEP, WINDOW, LineSearch, Narrowing
from tests.simulator.spoken import Said, call, known, voice


@pytest.fixture
def lines(tmp_path: Path) -> list[KnownLine]:
    said = [Said(f"c{nth}", "caller", seconds) for nth, seconds in enumerate((3.0, 0.4, 5.0, 9.0))]
    return list(known(call(tmp_path, *said)).values())


def window_ending(line: KnownLine, seconds: float) -> Sound:
    """The searched band of the last half second before this place of the line, silence before its start."""
    heard = np.concatenate([np.zeros(WINDOW * STEP, dtype=np.float32), line.sound[: round(16000 * seconds)]])
    return Narrowing().of(heard[: heard.size // STEP * STEP])[-WINDOW:]


@pytest.mark.parametrize("seconds", [0.4, 0.9, 2.3, 4.7, 8.6])
def test_half_a_second_is_found_in_the_line_and_at_the_place_it_comes_from(
    lines: list[KnownLine], seconds: float
) -> None:
    long = lines[3]
    best = LineSearch(lines).guesses(window_ending(long, seconds))[0]
    assert lines[best.line] is long
    assert best.offset == pytest.approx(16000 * (seconds - 0.5), abs=STEP)
    assert best.likeness > 0.95


def test_a_word_shorter_than_the_window_is_found(lines: list[KnownLine]) -> None:
    best = LineSearch(lines).guesses(window_ending(lines[1], 0.4))[0]
    assert lines[best.line] is lines[1]


def test_the_level_does_not_matter(lines: list[KnownLine]) -> None:
    window = window_ending(lines[0], 1.5)
    search = LineSearch(lines)
    (loud,), (soft,) = search.guesses(window), search.guesses(window * np.float32(0.01))
    assert soft.likeness == pytest.approx(loud.likeness, abs=1e-3)


def test_another_voice_is_found_nowhere(lines: list[KnownLine]) -> None:
    heard = voice(99, 1.0).astype(np.float32)
    assert LineSearch(lines).guesses(Narrowing().of(np.repeat(heard, 2))[-WINDOW:]) == []


def test_silence_is_found_nowhere(lines: list[KnownLine]) -> None:
    assert LineSearch(lines).guesses(np.zeros(WINDOW, dtype=np.float32)) == []


def test_without_lines_nothing_is_found() -> None:
    assert LineSearch([]).guesses(np.ones(WINDOW, dtype=np.float32)) == []


def test_the_searched_band_is_the_same_in_whatever_blocks_it_comes(lines: list[KnownLine]) -> None:
    sound = lines[0].sound[:32000]
    narrowing = Narrowing()
    blocks = [narrowing.of(sound[at : at + 320]) for at in range(0, sound.size, 320)]
    assert np.concatenate(blocks) == pytest.approx(Narrowing().of(sound), abs=1e-6)
