import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from telephony.replay.report.waveform import LARGEST, MIDDLE, extremes, outline, scale, within
from telephony.simulator import mulaw

levels = st.lists(st.integers(-32000, 32000), min_size=1, max_size=60)


def sound(values: list[int]) -> bytes:
    """Columns of 20 ms, each with one sample of a value and silence around it."""
    columns = np.zeros((len(values), 160), np.int16)
    columns[:, 80] = values
    return mulaw.encode(columns.ravel())


def drawn(path: str) -> list[tuple[int, int]]:
    """The corners that the path data go through."""
    x = y = 0
    corners = []
    for command, numbers in re.findall(r"([MlhVZ])([^MlhVZ]*)", path):
        values = [int(number) for number in re.findall(r"-?\d+", numbers)]
        if command == "M":
            x, y = values
        elif command == "l":
            x, y = x + values[0], y + values[1]
        elif command == "h":
            x += values[0]
        elif command == "V":
            (y,) = values
        corners.append((x, y))
    return corners


@given(levels)
def test_the_outline_goes_along_the_highest_samples_and_back_along_the_lowest(values: list[int]) -> None:
    lane = extremes(sound(values))
    units = scale([lane])
    corners = drawn(outline(lane, units))
    assert corners[0][0] == corners[-1][0] == 0
    assert max(x for x, _ in corners) == len(values)
    reached = {y for _, y in corners}
    for low, high in lane:
        for level in (low, high):
            assert MIDDLE - round(float(np.clip(level * units, -LARGEST - 2, LARGEST + 2))) in reached


def test_silence_is_a_line_in_the_middle_however_long_it_is() -> None:
    lane = extremes(b"\xff" * 8000 * 60)
    assert outline(lane, scale([lane])) == "M0 50h3000V50h-3000Z"


def test_nothing_is_drawn_of_no_sound() -> None:
    assert outline(extremes(b""), scale([extremes(b"")])) == ""


def test_the_loudest_lane_fills_its_height_and_the_others_keep_their_proportion() -> None:
    loud, soft = extremes(sound([16000, -16000])), extremes(sound([4000, -4000]))
    units = scale([loud, soft])
    assert np.abs(loud * units).max() == pytest.approx(LARGEST, rel=0.01)
    assert np.abs(soft * units).max() == pytest.approx(LARGEST / 4, rel=0.05)


def test_a_call_of_faint_noise_alone_is_not_blown_up() -> None:
    faint = extremes(sound([40, -40]))
    assert np.abs(faint * scale([faint])).max() < 1


def test_only_what_lies_within_the_stretches_is_kept() -> None:
    lane = extremes(sound([9000] * 100))
    kept = within(lane, [(0.4, 0.8), (-1.0, 0.1), (1.9, 5.0)])
    loud = np.flatnonzero(kept[:, 1]) * 0.02
    assert [round(float(at), 2) for at in loud if round(float(at + 0.02), 2) not in np.round(loud, 2)] == [
        0.1,
        0.8,
        1.98,
    ]
    assert np.array_equal(kept[20:41], lane[20:41])
