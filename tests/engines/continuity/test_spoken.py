"""What a message of an engine holds: voice or the zeros in between."""

import pytest

from telephony.audio.format import PCM16_24K
from telephony.engines.continuity.spoken import Spoken
from tests.fakes import hum


def sound(*parts: tuple[float, bool]) -> bytes:
    return b"".join(
        hum(400.0, seconds, 24000) if voice else bytes(PCM16_24K.bytes_in(seconds * 1000)) for seconds, voice in parts
    )


def test_zeros_are_silence_however_long_they_stream() -> None:
    spoken = Spoken(PCM16_24K)
    spoken.take(sound((0.1, True)))
    assert sum(spoken.take(sound((0.25, False))) for _ in range(40)) == 0
    assert spoken.silence == pytest.approx(10.0)
    assert spoken.voice == pytest.approx(0.1)


def test_faint_noise_is_silence_and_soft_speech_is_not() -> None:
    spoken = Spoken(PCM16_24K)
    assert spoken.take(b"\x20\x00\xe0\xff" * 3000) == 0
    assert spoken.take(b"\x00\x02\x00\xfe" * 3000) == pytest.approx(0.25)


def test_silence_is_counted_from_the_last_voice_within_a_message() -> None:
    spoken = Spoken(PCM16_24K)
    assert spoken.take(sound((0.1, True), (0.14, False))) == pytest.approx(0.1)
    assert spoken.silence == pytest.approx(0.14)
    spoken.take(sound((0.24, False)))
    assert spoken.silence == pytest.approx(0.38)


def test_the_silence_before_the_first_voice_can_be_left_out() -> None:
    message = sound((0.16, False), (0.08, True))
    trimmed = Spoken(PCM16_24K).from_first_voice(message)
    assert message.endswith(trimmed)
    assert len(trimmed) == PCM16_24K.bytes_in(100)
