"""Does a loud phone give back what it hears: as late, as soft, and no more than that?"""

import numpy as np
import pytest

from telephony.simulator import mulaw
from telephony.simulator.phone import LINE_NOISE
from telephony.simulator.scenario import Who
from telephony.simulator.speakerphone import Loudspeaker, Speakerphone, room
from tests.simulator.scenes import caller, line, loud_seconds, scenario, share, tone

SILENT = b"\xff" * 160


def came_back(phone: Loudspeaker, heard: bytes, seconds: float = 1.5, start: float = 50.0) -> bytes:
    """What a phone says whose party is silent and hears `heard` from the start on."""
    said = b""
    for place in range(round(seconds * 50)):
        now = start + place * 0.02
        said += phone.pick_up(SILENT, now)
        frame = heard[place * 160 : place * 160 + 160]
        phone.play(frame.ljust(160, b"\xff"), now)
    return said


@pytest.mark.parametrize("delay_ms", [40, 180, 400])
def test_what_is_heard_comes_back_after_the_delay(delay_ms: float) -> None:
    said = came_back(Loudspeaker(Speakerphone(-10, delay_ms)), tone(700, 0.5))
    first = round(delay_ms * 8)
    assert not mulaw.decode(said[: first - 1]).any()
    assert share(said[first : first + 4000], 700) > 0.9
    assert loud_seconds(said[first + 6000 :]) == 0


@pytest.mark.parametrize("level_db", [-10, -20, -30])
def test_it_comes_back_so_much_softer(level_db: float) -> None:
    noise = np.random.default_rng(1).normal(0, 6000, 8000).astype(np.int16)
    said = came_back(Loudspeaker(Speakerphone(level_db, 100)), mulaw.encode(noise))
    back = mulaw.decode(said[2400:8800]).astype(np.float64)
    assert 20 * np.log10(back.std() / noise.std()) == pytest.approx(level_db, abs=0.7)


def test_the_room_s_energy_is_the_level() -> None:
    assert 10 * np.log10(np.sum(room(-17) ** 2)) == pytest.approx(-17)


def test_what_the_party_says_is_on_the_line_with_it() -> None:
    phone, voice = Loudspeaker(Speakerphone(-10, 60)), tone(1300, 1.0, 4000)
    said = b""
    for place in range(50):
        now = place * 0.02
        said += phone.pick_up(voice[place * 160 : place * 160 + 160], now)
        phone.play(tone(500, 1.0)[place * 160 : place * 160 + 160], now)
    assert share(said[800:], 1300) + share(said[800:], 500) > 0.95
    assert 0.1 < share(said[800:], 500) < 0.5


def test_a_silent_line_passes_to_the_bit() -> None:
    phone = Loudspeaker(Speakerphone(-10, 60))
    for place in range(20):
        phone.play(LINE_NOISE, place * 0.02)
        assert phone.pick_up(LINE_NOISE, place * 0.02) == LINE_NOISE


def test_jitter_of_the_clock_tears_nothing() -> None:
    even = came_back(Loudspeaker(Speakerphone(-10, 100)), tone(700, 0.5))
    phone, said = Loudspeaker(Speakerphone(-10, 100)), b""
    for place in range(75):
        now = 50.0 + place * 0.02 + (0.004 if place % 3 == 1 else 0.0)
        said += phone.pick_up(SILENT, now)
        phone.play(tone(700, 0.5)[place * 160 : place * 160 + 160].ljust(160, b"\xff"), now)
    assert said == even


def test_a_phone_with_the_setting_is_heard_through_itself_and_another_is_not() -> None:
    loud = scenario(speakerphones={Who.CALLER: Speakerphone(-10, 100)})
    for scene, expected in ((loud, True), (scenario(), False)):
        phone = caller(scene)
        said = b""
        for place in range(50):
            said += phone.frame(place * 0.02)
            phone.hear(tone(900, 0.02), place * 0.02 + 0.02)
        assert (share(said[1600:], 900) > 0.5) == expected
        assert phone.recording_said(0.0, 1.0) == said


def test_it_says_its_own_lines_besides() -> None:
    scene = scenario(lines=(line("c1", Who.CALLER, 0.0),), speakerphones={Who.CALLER: Speakerphone(-10, 100)})
    phone = caller(scene, {"c1": tone(440, 0.5)})
    phone.talk_began(0.0)
    assert b"".join(phone.frame(place * 0.02) for place in range(25)) == tone(440, 0.5)
