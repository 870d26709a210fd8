"""The streaming filter: what it lets through, what it does not, and that chunks leave no trace."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from telephony.audio.resampler import SPAN, STEP, Resampler, resample, taps
from tests.audio.signals import decibels, fit, from_pcm, to_pcm, tone

PAIRS = [(8000, 16000), (24000, 8000)]
"""The line to Live Translate, and Live Translate to the line."""

RATIOS = [*PAIRS, (8000, 24000), (48000, 8000), (16000, 48000), (8000, 8000)]

either_way = pytest.mark.parametrize(("source", "target"), PAIRS)


def one_shot(pcm: bytes, source: int, target: int) -> bytes:
    resampler = Resampler(source, target)
    return resampler.push(pcm) + resampler.flush()


def through(frequency: float, source: int, target: int) -> bytes:
    return Resampler(source, target).push(tone(frequency, source))


def gain(frequency: float, source: int, target: int) -> float:
    """Decibels by which a tone comes out louder."""
    before, _, _ = fit(tone(frequency, source), frequency, source)
    after, _, _ = fit(through(frequency, source, target), frequency, target)
    return decibels(after / before)


@either_way
def test_a_tone_of_1_khz_stands_85_db_above_everything_else(source: int, target: int) -> None:
    amplitude, _, rest = fit(through(1000, source, target), 1000, target)
    assert decibels(amplitude / 2**0.5 / rest) >= 85


@either_way
def test_3400_hz_comes_through_within_half_a_decibel(source: int, target: int) -> None:
    assert abs(gain(3400, source, target)) <= 0.5


@either_way
def test_the_telephone_band_is_flat_to_a_hundredth_of_a_decibel(source: int, target: int) -> None:
    gains = [gain(frequency, source, target) for frequency in range(300, 3401, 100)]
    assert max(gains) - min(gains) <= 0.01
    assert abs(np.mean(gains)) <= 0.01


@pytest.mark.parametrize("frequency", [4600, 5000, 5500, 6300, 7000, 9100, 11700])
def test_what_8_khz_cannot_carry_does_not_come_back_as_another_tone(frequency: int) -> None:
    folded = abs((frequency + 4000) % 8000 - 4000)
    amplitude, _, _ = fit(through(frequency, 24000, 8000), folded, 8000)
    assert decibels(amplitude / 16000) <= -75


def test_5_khz_at_full_scale_leaves_less_than_minus_70_db_of_anything() -> None:
    heard = from_pcm(Resampler(24000, 8000).push(tone(5000, 24000, amplitude=32767)))[400:-400]
    assert decibels(np.sqrt(np.mean(heard**2)) * 2**0.5 / 32767) <= -70


@pytest.mark.parametrize("ratio", [2, 3])
def test_the_filter_itself_stops_everything_from_4600_hz_on_by_80_db(ratio: int) -> None:
    response = np.abs(np.fft.rfft(taps(ratio), 1 << 15))
    frequency = np.fft.rfftfreq(1 << 15, 1 / (8000 * ratio))
    assert decibels(response[frequency >= 4600].max()) <= -80
    assert decibels(response[frequency >= 5000].max()) <= -85


@pytest.mark.parametrize("frequency", [300, 1000, 2000, 3000, 3400])
def test_going_up_leaves_no_image_above_4_khz(frequency: int) -> None:
    amplitude, _, _ = fit(through(frequency, 8000, 16000), 8000 - frequency, 16000)
    assert decibels(amplitude / 16000) <= -75


@either_way
def test_it_delays_by_what_it_says_and_by_no_more_than_2_5_ms(source: int, target: int) -> None:
    _, before, _ = fit(tone(1000, source), 1000, source)
    _, after, _ = fit(through(1000, source, target), 1000, target)
    # A period of 1 kHz is 1 ms, so the phase alone leaves whole milliseconds open.
    fraction = (before - after) / (2 * np.pi) % 1
    delay = Resampler(source, target).delay
    assert fraction == pytest.approx(delay * 1000 % 1, abs=1e-4)
    assert delay == SPAN / 8000 <= 0.0025


@either_way
def test_an_impulse_comes_out_after_the_delay(source: int, target: int) -> None:
    pcm = bytearray(2 * source // 10)
    at = source // 50
    pcm[2 * at : 2 * at + 2] = np.int16(30000).tobytes()
    heard = from_pcm(Resampler(source, target).push(bytes(pcm)))
    expected = (at / source + Resampler(source, target).delay) * target
    assert np.argmax(heard) == pytest.approx(expected, abs=0.5)


@either_way
def test_every_20_ms_in_give_20_ms_out_at_once(source: int, target: int) -> None:
    resampler = Resampler(source, target)
    frame = bytes(2 * source // 50)
    assert [len(resampler.push(frame)) for _ in range(10)] == [2 * target // 50] * 10


@pytest.mark.parametrize(("source", "target"), RATIOS)
def test_each_sample_yields_at_once_what_it_completes(source: int, target: int) -> None:
    resampler = Resampler(source, target)
    given = [len(resampler.push(b"\0\0")) // 2 for _ in range(12)]
    up, down = max(1, target // source), max(1, source // target)
    assert given == [up if index % down == 0 else 0 for index in range(12)]


@pytest.mark.parametrize(("source", "target"), RATIOS)
@given(data=st.data(), seed=st.integers(0, 2**32 - 1))
def test_chunks_of_any_size_give_the_very_bytes_of_one_shot(
    source: int, target: int, data: st.DataObject, seed: int
) -> None:
    samples = np.random.default_rng(seed).integers(-32768, 32768, 3000).astype("<i2")
    cuts = data.draw(st.lists(st.integers(0, 3000), max_size=20).map(sorted))
    resampler = Resampler(source, target)
    chunks = np.split(samples, cuts)
    heard = b"".join(resampler.push(chunk.tobytes()) for chunk in chunks) + resampler.flush()
    assert heard == one_shot(samples.tobytes(), source, target)


@pytest.mark.parametrize("seconds", [0.02, 1.0, 3.0])
@either_way
def test_it_is_the_convolution_with_its_taps_in_whole_numbers(source: int, target: int, seconds: float) -> None:
    samples = np.random.default_rng(3).integers(-32768, 32768, round(source * seconds))
    up, down = max(1, target // source), max(1, source // target)
    stuffed = np.zeros(len(samples) * up, np.int64)
    stuffed[::up] = samples * up
    whole = np.rint(taps(max(up, down)) / STEP).astype(np.int64)
    exact = np.convolve(stuffed, whole)[::down] * STEP
    heard = from_pcm(one_shot(samples.astype("<i2").tobytes(), source, target))
    difference = heard[: len(exact)] - np.clip(exact, -32768, 32767)[: len(heard)]
    # Half a step by rounding; going up, each phase has a gain of exactly 1 where the taps as a whole have one of 2.
    assert abs(difference).max() <= 0.5 + (up > 1) * 0.6


@either_way
def test_what_is_too_loud_is_clipped_and_never_wraps(source: int, target: int) -> None:
    square = np.where(np.arange(source) // (source // 400) % 2, 32767, -32768)
    heard = from_pcm(Resampler(source, target).push(to_pcm(square.astype(float))))
    settled = heard[200:-200]
    half = target // 400
    delayed = 200 + round(Resampler(source, target).delay * target)
    middle = heard[delayed + half // 2 : -200 : half]
    assert settled.max() == 32767
    assert settled.min() == -32768
    assert (np.sign(middle[1:]) == -np.sign(middle[:-1])).all()


@either_way
def test_a_constant_stays_what_it_is(source: int, target: int) -> None:
    heard = from_pcm(Resampler(source, target).push(to_pcm(np.full(source, 12345.0))))
    assert (heard[200:] == 12345).all()


@either_way
def test_flush_gives_the_tail_and_leaves_no_memory(source: int, target: int) -> None:
    resampler = Resampler(source, target)
    pcm = tone(700, source, 0.1)
    first = resampler.push(pcm) + resampler.flush()
    assert len(first) >= 2 * (0.1 + 2 * resampler.delay - 0.001) * target
    assert resampler.push(pcm) + resampler.flush() == first


@either_way
def test_reset_forgets_the_stream_so_far(source: int, target: int) -> None:
    resampler = Resampler(source, target)
    resampler.push(tone(700, source, 0.033))
    resampler.reset()
    pcm = tone(300, source, 0.1)
    assert resampler.push(pcm) == Resampler(source, target).push(pcm)


def test_equal_rates_change_nothing_and_delay_nothing() -> None:
    resampler = Resampler(16000, 16000)
    pcm = tone(440, 16000, 0.1)
    assert resampler.push(pcm) == pcm
    assert resampler.flush() == b""
    assert resampler.delay == 0


@pytest.mark.parametrize(("source", "target"), [(44100, 8000), (24000, 16000), (0, 8000)])
def test_a_ratio_that_is_not_whole_is_refused_by_name(source: int, target: int) -> None:
    with pytest.raises(ValueError, match=f"{source} to {target} Hz: expected a whole-number ratio"):
        Resampler(source, target)


@pytest.mark.parametrize(("source", "target"), RATIOS)
def test_half_a_sample_is_refused(source: int, target: int) -> None:
    with pytest.raises(ValueError):
        Resampler(source, target).push(b"abc")


@pytest.mark.parametrize("source", [11025, 22050, 44100])
def test_a_recording_at_an_odd_rate_keeps_its_length_its_pitch_and_its_level(source: int) -> None:
    heard = resample(tone(1000, source), source, 8000)
    amplitude, _, rest = fit(heard, 1000, 8000)
    assert len(heard) == pytest.approx(2 * 8000, abs=2)
    assert amplitude == pytest.approx(16000, rel=1e-3)
    assert decibels(amplitude / 2**0.5 / rest) >= 80


def test_a_recording_at_the_wanted_rate_is_left_alone() -> None:
    assert resample(b"\1\2\3\4", 8000, 8000) == b"\1\2\3\4"


def test_a_recording_that_is_too_loud_is_clipped() -> None:
    square = to_pcm(np.where(np.arange(44100) // 50 % 2, 32767.0, -32768.0))
    heard = from_pcm(resample(square, 44100, 8000))
    assert heard.max() == 32767
    assert np.abs(np.diff(heard)).max() < 65536
