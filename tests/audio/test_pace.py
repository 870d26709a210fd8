"""When speech is sped up, by how much, and how smoothly."""

import pytest

from telephony.audio.pace import FASTEST, HURRY_FROM, RAMP, UNTIL, Pace


def after(pace: Pace, frames: int, held: float, elsewhere: float = 0.0) -> float:
    return [pace.step(held, elsewhere) for _ in range(frames)][-1]


def test_speech_that_keeps_up_has_its_own_speed() -> None:
    assert after(Pace(), 500, held=HURRY_FROM) == 1.0


def test_more_than_a_second_of_backlog_brings_a_quarter_more_speed_within_half_a_second() -> None:
    pace = Pace()
    speeds = [pace.step(HURRY_FROM + 0.01) for _ in range(25)]
    assert speeds[-1] == pytest.approx(FASTEST)
    assert [b - a for a, b in zip([1.0, *speeds], speeds, strict=False)] == pytest.approx([RAMP] * 25)


def test_it_never_gets_faster_than_that() -> None:
    assert after(Pace(), 1000, held=25.0) == FASTEST


def test_it_stays_fast_until_less_than_half_a_second_is_left() -> None:
    pace = Pace()
    after(pace, 25, held=2.0)
    assert after(pace, 25, held=UNTIL) == FASTEST
    assert after(pace, 1, held=UNTIL - 0.01) == pytest.approx(FASTEST - RAMP)
    assert after(pace, 25, held=UNTIL - 0.01) == 1.0
    assert after(pace, 25, held=HURRY_FROM - 0.1) == 1.0


def test_what_waits_at_the_carrier_counts_but_only_what_is_here_can_be_sped_up() -> None:
    assert after(Pace(), 25, held=0.5, elsewhere=0.6) == pytest.approx(FASTEST)
    assert after(Pace(), 25, held=0.3, elsewhere=5.0) == 1.0


def test_with_only_the_cushion_left_speech_has_its_own_speed_at_once() -> None:
    pace = Pace()
    after(pace, 25, held=2.0)
    assert pace.step(0.0) == 1.0


def test_a_reset_forgets_the_hurry() -> None:
    pace = Pace()
    after(pace, 25, held=2.0)
    pace.reset()
    assert pace.step(0.9) == 1.0
