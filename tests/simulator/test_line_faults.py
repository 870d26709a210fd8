"""What a bad line makes of a phone's frames."""

import numpy as np
import pytest

from telephony.simulator import mulaw
from telephony.simulator.line_fault import LineFault, LineKind
from telephony.simulator.line_faults import FaultyLine
from telephony.simulator.line_sounds import amplitude

QUIET = b"\xff\x7f" * 80


def spoken(number: int) -> bytes:
    """20 ms of 400 Hz that goes on from frame to frame."""
    time = (np.arange(160) + 160 * number) / 8000
    return mulaw.encode(np.rint(4000 * np.sin(2 * np.pi * 400 * time)).astype(np.int16))


def sent(
    *faults: LineFault, frames: int = 100, phone: list[bytes] | None = None
) -> tuple[list[list[tuple[int, bytes]]], FaultyLine[tuple[int, bytes]]]:
    """What is sent at each 20 ms of a talk: messages with their numbers, and their sound."""
    line: FaultyLine[tuple[int, bytes]] = FaultyLine(faults)
    number, ticks = 0, []
    for tick in range(frames):
        messages = []
        for frame in line.sound(phone[tick] if phone else spoken(tick), tick * 0.02):
            number += 1
            messages.append((number, frame))
        ticks.append(line.order(messages, tick * 0.02))
    return ticks, line


def numbers(ticks: list[list[tuple[int, bytes]]]) -> list[int]:
    return [number for tick in ticks for number, _ in tick]


def samples(ticks: list[list[tuple[int, bytes]]]) -> np.ndarray:
    return mulaw.decode(b"".join(frame for tick in ticks for _, frame in tick)).astype(float)


def test_a_line_without_faults_passes_everything_at_once_as_it_is() -> None:
    ticks, line = sent()
    assert ticks == [[(tick + 1, spoken(tick))] for tick in range(100)]
    assert not line.inflicted


def test_no_fault_comes_before_the_talk_nor_outside_of_its_time() -> None:
    line: FaultyLine[bytes] = FaultyLine([LineFault(LineKind.ZEROS, at=1.0, lasts=0.5)])
    times = [None, 0.0, 0.99, 1.0, 1.49, 1.5]
    assert [line.sound(spoken(1), at) == [spoken(1)] for at in times] == [True, True, True, False, False, True]


def test_a_line_that_stops_sends_nothing_and_counts_on_where_it_was() -> None:
    ticks, line = sent(LineFault(LineKind.STOPS, at=0.2, lasts=1.0))
    assert numbers(ticks) == list(range(1, 51))
    assert [len(tick) for tick in ticks] == [1] * 10 + [0] * 50 + [1] * 40
    assert line.inflicted == {LineKind.STOPS: 50}


def test_lost_messages_leave_holes_in_the_numbers() -> None:
    ticks, line = sent(LineFault(LineKind.LOST, every=10))
    assert numbers(ticks) == [number for number in range(1, 101) if number % 10]
    assert line.inflicted == {LineKind.LOST: 10}


def test_doubled_messages_come_twice_in_a_row() -> None:
    ticks, line = sent(LineFault(LineKind.DOUBLED, every=10), frames=20)
    assert numbers(ticks) == [*range(1, 11), 10, *range(11, 21), 20]
    assert line.inflicted == {LineKind.DOUBLED: 2}


def test_swapped_messages_change_places_with_the_next() -> None:
    ticks, _ = sent(LineFault(LineKind.SWAPPED, every=5, lasts=0.3), frames=17)
    assert numbers(ticks) == [1, 2, 3, 4, 6, 5, 7, 8, 9, 11, 10, 12, 13, 14, 16, 15, 17]


def test_bunches_come_so_many_at_once_and_the_last_is_not_kept() -> None:
    ticks, _ = sent(LineFault(LineKind.BUNCHES, size=5, lasts=0.99), frames=60)
    assert [len(tick) for tick in ticks[:50]] == [0, 0, 0, 0, 5] * 10
    assert numbers(ticks) == list(range(1, 61))


@pytest.mark.parametrize("rate", [0.9, 1.02, 1.5])
def test_a_wrong_clock_makes_more_or_fewer_samples_of_the_same_sound(rate: float) -> None:
    ticks, _ = sent(LineFault(LineKind.RATE, rate=rate), frames=1000)
    heard = samples(ticks)
    assert heard.size == pytest.approx(1000 * 160 * rate, abs=170)
    spectrum = np.abs(np.fft.rfft(heard[:80000]))
    assert np.argmax(spectrum) / 10 == pytest.approx(400 / rate, abs=0.2)
    assert max(map(len, ticks)) <= 2


def test_an_offset_moves_the_mean_and_nothing_else() -> None:
    ticks, _ = sent(LineFault(LineKind.OFFSET, level=-20.0))
    heard = samples(ticks)
    assert heard.mean() == pytest.approx(amplitude(-20.0), rel=0.02)
    assert heard.std() == pytest.approx(4000 / 2**0.5, rel=0.02)


def test_clipped_sound_is_louder_and_flat() -> None:
    heard = samples(sent(LineFault(LineKind.CLIPPED, level=24.0))[0])
    assert np.mean(np.abs(heard) == 32124) > 0.3


@pytest.mark.parametrize("kind", [LineKind.NOISE, LineKind.MUSIC])
def test_noise_and_music_have_the_level_that_is_asked_for(kind: LineKind) -> None:
    ticks, _ = sent(LineFault(kind, level=-25.0), frames=500, phone=[QUIET] * 500)
    heard = samples(ticks)
    assert 20 * np.log10(heard.std() / 32768) == pytest.approx(-25.0, abs=0.7)


def test_zeros_are_one_value_all_the_time() -> None:
    ticks, _ = sent(LineFault(LineKind.ZEROS))
    assert {frame for tick in ticks for _, frame in tick} == {b"\xff" * 160}


def test_several_faults_at_once_all_strike() -> None:
    ticks, line = sent(LineFault(LineKind.OFFSET), LineFault(LineKind.DOUBLED), LineFault(LineKind.SWAPPED, every=7))
    assert set(line.inflicted) == {LineKind.OFFSET, LineKind.DOUBLED, LineKind.SWAPPED}
    assert set(numbers(ticks)) == set(range(1, 101))
    assert samples(ticks).mean() > 2000
