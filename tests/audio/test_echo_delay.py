"""Is an echo found where it is, and none where there is none?"""

import numpy as np
import pytest

from telephony.audio.echo_delay import CERTAIN, HEAD, EchoDelay, anywhere, nearby
from telephony.audio.echo_line import EchoLine, Samples
from telephony.audio.echo_path import TAPS, EchoPath
from tests.audio.echoes import at_level, lines

SPEECH = np.concatenate(lines("clinic-appointment/a*.en.wav")).astype(np.float32)
OTHER = np.concatenate(lines("clinic-appointment/c*.es.wav")).astype(np.float32)
NOW = 24_000


def on_a_line(samples: Samples, keep: int = 20_000) -> EchoLine:
    line = EchoLine(keep)
    for at in range(0, NOW, 160):
        line.put(samples[at : at + 160], at)
    return line


def late(lag: int, gain: float = 0.1) -> Samples:
    return np.concatenate((np.zeros(lag, np.float32), gain * SPEECH))


def delayed(lag: int) -> EchoDelay:
    delay = EchoDelay()
    delay.heard, delay.said = on_a_line(SPEECH), on_a_line(late(lag))
    return delay


@pytest.mark.parametrize("lag", [240, 481, 2400, 7777, 10_300])
def test_an_echo_is_found_to_the_sample(lag: int) -> None:
    found = anywhere(on_a_line(SPEECH), on_a_line(late(lag)))
    assert found.lag == lag
    assert found.clear > CERTAIN


@pytest.mark.parametrize("off", [-390, -7, 0, 399])
def test_near_a_known_delay_half_as_much_sound_is_enough(off: int) -> None:
    found = nearby(on_a_line(SPEECH), on_a_line(late(3000)), 3000 + off)
    assert found.lag == 3000
    assert found.clear > 60


def test_another_voice_is_no_echo() -> None:
    heard = on_a_line(SPEECH)
    clear = [anywhere(heard, on_a_line(np.roll(OTHER, -shift))).clear for shift in range(0, 60_000, 3000)]
    assert max(clear) < CERTAIN


def test_an_echo_beneath_another_voice_is_found_in_the_end() -> None:
    voice = at_level(OTHER.astype(np.float64), -35)[: len(SPEECH) + 3000]
    both = late(3000) + voice.astype(np.float32)
    found = [anywhere(on_a_line(np.roll(SPEECH, -shift)), on_a_line(np.roll(both, -shift))) for shift in (0, 8000)]
    assert any(one.lag == 3000 and one.clear > CERTAIN for one in found)


def test_silence_is_found_nowhere_clearly() -> None:
    assert anywhere(on_a_line(SPEECH), on_a_line(np.zeros_like(SPEECH))).clear < CERTAIN


def test_the_delay_is_known_after_a_search_and_forgotten_when_told() -> None:
    delay = delayed(4000)
    assert delay.samples is None
    assert delay.search()
    assert delay.samples == 4000 - HEAD
    delay.forget()
    assert delay.samples is None


def test_what_was_heard_one_delay_before_is_what_comes_back_now() -> None:
    delay = delayed(4000)
    delay.search()
    said, far = delay.last_said(1000)
    assert np.allclose(said[HEAD:], 0.1 * far[:-HEAD])


def test_a_delay_that_moved_is_found_with_the_path_that_is_known() -> None:
    delay, path = delayed(4000), EchoPath(0.01)
    delay.search()
    for back in (1600, 800, 0):
        delay.lesson(path, back)
    delay.samples = 4200 - HEAD
    assert delay.search_nearby(path)
    assert delay.samples == 4000 - HEAD
    delay.samples = 8000 - HEAD
    assert not delay.search_nearby(path)
    assert delay.search_elsewhere(path)
    assert delay.samples == 4000 - HEAD


def test_a_path_that_foretells_nothing_is_given_up_for_an_unmistakable_echo() -> None:
    delay, silent = delayed(4000), EchoPath(0.01)
    delay.samples = 8000
    assert delay.search_elsewhere(silent) is None
    assert delay.samples == 4000 - HEAD


def test_a_clearer_echo_replaces_the_one_that_is_tried_out() -> None:
    delay = delayed(4000)
    delay.samples = 700
    assert delay.search_better()
    assert delay.samples == 4000 - HEAD
    assert not delay.search_better()


def test_a_path_is_as_long_as_what_is_compared() -> None:
    assert TAPS > HEAD
