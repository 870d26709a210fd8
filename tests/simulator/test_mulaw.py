"""The simulator's own G.711 table, against the standard library's and against what the recommendation says of it."""

import audioop

import numpy as np

from telephony.simulator import mulaw

EVERY_CHARACTER = bytes(range(256))
EVERY_SAMPLE = np.arange(-32768, 32768).astype(np.int16)


def test_every_character_stands_for_the_value_that_another_implementation_gives_it() -> None:
    assert mulaw.decode(EVERY_CHARACTER).tobytes() == audioop.ulaw2lin(EVERY_CHARACTER, 2)


def test_every_positive_sample_becomes_the_character_that_another_implementation_gives_it() -> None:
    positive = EVERY_SAMPLE[EVERY_SAMPLE >= 0]
    assert mulaw.encode(positive) == audioop.lin2ulaw(positive.tobytes(), 2)


def test_a_negative_sample_differs_from_its_positive_in_the_sign_alone() -> None:
    positive = EVERY_SAMPLE[EVERY_SAMPLE > 0]
    assert mulaw.encode(-positive) == bytes(character ^ 0x80 for character in mulaw.encode(positive))


def test_what_is_decoded_and_encoded_again_is_the_same_but_for_the_second_zero() -> None:
    again = mulaw.encode(mulaw.decode(EVERY_CHARACTER))
    assert [(a, b) for a, b in zip(EVERY_CHARACTER, again, strict=True) if a != b] == [(0x7F, 0xFF)]


def test_sounds_add_up_and_are_cut_off_at_full_scale() -> None:
    one, other = (
        np.array(samples, dtype=np.int16) for samples in ([1000, -1000, 30000, -30000], [500, 500, 9000, -9000])
    )
    mixed = mulaw.decode(mulaw.mix([mulaw.encode(one), mulaw.encode(other)]))
    assert np.allclose(mixed, [1500, -500, 32124, -32124], rtol=0.04)


def test_a_sound_mixed_with_silence_is_the_same_sound() -> None:
    sound = mulaw.encode(EVERY_SAMPLE)
    mixed = mulaw.mix([sound, b"\xff" * len(sound)])
    assert np.array_equal(mulaw.decode(mixed), mulaw.decode(sound))


def test_silence_is_sent_as_ones() -> None:
    assert mulaw.encode(np.zeros(3, dtype=np.int16)) == b"\xff\xff\xff"
