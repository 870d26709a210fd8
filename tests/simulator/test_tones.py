import pytest

from telephony.simulator import tones
from tests.simulator.scenes import loud_seconds, share

KEYS = {"1": (697, 1209), "5": (770, 1336), "9": (852, 1477), "*": (941, 1209), "0": (941, 1336), "#": (941, 1477)}
"""ITU-T Q.23."""


@pytest.mark.parametrize(("key", "hertz"), KEYS.items())
def test_a_key_is_two_frequencies_for_a_tenth_of_a_second(key: str, hertz: tuple[int, int]) -> None:
    sound = tones.of_key(key)
    assert len(sound) == 800
    assert sum(share(sound, one) for one in hertz) > 0.9


@pytest.mark.parametrize("key", ["A", "12", "", "w"])
def test_what_no_telephone_has_makes_no_sound(key: str) -> None:
    with pytest.raises(ValueError, match="not a key"):
        tones.of_key(key)


def test_waiting_sounds_every_two_seconds() -> None:
    sound = b"".join(tones.hold(place * 0.02) for place in range(200))
    assert loud_seconds(sound) == pytest.approx(0.8, abs=0.05)
    assert share(sound, 500) > 0.9
