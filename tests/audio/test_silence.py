"""What silence is, and the slopes to it."""

import numpy as np

from telephony.audio import g711, silence
from tests.audio.signals import from_pcm


def test_silence_is_every_byte_of_at_most_8() -> None:
    values = from_pcm(g711.decode(bytes(range(256))))
    assert set(silence.SILENT) == set(np.flatnonzero(abs(values) <= 8))
    assert [silence.is_silent(bytes([code])) for code in range(256)] == (abs(values) <= 8).tolist()


def test_a_frame_with_one_sample_of_sound_is_not_silent() -> None:
    assert not silence.is_silent(b"\xff" * 100 + b"\xfd" + b"\xff" * 59)
    assert silence.is_silent(b"\xff\x7f\xfe\x7e" * 40)
    assert silence.is_silent(b"")


def test_leading_silence_is_counted_up_to_the_first_sound() -> None:
    assert silence.leading(b"\xff\x7e\xfd\xff") == 2
    assert silence.leading(b"\xff\xff") == 2
    assert silence.leading(b"\x10\xff") == 0


def test_trailing_silence_is_counted_back_to_the_last_sound() -> None:
    assert silence.trailing(b"\xff\xfd\x7e\xff") == 2
    assert silence.trailing(bytearray(b"\xff\xff")) == 2
    assert silence.trailing(b"\xff\x10") == 0
    assert silence.trailing(b"\x10" + b"\xff" * 20000) == 20000


def test_silence_in_the_middle_is_counted_from_a_place_on() -> None:
    sound = b"\x10\xff\x7e\x10\xff"
    assert [silence.length_at(sound, at) for at in range(6)] == [0, 2, 1, 0, 1, 0]


def test_runs_are_the_silences_of_at_least_20_ms() -> None:
    sound = b"\x10" * 5 + b"\xff" * 160 + b"\x10" + b"\xff" * 159 + b"\x10" + b"\x7e" * 200
    assert silence.runs(sound) == [(5, 165), (326, 526)]


def test_a_slope_leads_from_any_value_to_zero_in_5_ms_without_a_step() -> None:
    for code, slope in enumerate(silence.FALL):
        value = float(from_pcm(g711.decode(bytes([code])))[0])
        steps = np.diff(np.concatenate(([value], from_pcm(g711.decode(slope)), [0.0])))
        assert len(slope) == 40
        assert (np.sign(steps) * np.sign(value) <= 0).all()
        # The steepest step of half a cosine, and what mu-law adds by rounding both its ends: a 32nd of the value each.
        assert abs(steps).max() <= abs(value) * (np.pi / 2 / 41 + 1 / 16) + 8


def test_a_rise_is_a_fall_backwards() -> None:
    assert all(rise == fall[::-1] for rise, fall in zip(silence.RISE, silence.FALL, strict=True))
