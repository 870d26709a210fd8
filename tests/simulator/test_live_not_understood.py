"""What the simulated interpreter does not understand: lines that come torn, and speech it does not know."""

from pathlib import Path

import numpy as np
import pytest

from telephony.simulator.live_api.report import LineRecognised, PieceMissing, UnknownSpeech
from tests.simulator.four_lines import FIRST, SECOND, recognised, sounding, translated
from tests.simulator.spoken import Samples, Sitting, known, quiet, sitting, voice

# What does not come through


def without(start: float, seconds: float, sound: Samples) -> Samples:
    """The sound with a stretch silenced."""
    damaged = sound.copy()
    damaged[round(8000 * start) : round(8000 * (start + seconds))] = 0
    return damaged


def missing(room: Sitting) -> list[tuple[str, float]]:
    return [(event.line, event.from_s) for event in room.model.report if isinstance(event, PieceMissing)]


def piece_at(folder: Path, line: str, second: float) -> float:
    """Where the piece of the line that this second lies in begins."""
    return max(piece.start / 16000 for piece in known(folder)[line].pieces if piece.start / 16000 <= second)


def test_a_line_that_breaks_off_is_translated_up_to_the_break(four_lines: Path) -> None:
    room = sitting(four_lines, "en")
    room.hear(quiet(1.0), SECOND[: 2 * 8000], quiet(8.0))

    whole = sounding(known(four_lines)["c2"].translation.sound)
    assert translated(room) == [("c2", False)]
    assert 0.2 < len(sounding(room.spoken)) / len(whole) < 0.5
    assert whole.startswith(sounding(room.spoken)[:-200])
    assert missing(room) == [("c2", piece_at(four_lines, "c2", 1.99))]
    assert "ocho" not in "".join(room.heard_words)


def test_one_lost_packet_of_20_ms_is_noticed(four_lines: Path) -> None:
    room = sitting(four_lines, "en")
    room.hear(quiet(1.0), without(2.05, 0.02, SECOND), quiet(8.0))
    assert missing(room) == [("c2", piece_at(four_lines, "c2", 2.05))]


@pytest.mark.parametrize("shift", [-160, 160], ids=["left out", "put in"])
def test_after_20_ms_are_left_out_or_put_in_the_rest_is_still_understood(four_lines: Path, shift: int) -> None:
    at = round(8000 * 2.05)
    rest = SECOND[at + 160 :] if shift < 0 else np.concatenate([quiet(0.02), SECOND[at:]])
    room = sitting(four_lines, "en")
    room.hear(quiet(1.0), SECOND[:at], rest, quiet(8.0))

    assert missing(room) == [("c2", piece_at(four_lines, "c2", 2.05))]
    assert translated(room) == [("c2", False), ("c2", True)]


@pytest.mark.parametrize("seconds", [-0.06, 0.02, 0.8], ids=["shorter", "a little longer", "longer"])
def test_a_pause_may_be_longer_or_shorter_than_it_was(four_lines: Path, seconds: float) -> None:
    pause, at = round(8000 * seconds), 8000 * 7 // 5  # the second breath of this voice goes from 1.4 s to 1.6 s
    rest = SECOND[at - pause :] if pause < 0 else np.concatenate([quiet(seconds), SECOND[at:]])
    room = sitting(four_lines, "en")
    room.hear(quiet(1.0), SECOND[:at], rest, quiet(8.0))

    assert missing(room) == []
    assert "".join(room.heard_words) == "uno dos tres cuatro cinco seis siete ocho"
    assert "".join(room.spoken_words) == "one two three four five six seven eight"
    said = b"".join(audio.pcm24k for audio in room.audio if audio.line).replace(bytes(40), b"")
    assert said == known(four_lines)["c2"].translation.sound.replace(bytes(40), b"")


