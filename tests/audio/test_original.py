"""The speaker's own voice on its way to the listener: how late it is, and what trouble on the line does to it."""

import random

import pytest

from telephony.audio.original import BOUND, DELAY, PATIENCE, REST, Original
from telephony.audio.playout import Playout
from tests.audio.line import SPEAKER, from_speaker, listen, pcmu_tone, steepest
from tests.audio.lumps import QUIET, speech
from tests.audio.phone import Phone

LEAD = 0.06


def direct() -> Playout:
    playout = Playout()
    playout.direct = True
    return playout


def found(phone: Phone, sound: bytes, piece: int) -> float:
    """When the `piece`th frame of `sound` was heard; fails where it was not."""
    return phone.line.index(sound[piece * 160 : piece * 160 + 160]) / 8000


class TestItsDelay:
    def test_it_is_60_ms_which_is_not_more_than_the_lead(self) -> None:
        sound = speech(3.0)
        phone = listen(direct(), from_speaker(sound, first=1.0))
        assert phone.line.index(sound) / 8000 == pytest.approx(1.0 + DELAY)
        assert DELAY <= LEAD

    def test_it_stays_so_for_minutes(self) -> None:
        sound = speech(120.0)
        phone = listen(direct(), from_speaker(sound), until=200.0)
        assert phone.line.index(sound) / 8000 == pytest.approx(DELAY)

    def test_frames_that_come_up_to_40_ms_late_make_no_gap(self) -> None:
        rng, sound, playout = random.Random(1), speech(30.0), direct()
        phone = listen(playout, from_speaker(sound, lateness=lambda index: rng.uniform(0, 0.039) if index else 0.0))
        assert phone.line.index(sound) / 8000 == pytest.approx(DELAY)
        assert playout.original_gaps == 1  # at its very end only, which comes without silence

    def test_no_frame_is_sent_further_ahead_than_the_lead(self) -> None:
        assert listen(direct(), from_speaker(speech(3.0))).furthest <= LEAD + 1e-6

    def test_bunches_of_five_frames_lose_nothing_and_are_heard_evenly(self) -> None:
        sound, playout = speech(10.0), direct()
        phone = listen(playout, from_speaker(sound, lateness=lambda index: 0.02 * (4 - index % 5)))
        assert phone.line.index(sound) / 8000 == pytest.approx(0.08 + DELAY)
        assert playout.original_dropped_ms == 0

    def test_bunches_that_set_in_later_cost_a_little_time_but_no_sound(self) -> None:
        sound, playout = speech(20.0), direct()
        late = [0.0 if index < 500 else 0.02 * (4 - index % 5) for index in range(1000)]
        phone = listen(playout, from_speaker(sound, lateness=lambda index: late[index]))
        assert found(phone, sound, 400) == pytest.approx(8.0 + DELAY)
        assert found(phone, sound, 900) <= 18.0 + DELAY + 0.06 + 1e-3
        assert all(sound[at * 160 + 40 : at * 160 + 160] in phone.line for at in range(1000))


class TestTooMuch:
    def test_a_stall_is_caught_up_with_until_40_ms_are_left(self) -> None:
        sound, playout = pcmu_tone(SPEAKER, 20.0), direct()
        stall = [max(0.0, 2.15 - 0.02 * index) if index >= 100 else 0.0 for index in range(1000)]
        phone = listen(playout, from_speaker(sound, lateness=lambda index: stall[index]))
        assert phone.until <= 20.0 + DELAY + 0.06 + 0.02 * PATIENCE
        assert playout.original_gaps == 2

    def test_no_more_than_200_ms_are_kept_and_the_oldest_goes(self) -> None:
        original, sound = Original(), speech(0.5)
        original.push(sound, 0.0)
        assert original.dropped_ms == 300
        assert original.take() == sound[-BOUND:][:160]

    def test_a_playout_that_nobody_asks_holds_no_more_either(self) -> None:
        playout, sound = direct(), speech(10.0)
        for at in range(0, len(sound), 160):
            playout.original(sound[at : at + 160], at / 8000)
        assert playout.original_dropped_ms == 9800
        frames = playout.due(10.0)
        assert len(frames) == 4


class TestWhenItStops:
    def test_nothing_more_is_sent_after_a_tenth_of_a_second(self) -> None:
        sound, playout = speech(1.0), direct()
        phone = listen(playout, from_speaker(sound))
        assert phone.until == pytest.approx(1.0 + DELAY + 0.02 * PATIENCE)
        assert playout.next_due() is None

    def test_it_ends_down_a_slope(self) -> None:
        sound = pcmu_tone(SPEAKER, 1.003)[: 50 * 160 + 4]
        phone = listen(direct(), from_speaker(sound[: 50 * 160]))
        assert steepest(phone.line + QUIET * 10) <= steepest(sound)

    @pytest.mark.parametrize("missing", [3, 5, 12])
    def test_frames_that_never_come_are_silence_between_slopes(self, missing: int) -> None:
        sound, playout = pcmu_tone(440.0, 2.0), direct()
        gone = set(range(50, 50 + missing))
        events = [event for index, event in enumerate(from_speaker(sound)) if index not in gone]
        phone = listen(playout, events)
        assert steepest(phone.line + QUIET * 10) <= steepest(sound) * 1.01
        assert playout.original_gaps == 2
        assert len(phone.gaps()) == (missing > PATIENCE)

    def test_what_comes_after_a_long_break_is_as_late_as_at_the_start(self) -> None:
        first, second = speech(1.0), speech(1.0, voice=2)
        phone = listen(direct(), [*from_speaker(first), *from_speaker(second, first=3.0)])
        assert phone.line.index(second[40:]) / 8000 == pytest.approx(3.005 + DELAY)

    def test_a_pause_in_speech_is_no_gap(self) -> None:
        sound, playout = speech(0.5) + QUIET * 1600 + speech(0.5, voice=2) + QUIET * 8000, direct()
        phone = listen(playout, from_speaker(sound))
        assert sound[:9600] in phone.line
        assert playout.original_gaps == 0


class TestSilence:
    def test_silence_alone_is_not_sent(self) -> None:
        playout = direct()
        assert listen(playout, from_speaker(QUIET * 80000)).heard == []

    def test_after_400_ms_of_it_nothing_is_sent(self) -> None:
        phone = listen(direct(), from_speaker(speech(1.0) + QUIET * 80000))
        assert phone.until == pytest.approx(1.0 + DELAY + 0.02 * REST)

    def test_speech_after_it_is_heard_whole_and_in_its_place(self) -> None:
        first, second = speech(1.0), speech(1.0, voice=2)
        phone = listen(direct(), from_speaker(first + QUIET * 16000 + second + QUIET * 8000))
        assert phone.line.index(second) / 8000 == pytest.approx(3.0 + DELAY)
