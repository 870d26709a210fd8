"""From one format to another, in a stream."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from telephony.audio import g711
from telephony.audio.format import PCM16_16K, PCM16_24K, PCMU_8K, AudioFormat, Encoding
from telephony.audio.transcoder import Transcoder
from tests.audio.signals import decibels, fit, tone

PCM16_8K = AudioFormat(Encoding.PCM16, 8000)
PCMU_16K = AudioFormat(Encoding.PCMU, 16000)
STREAMED = [
    (PCMU_8K, PCM16_16K),
    (PCM16_24K, PCMU_8K),
    (PCMU_8K, PCM16_8K),
    (PCM16_8K, PCMU_8K),
    (PCMU_8K, PCMU_16K),
    (PCM16_16K, PCM16_16K),
    (PCMU_8K, PCMU_8K),
]


def test_the_line_reaches_live_translate_as_the_same_tone() -> None:
    heard = Transcoder(PCMU_8K, PCM16_16K).push(g711.encode(tone(1000, 8000)))
    amplitude, _, rest = fit(heard, 1000, 16000)
    assert len(heard) == 2 * 16000
    assert amplitude == pytest.approx(16000, rel=0.02)
    assert decibels(amplitude / 2**0.5 / rest) > 37  # mu-law itself allows no more than about 38


def test_live_translate_reaches_the_line_as_the_same_tone() -> None:
    heard = Transcoder(PCM16_24K, PCMU_8K).push(tone(1000, 24000))
    amplitude, _, rest = fit(g711.decode(heard), 1000, 8000)
    assert len(heard) == 8000
    assert amplitude == pytest.approx(16000, rel=0.02)
    assert decibels(amplitude / 2**0.5 / rest) > 37


def test_a_message_of_250_ms_becomes_2000_bytes_of_the_line() -> None:
    transcoder = Transcoder(PCM16_24K, PCMU_8K)
    assert [len(transcoder.push(bytes(12000))) for _ in range(4)] == [2000] * 4


def test_zeros_stay_silence() -> None:
    assert Transcoder(PCM16_24K, PCMU_8K).push(bytes(12000)) == g711.SILENCE * 2000


@pytest.mark.parametrize(("source", "target"), STREAMED)
@given(data=st.data(), seed=st.integers(0, 2**32 - 1))
def test_chunks_may_be_cut_anywhere_even_inside_a_sample(
    source: AudioFormat, target: AudioFormat, data: st.DataObject, seed: int
) -> None:
    audio = np.random.default_rng(seed).integers(0, 256, 3000, np.uint8).tobytes()
    cuts = [0, *sorted(data.draw(st.lists(st.integers(0, 3000), max_size=20))), 3000]
    whole = Transcoder(source, target)
    expected = whole.push(audio) + whole.flush()
    chunked = Transcoder(source, target)
    heard = b"".join(chunked.push(audio[start:end]) for start, end in pairwise(cuts))
    assert heard + chunked.flush() == expected


def test_the_same_format_changes_nothing() -> None:
    every = bytes(range(256))
    assert Transcoder(PCMU_8K, PCMU_8K).push(every) == every
    assert Transcoder(PCM16_16K, PCM16_16K).push(every) == every


def test_the_same_rate_only_decodes_and_encodes() -> None:
    every = bytes(range(256))
    assert Transcoder(PCMU_8K, PCM16_8K).push(every) == g711.decode(every)
    assert Transcoder(PCM16_8K, PCMU_8K).push(every) == g711.encode(every)


@pytest.mark.parametrize(("source", "target"), STREAMED)
def test_reset_forgets_the_filter_and_half_a_sample(source: AudioFormat, target: AudioFormat) -> None:
    transcoder = Transcoder(source, target)
    transcoder.push(bytes(range(255)))
    transcoder.reset()
    audio = bytes(range(0, 200, 2))
    assert transcoder.push(audio) == Transcoder(source, target).push(audio)


@pytest.mark.parametrize(("source", "target"), STREAMED)
def test_flush_leaves_nothing_behind(source: AudioFormat, target: AudioFormat) -> None:
    transcoder = Transcoder(source, target)
    audio = bytes(range(0, 200, 2))
    first = transcoder.push(audio) + transcoder.flush()
    transcoder.push(b"\x01")
    transcoder.flush()
    assert transcoder.push(audio) + transcoder.flush() == first


def test_it_tells_its_delay() -> None:
    assert 0 < Transcoder(PCMU_8K, PCM16_16K).delay <= 0.0025
    assert Transcoder(PCMU_8K, PCM16_8K).delay == 0


def test_rates_that_do_not_fit_are_refused_with_both_formats() -> None:
    with pytest.raises(ValueError, match=r"from PCM16 24000 Hz to PCM16 16000 Hz"):
        Transcoder(PCM16_24K, PCM16_16K)