def test_a_hole_in_a_line_is_a_hole_in_its_translation(four_lines: Path) -> None:
    room = sitting(four_lines, "en")
    room.hear(quiet(1.0), without(2.0, 0.5, SECOND), quiet(8.0))

    whole, said = known(four_lines)["c2"].translation, sum(bool(audio.line) for audio in room.audio)
    assert translated(room) == [("c2", False), ("c2", True)]
    assert 0.5 * whole.samples < said * 6000 - 2 * 6000 < whole.samples


def test_a_line_whose_beginning_is_lost_is_translated_from_where_it_was_heard(four_lines: Path) -> None:
    room = sitting(four_lines, "en")
    room.hear(quiet(1.0), without(0.0, 1.3, SECOND), quiet(8.0))

    assert missing(room) == [("c2", 0.0)]
    assert translated(room) == [("c2", True)]
    assert sounding(known(four_lines)["c2"].translation.sound).endswith(sounding(room.spoken)[200:])


def test_a_session_that_opens_in_the_middle_of_a_line_translates_the_rest_and_misses_nothing(four_lines: Path) -> None:
    room = sitting(four_lines, "en")
    room.hear(SECOND[round(8000 * 1.3) :], quiet(8.0))

    (event,) = (event for event in room.model.report if isinstance(event, LineRecognised))
    assert event.position > 1.3
    assert event.first_sample == pytest.approx((event.position - 1.3) * 16000, abs=16)
    assert missing(room) == []
    assert translated(room) == [("c2", True)]


def test_half_a_second_of_a_line_is_not_understood(four_lines: Path) -> None:
    room = sitting(four_lines, "en")
    room.hear(quiet(1.0), SECOND[: round(8000 * 0.8)], quiet(8.0))
    assert recognised(room) == []
    assert room.outputs == []
    assert missing(room) == [("c2", piece_at(four_lines, "c2", 0.79))]


def test_a_line_that_comes_with_another_voice_over_it_is_not_translated(four_lines: Path) -> None:
    room = sitting(four_lines, "en")
    room.hear(quiet(1.0), (FIRST // 2 + voice(77, 3.0) // 2).astype(np.int16), quiet(8.0))
    assert translated(room) == []
    assert room.audio == []


# What it does not know


def test_unknown_speech_is_not_translated_and_reported_once_a_stretch(four_lines: Path) -> None:
    room = sitting(four_lines, "en")
    room.hear(quiet(1.0), voice(90, 4.0), quiet(3.0), voice(91, 2.0), quiet(6.0))

    first, second = room.reported(UnknownSpeech)
    assert isinstance(first, UnknownSpeech)
    assert isinstance(second, UnknownSpeech)
    assert first.at == pytest.approx(1.1, abs=0.1)
    assert second.at == pytest.approx(8.1, abs=0.1)
    assert first.seconds == pytest.approx(2.6, abs=0.5)  # its syllables without the breaths
    assert room.outputs == []


def test_unknown_speech_at_the_end_of_a_session_is_reported_with_the_end(four_lines: Path) -> None:
    room = sitting(four_lines, "en")
    room.hear(voice(90, 2.0))
    assert room.reported(UnknownSpeech) == []
    room.model.end(room.now)
    assert len(room.reported(UnknownSpeech)) == 1


def test_noise_of_a_line_and_short_sounds_are_not_speech(four_lines: Path) -> None:
    room = sitting(four_lines, "en")
    noise = np.random.default_rng(5).normal(0, 100, 10 * 8000)  # -50 dBFS
    noise[8000 : 8000 + 3200] += voice(90, 0.4)
    room.hear(noise.astype(np.int16))
    room.model.end(room.now)
    assert room.model.report == []


def test_known_lines_between_unknown_speech_are_still_translated(four_lines: Path) -> None:
    room = sitting(four_lines, "en")
    room.hear(voice(90, 2.0), quiet(0.6), FIRST, quiet(0.6), voice(91, 2.0), quiet(5.0))
    assert translated(room) == [("c1", True)]
    assert len(room.reported(UnknownSpeech)) == 2
