"""Do figures speak for an echo when they should, and is the benefit of the doubt short?"""

import numpy as np
import pytest

from telephony.audio.echo_evidence import VOICE, Doubt, Evidence, Noise, Remainder
from telephony.audio.echo_line import Samples

CHANCE = np.random.default_rng(3)


def sound(level: float = 500.0) -> Samples:
    return CHANCE.normal(0, level, 160).astype(np.float32)


def watched(frames: int, echo: float, other: float) -> Evidence:
    """An echo is foretold; so much of it comes, beside other sound that is so many times as strong."""
    evidence = Evidence()
    for _ in range(frames):
        foretold = sound()
        evidence.add(foretold, echo * foretold + sound(500.0 * other), 0.95)
    return evidence


class TestEvidence:
    def test_an_echo_that_comes_as_foretold_is_enough_after_three_frames(self) -> None:
        assert not watched(2, 1.0, 0.1).enough
        assert watched(4, 1.0, 0.1).enough

    def test_it_is_enough_beneath_a_voice_in_the_end(self) -> None:
        assert watched(20, 1.0, 1.5).enough

    def test_a_voice_alone_is_not(self) -> None:
        assert not any(watched(20, 0.0, 2.0).enough for _ in range(100))

    def test_an_echo_of_another_strength_is_not(self) -> None:
        assert not watched(20, 0.3, 0.1).enough

    def test_it_is_missing_where_something_else_comes_that_is_no_louder(self) -> None:
        assert watched(20, 0.0, 1.0).missing
        assert not watched(20, 1.0, 1.0).missing

    def test_it_is_not_missed_beneath_a_loud_voice(self) -> None:
        assert not watched(20, 0.0, 4.0).missing

    def test_cleared_it_knows_nothing(self) -> None:
        evidence = watched(20, 1.0, 0.1)
        evidence.clear()
        assert evidence.ratio == evidence.alike == 0
        assert not evidence.enough


class TestRemainder:
    def settled(self, share: float) -> Remainder:
        remainder = Remainder()
        for _ in range(400):
            remainder.is_all(share * 1e6, 1e6, 1e6, 0.0, False)
        return remainder

    def test_what_the_path_always_leaves_is_nothing(self) -> None:
        assert self.settled(0.02).is_all(0.02 * 1e6, 1e6, 1e6, 0.0, False)

    def test_a_voice_of_a_tenth_of_the_echo_passes_from_its_second_frame_on(self) -> None:
        remainder = self.settled(0.005)
        assert [remainder.is_all(0.15 * 1e6, 1.1e6, 1e6, 0.0, False) for _ in range(3)] == [True, False, False]

    def test_a_voice_louder_than_the_echo_passes_at_once(self) -> None:
        assert not self.settled(0.005).is_all(2e6, 3e6, 1e6, 0.0, False)

    def test_its_soft_end_passes_too(self) -> None:
        remainder = self.settled(0.01)
        soft = 0.035 * 1e6
        assert remainder.is_all(soft, 1e6, 1e6, 0.0, False)
        remainder.is_all(2e6, 3e6, 1e6, 0.0, False)
        assert not remainder.is_all(soft, 1e6, 1e6, 0.0, False)

    def test_the_noise_of_the_line_is_nothing(self) -> None:
        assert self.settled(0.01).is_all(900.0, 2000.0, 10.0, 1000.0, False)

    def test_a_young_path_is_given_more(self) -> None:
        assert Remainder().is_all(1e6, 1e6, 1e6, 0.0, True)
        assert not Remainder().is_all(2e6, 2e6, 1e6, 0.0, False)


class TestNoise:
    def test_a_quiet_line_has_voices_from_60_dbfs_down_to_the_least(self) -> None:
        noise = Noise()
        for _ in range(500):
            noise.add(10.0)
        assert noise.level == VOICE

    def test_a_noisy_line_has_none_within_4_db_of_its_noise(self) -> None:
        noise = Noise()
        for _ in range(1500):
            noise.add(5000.0)
        assert noise.level == pytest.approx(12_500, rel=0.05)

    def test_speech_with_pauses_does_not_count_as_noise(self) -> None:
        noise = Noise()
        for place in range(1000):
            noise.add(1e7 if place % 60 < 50 else 20.0)
        assert noise.level == VOICE


class TestDoubt:
    def test_a_soft_sound_is_held_back_for_a_quarter_of_a_second(self) -> None:
        doubt = Doubt()
        assert [doubt.holds(10.0, 20.0) for _ in range(20)] == [True] * 12 + [False] * 8

    def test_a_loud_one_never(self) -> None:
        assert not Doubt().holds(30.0, 20.0)

    def test_whoever_was_talking_before_is_not_doubted_until_a_rest(self) -> None:
        doubt = Doubt()
        doubt.said(True)
        doubt.sound_began(known=False)
        assert not doubt.holds(10.0, 20.0)
        for _ in range(Doubt.RESTED):
            doubt.said(False)
        assert doubt.holds(10.0, 20.0)

    def test_whoever_begins_long_after_the_sound_did_is_not_doubted(self) -> None:
        doubt = Doubt()
        doubt.heard_loudly()
        doubt.undecided(late=True)
        doubt.undecided(late=True)
        assert not doubt.holds(10.0, 20.0)
        doubt.heard_loudly()
        doubt.undecided(late=False)
        doubt.undecided(late=True)
        assert doubt.holds(10.0, 20.0)

    def test_a_second_of_voice_without_an_echo_settles_it(self) -> None:
        doubt = Doubt()
        for _ in range(Doubt.SETTLED + 1):
            assert not doubt.settled
            doubt.undecided(late=False)
        assert doubt.settled
        assert not doubt.holds(10.0, 20.0)

    def test_what_is_like_nothing_heard_settles_it_for_now(self) -> None:
        doubt = Doubt()
        doubt.unlikely()
        assert not doubt.holds(10.0, 20.0)
        doubt.sound_began(known=False)
        assert not doubt.holds(10.0, 20.0)
        doubt.sound_began(known=True)
        assert doubt.holds(10.0, 20.0)

    def test_a_known_echo_is_doubted_anew_when_it_moves(self) -> None:
        doubt = Doubt(first=0, again=3, lost=2)
        doubt.lost()
        assert [doubt.holds(10.0, 20.0) for _ in range(3)] == [True, True, False]
        doubt.sound_began(known=True)
        assert [doubt.holds(10.0, 20.0) for _ in range(4)] == [True, True, True, False]
