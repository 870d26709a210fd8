"""Tones of keys go, whatever they are; speech, music and everything else stays as it is."""

from functools import cache
from itertools import product
from pathlib import Path

import numpy as np
import pytest

from telephony.audio import g711, wav
from telephony.audio.dtmf import HIGH, LOW, DtmfBlanker
from telephony.audio.level import rms_dbfs
from tests.fakes import hum

CALLS = Path(__file__).parents[2] / "fixtures" / "calls"
QUIET = b"\xff\x7f"


def tone(low: float, high: float, seconds: float = 0.1, *, level: float = 4000.0, twist: float = 1.0) -> bytes:
    """A key as PCM16; `twist` is the amplitude of the higher frequency to that of the lower."""
    time = np.arange(round(seconds * 8000)) / 8000
    pair = np.sin(2 * np.pi * low * time + 1.0) + twist * np.sin(2 * np.pi * high * time + 2.0)
    return np.rint(level * pair).astype("<i2").tobytes()


def after(sound: bytes, pressed_at: float | None = None) -> tuple[bytes, DtmfBlanker]:
    """What is left of PCMU that comes in frames of 20 ms, and the blanker; checks that nothing waits for long."""
    blanker, out, now = DtmfBlanker(), bytearray(), 0.0
    for at in range(0, len(sound), 160):
        if pressed_at is not None and now >= pressed_at:
            blanker.pressed(now)
            pressed_at = None
        out += b"".join(blanker.push(sound[at : at + 160], now))
        now += 0.02
        assert 0 <= at + 160 - len(out) <= 320
    return bytes(out), blanker


def padded(pcm: bytes, before: int = 1000, behind: int = 3000) -> bytes:
    """PCMU with so many samples of a quiet line before and at least so many behind, in whole frames."""
    sound = QUIET * (before // 2) + g711.encode(pcm)
    return sound + QUIET * ((behind + -(len(sound) + behind) % 160) // 2)


def left_of(sound: bytes) -> float:
    """Milliseconds of anything audible after a blanker."""
    out, _ = after(sound)
    pcm = g711.decode(out)
    return sum(rms_dbfs(pcm[at : at + 16]) > -50 for at in range(0, len(pcm), 16)) * 1.0


@pytest.mark.parametrize(("low", "high"), list(product(LOW, HIGH)))
def test_every_key_becomes_silence(low: float, high: float) -> None:
    sound = padded(tone(low, high))
    out, blanker = after(sound)
    assert len(out) == len(sound)
    assert blanker.tones == 1
    assert left_of(sound) <= 6


@pytest.mark.parametrize("place", range(0, 160, 10))
def test_it_does_not_matter_where_in_a_frame_a_tone_begins(place: int) -> None:
    assert left_of(padded(tone(770.0, 1336.0, 0.075), before=800 + place)) <= 7


@pytest.mark.parametrize(("off", "twist", "level"), list(product((-0.015, 0.006, 0.015), (0.5, 2.0), (400.0, 9000.0))))
def test_tones_that_are_off_uneven_faint_or_loud_go_too(off: float, twist: float, level: float) -> None:
    for low, high in ((697.0, 1209.0), (941.0, 1633.0), (852.0, 1477.0)):
        sound = padded(tone(low * (1 + off), high * (1 - off), level=level, twist=twist))
        assert left_of(sound) <= 7


def test_a_tone_of_50_ms_goes_wherever_it_begins() -> None:
    assert max(left_of(padded(tone(852.0, 1209.0, 0.05), before=800 + place)) for place in range(0, 160, 16)) <= 7


def test_keys_one_after_the_other_all_go() -> None:
    dialled = b"".join(tone(low, high, 0.07) + bytes(2 * 560) for low, high in product(LOW[:3], HIGH[:3]))
    _, blanker = after(padded(dialled))
    assert blanker.tones == 9
    assert left_of(padded(dialled)) <= 9 * 6


def test_a_tone_in_noise_goes() -> None:
    noise = np.random.default_rng(3).normal(0, 400, 800)
    noisy = np.frombuffer(tone(770.0, 1477.0), "<i2") + noise
    _, blanker = after(padded(np.rint(noisy).astype("<i2").tobytes()))
    assert blanker.tones == 1
    assert blanker.blanked_ms >= 100


def test_the_rest_of_a_tone_that_the_carrier_told_of_goes_though_it_is_short() -> None:
    rest = padded(tone(697.0, 1477.0, 0.025), before=960)
    assert after(rest)[1].blanked_ms == 0
    out, blanker = after(rest, pressed_at=0.1)
    assert blanker.blanked_ms > 0
    assert sum(rms_dbfs(g711.decode(out[at : at + 8])) > -50 for at in range(0, len(out), 8)) <= 6


def test_speech_after_a_key_was_told_of_stays() -> None:
    for sound in speech().values():
        assert after(sound, pressed_at=0.5)[1].blanked_ms == 0.0


@cache
def speech() -> dict[str, bytes]:
    """Every recording of the fixture calls, in whole frames."""
    recordings = {}
    for path in sorted(CALLS.glob("*/*.wav")):
        sound, _ = wav.read(path)
        recordings[f"{path.parent.name}/{path.name}"] = sound + QUIET * (-len(sound) % 160 // 2 + 160)
    return recordings


def test_of_all_recorded_speech_not_one_bit_is_changed() -> None:
    assert len(speech()) > 50
    for name, sound in speech().items():
        out, blanker = after(sound)
        assert (name, blanker.blanked_ms, out == sound[: len(out)]) == (name, 0.0, True)


def test_speech_is_held_back_hardly_ever_and_never_longer_than_40_ms() -> None:
    held = frames = 0
    for sound in speech().values():
        blanker = DtmfBlanker()
        for at in range(0, len(sound), 160):
            frames += 1
            held += not blanker.push(sound[at : at + 160], at / 8000)
    assert frames > 10_000
    assert held <= frames / 300


@pytest.mark.parametrize("frequency", [440.0, 697.0, 941.0, 1336.0, 1633.0])
def test_one_frequency_alone_is_no_key(frequency: float) -> None:
    sound = g711.encode(hum(frequency, 1.0))
    assert after(sound)[0] == sound


def test_ringback_two_low_or_two_high_frequencies_are_no_key() -> None:
    for low, high in ((440.0, 480.0), (697.0, 941.0), (1209.0, 1477.0), (350.0, 440.0)):
        sound = g711.encode(tone(low, high, 1.0))
        assert after(sound)[0] == sound


def test_frames_of_any_length_come_out_in_twenties() -> None:
    blanker, sound = DtmfBlanker(), QUIET * 800
    out = [frame for at in range(0, 1600, 100) for frame in blanker.push(sound[at : at + 100], at / 8000)]
    assert {len(frame) for frame in out} == {160}
    assert b"".join(out) == sound
