"""What a listener heard of a translation, from the recording alone: whole, torn, twice, in parts, and hurried."""

import numpy as np
import pytest

from telephony.replay.likeness import Sound
from telephony.replay.passages import APART, Passages, passages
from telephony.simulator import mulaw
from tests.simulator.spoken import quiet, voice

TRANSLATION = voice(5, 4.0).astype(np.float32)
RATE = 8000


def recorded(*sounds: Sound) -> Sound:
    """Sounds one after the other, as a phone records them, a second of silence before and after."""
    second = quiet(1.0).astype(np.float32)
    whole = np.concatenate([second, *sounds, second]).round().astype(np.int16)
    return mulaw.decode(mulaw.encode(whole)).astype(np.float32)


def pause(seconds: float) -> Sound:
    return quiet(seconds).astype(np.float32)


def part(first: float, last: float) -> Sound:
    return TRANSLATION[round(first * RATE) : round(last * RATE)]


def found(*sounds: Sound) -> Passages:
    recording = recorded(*sounds)
    return passages(TRANSLATION, recording, 0, recording.size)


def hurried(sound: Sound, speed: float) -> Sound:
    """Made shorter by leaving out 8 ms at a time where the sound goes on most alike, with fades of 5 ms."""
    fade, cut, parts, at = 40, 64, [], 0
    step = round(cut * speed / (speed - 1))
    ramp = np.linspace(0, 1, fade)
    while at + step + 2 * cut + fade < sound.size:
        begin = at + step - cut
        skips = range(cut // 2, 2 * cut)
        before = sound[begin : begin + fade]
        skip = max(skips, key=lambda skip: float(before @ sound[begin + skip : begin + skip + fade]))
        joined = before * (1 - ramp) + sound[begin + skip : begin + skip + fade] * ramp
        parts += [sound[at:begin], joined]
        at = begin + skip + fade
    return np.concatenate([*parts, sound[at:]]).astype(np.float32)


def test_a_translation_that_was_heard_whole_lacks_and_repeats_nothing() -> None:
    whole = found(TRANSLATION)
    assert (whole.lost(), whole.repeated) == (0.0, 0.0)
    assert whole.covered(0, TRANSLATION.size)


def test_one_that_was_not_heard_lacks_all_that_sounds() -> None:
    none = found(voice(9, 4.0).astype(np.float32))
    sounding = np.count_nonzero(none.times >= 0) * 0.02
    assert none.lost() == pytest.approx(sounding)
    assert not none.covered(0, 2000)


def test_what_is_missing_in_the_middle_is_lost() -> None:
    torn = found(part(0, 1.6), pause(0.4), part(2.0, 4.0))
    expected = found(TRANSLATION).times[80:100]
    assert torn.lost() == pytest.approx(np.count_nonzero(expected >= 0) * 0.02, abs=0.045)
    assert not torn.covered(round(1.6 * RATE), 2 * RATE)
    assert torn.covered(2 * RATE, 3 * RATE)


def test_only_what_was_due_is_lost() -> None:
    assert found(part(0, 2.0)).lost(until=1.9) == 0.0
    assert found(part(0, 2.0)).lost() > 1.0


def test_what_was_said_by_two_without_a_seam_counts_once() -> None:
    joined = found(part(0, 2.013), part(2.013, 4.0))
    assert (joined.lost(), joined.repeated) == (0.0, 0.0)


@pytest.mark.parametrize("gap", [0.15, 1.2])
def test_a_pause_between_two_parts_loses_nothing(gap: float) -> None:
    parted = found(part(0, 2.013), pause(gap), part(2.013, 4.0))
    assert parted.lost() <= 0.02
    assert parted.repeated == 0.0


def test_what_was_heard_twice_is_repeated() -> None:
    twice = found(part(0, 2.5), pause(0.5), part(1.5, 4.0))
    again = found(TRANSLATION).times[75:125]
    assert twice.lost() == 0.0
    assert twice.repeated == pytest.approx(np.count_nonzero(again >= 0) * 0.02, abs=0.045)


def test_what_was_heard_three_times_is_repeated_twice() -> None:
    thrice = found(TRANSLATION, pause(0.5), TRANSLATION, pause(0.5), TRANSLATION)
    assert thrice.repeated == pytest.approx(2 * np.count_nonzero(thrice.times >= 0) * 0.02, abs=0.1)


@pytest.mark.parametrize("speed", [1.1, 1.25])
def test_hurried_speech_is_heard_whole(speed: float) -> None:
    short = hurried(TRANSLATION, speed)
    assert short.size == pytest.approx(TRANSLATION.size / speed, rel=0.08)
    heard = found(short)
    assert heard.lost() <= 0.06
    assert heard.repeated <= 0.02


def test_hurried_speech_with_a_hole_is_not() -> None:
    short = hurried(TRANSLATION, 1.25)
    middle = short.size // 2
    assert found(short[: middle - 1600], pause(0.2), short[middle + 1600 :]).lost() >= 0.3


def test_each_hearing_of_a_stretch_has_its_place() -> None:
    twice = found(part(0, 2.5), pause(0.5), part(1.5, 4.0))
    places = list(twice.places(round(1.6 * RATE), round(2.2 * RATE)))
    assert places == pytest.approx([round(2.6 * RATE), round(4.1 * RATE)], abs=2)
    assert places[1] - places[0] > APART


def test_a_level_makes_no_difference() -> None:
    faint = found(TRANSLATION * 0.3)
    assert faint.lost() <= 0.04
