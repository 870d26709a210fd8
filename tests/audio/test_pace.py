"""When speech is sped up, by how much, and how smoothly."""

from itertools import pairwise

import pytest

from telephony.audio.pace import (
    EASES,
    FASTEST,
    HEAD,
    HURRY_FROM,
    LIMIT,
    PATIENCE,
    PAUSE,
    RAMP,
    SHRINKS,
    UNTIL,
    YIELDS,
    Pace,
)


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


def test_a_pause_keeps_less_the_more_waits_and_in_the_end_nothing() -> None:
    pace = Pace()
    assert pace.pause(0.0) == pace.pause(SHRINKS[0]) == PAUSE
    assert pace.pause(sum(SHRINKS) / 2) == pytest.approx(PAUSE / 2)
    assert pace.pause(SHRINKS[1]) == pace.pause(30.0) == 0.0


def wished(tempo: float) -> Pace:
    pace = Pace()
    pace.tempo = tempo
    return pace


class TestTheListenersWish:
    def test_slower_speech_is_slower_while_little_waits(self) -> None:
        assert after(wished(0.8), 25, held=YIELDS[0]) == pytest.approx(0.8)
        assert after(wished(0.8), 25, held=0.0) == pytest.approx(0.8)

    def test_it_yields_bit_by_bit_to_what_waits(self) -> None:
        halfway = sum(YIELDS) / 2
        assert after(wished(0.8), 100, held=halfway) == pytest.approx(0.9)
        assert after(wished(0.8), 100, held=halfway - 0.5, elsewhere=0.5) == pytest.approx(0.9)
        assert after(wished(0.8), 100, held=YIELDS[1]) == pytest.approx(1.0)

    def test_beyond_its_patience_it_hurries_as_other_speech_does(self) -> None:
        pace = wished(0.8)
        assert after(pace, 100, held=HURRY_FROM + PATIENCE) == pytest.approx(1.0)
        assert after(pace, 100, held=HURRY_FROM + PATIENCE + 0.01) == pytest.approx(FASTEST)
        assert after(pace, 100, held=UNTIL + PATIENCE) == pytest.approx(FASTEST)
        assert after(pace, 100, held=UNTIL + PATIENCE - 0.01) < 1.0

    def test_faster_speech_is_faster_while_something_waits(self) -> None:
        assert after(wished(1.2), 25, held=EASES[1]) == pytest.approx(1.2)
        assert after(wished(1.2), 25, held=sum(EASES) / 2) == pytest.approx(1.1)
        assert after(wished(1.2), 25, held=EASES[0]) == 1.0
        assert after(wished(1.2), 25, held=0.0) == 1.0

    @pytest.mark.parametrize(("tempo", "speed"), [(1.02, 1.02 * FASTEST), (1.1, LIMIT), (1.3, LIMIT)])
    def test_hurrying_counts_on_top_up_to_the_limit(self, tempo: float, speed: float) -> None:
        assert after(wished(tempo), 100, held=9.0) == pytest.approx(speed)

    def test_its_speed_changes_as_smoothly(self) -> None:
        pace = wished(0.8)
        speeds = [1.0, *(pace.step(held) for held in [0.5] * 30 + [5.0] * 60 + [0.1] * 60)]
        assert max(abs(b - a) for a, b in pairwise(speeds)) <= RAMP + 1e-9

    def test_a_run_begins_later_by_what_its_first_seconds_gain(self) -> None:
        assert wished(1.0).head == wished(0.8).head == 0.0
        assert wished(1.25).head == pytest.approx(HEAD - HEAD / 1.25)
