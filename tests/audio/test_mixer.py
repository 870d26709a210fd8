"""Sounds added up: exactly, smoothly, and never clipped."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from telephony.audio import g711
from telephony.audio.mixer import CEILING, DOWN, KNEE, UP, Fader, Part, mixed
from tests.audio.signals import from_pcm, to_pcm, tone

FRAME = 160
frames = st.binary(min_size=FRAME, max_size=FRAME).map(g711.decode)
gains = st.floats(0.0, 1.0)


def on_the_line(pcm: bytes) -> bytes:
    return g711.encode(pcm)


class TestTheSum:
    @given(frames)
    def test_one_sound_at_its_own_level_is_itself(self, pcm: bytes) -> None:
        loud = np.abs(from_pcm(pcm)).max() > KNEE
        assert loud or mixed([Part(pcm)]) == on_the_line(pcm)

    def test_two_sounds_are_the_sum_of_their_samples(self) -> None:
        one, two = tone(500, 8000, 0.02, 6000), tone(1200, 8000, 0.02, 5000)
        assert mixed([Part(one), Part(two)]) == on_the_line(to_pcm(from_pcm(one) + from_pcm(two)))

    def test_a_gain_is_a_factor(self) -> None:
        one, two = tone(500, 8000, 0.02, 6000), tone(1200, 8000, 0.02, 5000)
        heard = from_pcm(g711.decode(mixed([Part(one, 0.25, 0.25), Part(two)])))
        assert heard == pytest.approx(0.25 * from_pcm(one) + from_pcm(two), rel=0.03, abs=10)

    def test_a_fade_is_even(self) -> None:
        steady = to_pcm(np.full(FRAME, 8000.0))
        heard = from_pcm(g711.decode(mixed([Part(steady, 1.0, 0.5)])))
        assert heard == pytest.approx(np.linspace(8000, 4000, FRAME), rel=0.04)
        assert (np.diff(heard) <= 0).all()

    @given(frames, frames, gains, gains)
    def test_whatever_is_added_nothing_wraps_and_nothing_is_cut_off_flat(
        self, one: bytes, two: bytes, start: float, end: float
    ) -> None:
        wanted = from_pcm(one) * np.linspace(start, end, FRAME, endpoint=False) + from_pcm(two)
        heard = from_pcm(g711.decode(mixed([Part(one, start, end), Part(two)])))
        assert (np.sign(heard) * np.sign(wanted) >= 0).all()
        assert np.abs(heard).max() <= 32124
        below = np.abs(wanted) < KNEE
        assert heard[below] == pytest.approx(wanted[below], rel=0.045, abs=20)

    def test_what_is_louder_going_in_is_never_softer_coming_out(self) -> None:
        rising = to_pcm(np.linspace(0, 32000, FRAME))
        heard = from_pcm(g711.decode(mixed([Part(rising), Part(rising)])))
        assert (np.diff(heard) >= 0).all()
        assert heard[-1] == 32124  # the step of mu-law next to CEILING
        assert CEILING < 32124


class TestTheFader:
    def test_it_goes_down_in_40_ms(self) -> None:
        fader = Fader(1.0)
        assert [fader.toward(0.2)[1] for _ in range(3)] == pytest.approx([0.6, 0.2, 0.2])
        assert DOWN * 20 == 40

    def test_it_comes_up_in_300_ms(self) -> None:
        fader = Fader(0.1)
        steps = [fader.toward(1.0) for _ in range(16)]
        assert [end for _, end in steps].index(1.0) == 14
        assert UP * 20 == 300

    def test_it_arrives_exactly(self) -> None:
        fader = Fader(0.1)
        for _ in range(UP):
            fader.toward(0.7071)
        assert fader.toward(0.7071) == (0.7071, 0.7071)

    @given(st.lists(gains, min_size=1, max_size=60))
    def test_it_never_jumps(self, targets: list[float]) -> None:
        fader, last = Fader(0.5), 0.5
        for target in targets:
            start, end = fader.toward(target)
            assert start == last
            assert abs(end - start) <= 0.5 + 1e-9
            last = end

    def test_where_nothing_sounded_it_may_be_told_to(self) -> None:
        fader = Fader(0.0)
        fader.jump(1.0)
        assert fader.toward(1.0) == (1.0, 1.0)
