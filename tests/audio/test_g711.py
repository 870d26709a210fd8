"""Mu-law, against a table made here from the formula of ITU-T G.711."""

import numpy as np
import pytest

from telephony.audio import g711
from telephony.audio.format import PCMU_8K


def recommended_value(code: int) -> int:
    """The value of a code word by G.711, table 2: inverted bits, sign, segment (3), step (4); times 4 for 16 bits."""
    bits = ~code & 0xFF
    segment, step = bits >> 4 & 7, bits & 15
    magnitude = ((2 * step + 33) << segment) - 33
    return 4 * (-magnitude if bits & 0x80 else magnitude)


VALUES = [recommended_value(code) for code in range(256)]


def test_every_code_word_has_the_value_that_the_recommendation_gives_it() -> None:
    assert np.frombuffer(g711.decode(bytes(range(256))), "<i2").tolist() == VALUES


@pytest.mark.parametrize(
    ("code", "value"), [(0xFF, 0), (0x7F, 0), (0xFE, 8), (0x7E, -8), (0x80, 32124), (0x00, -32124)]
)
def test_the_constants_of_the_recommendation_hold(code: int, value: int) -> None:
    assert g711.decode(bytes([code])) == np.int16(value).tobytes()


def test_every_value_of_the_table_is_written_as_its_own_code_word() -> None:
    codes = bytes(code for code in range(256) if code != 0x7F)
    assert g711.encode(g711.decode(codes)) == codes


def test_minus_zero_is_written_as_zero() -> None:
    assert g711.encode(g711.decode(b"\x7f")) == g711.SILENCE


def test_every_sample_is_written_by_the_decision_values_of_the_recommendation() -> None:
    decisions = np.array([((32 + 2 * step) << segment) - 33 for segment in range(8) for step in range(16)])
    samples = np.arange(-32768, 32768)
    magnitude = abs(samples) / 4
    interval = np.searchsorted(decisions, magnitude, side="right") - 1
    written = np.frombuffer(g711.encode(samples.astype("<i2").tobytes()), np.uint8)
    # The coder takes 14 of the 16 bits, so a sample within one step of a decision value may fall to either side.
    clear = abs(magnitude[:, None] - decisions).min(axis=1) > 1
    assert clear.mean() > 0.9
    assert ((~written & 0x7F) == interval)[clear].all()
    assert ((written & 0x80 == 0) == (samples < 0))[clear].all()


def test_silence_is_what_zeros_are_written_as() -> None:
    assert g711.encode(bytes(2 * PCMU_8K.bytes_in(20))) == g711.SILENCE * 160
