"""The simulated interpreter in virtual time: what it understands of made-up lines, what it says, when, and what not."""

from pathlib import Path

import numpy as np
import pytest

from telephony.simulator.live_api.model import Knowledge, LiveModel
from telephony.simulator.live_api.outputs import InputTranscript, OutputTranscript
from telephony.simulator.live_api.report import (
    LineRecognised,
    PieceMissing,
    TranslationBegan,
    TranslationEnded,
    UnknownSpeech,
)
from tests.simulator.spoken import Said, Samples, Sitting, call, known, over_the_line, quiet, sitting, voice

FIRST, ANSWER, SECOND, SHORT = voice(0, 3.0), voice(10, 3.0), voice(20, 4.0), voice(30, 0.4)
"""How the lines c1, a1, c2 and c3 of `folder` sound."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return call(
        tmp_path,
        Said("c1", "caller", 3.0, 3.0),
        Said("a1", "agent", 3.0, 3.0),
        Said("c2", "caller", 4.0, 2.0),
        Said("c3", "caller", 0.4, 0.6),
    )


def recognised(room: Sitting) -> list[str]:
    return [event.line for event in room.model.report if isinstance(event, LineRecognised)]


def translated(room: Sitting) -> list[tuple[str, bool]]:
    return [(event.line, event.whole) for event in room.model.report if isinstance(event, TranslationEnded)]


def when(room: Sitting, kind: type[LineRecognised | TranslationBegan]) -> float:
    (event,) = (event for event in room.model.report if isinstance(event, kind))
    return event.at


def sounding(pcm: bytes) -> bytes:
    """What lies between the first sample that is not zero and the last."""
    samples = np.frombuffer(pcm, dtype="<i2")
    loud = np.nonzero(samples)[0]
    return samples[loud[0] : loud[-1] + 1].tobytes() if loud.size else b""


# What is said


def test_a_line_that_is_heard_is_spoken_in_translation_sample_for_sample(folder: Path) -> None:
    room = sitting(folder, "en")
    room.hear(quiet(1.0), FIRST, quiet(6.0))
    assert sounding(known(folder)["c1"].translation.sound) == sounding(room.spoken)


def test_the_other_direction_interprets_the_other_party(folder: Path) -> None:
    room = sitting(folder, "es")
    room.hear(quiet(1.0), ANSWER, quiet(6.0))
    assert translated(room) == [("a1", True)]


def test_lines_that_follow_each_other_quickly_are_spoken_one_after_the_other(folder: Path) -> None:
    room = sitting(folder, "en")
    room.hear(SECOND, quiet(0.2), FIRST, quiet(0.2), SHORT, quiet(8.0))

    begun = [event for event in room.model.report if isinstance(event, TranslationBegan)]
    ended = [event for event in room.model.report if isinstance(event, TranslationEnded)]
    assert [event.line for event in begun] == ["c2", "c1", "c3"]
    assert all(end.whole for end in ended)
    assert all(end.at <= begin.at for end, begin in zip(ended, begun[1:], strict=False))


@pytest.mark.parametrize("gain", [0.1, 0.5, 3.0])
def test_a_line_is_understood_at_any_level(folder: Path, gain: float) -> None:
    room = sitting(folder, "en")
    room.hear(quiet(0.5), FIRST, quiet(6.0), gain=gain)
    assert translated(room) == [("c1", True)]
    assert room.reported(PieceMissing) == []


def test_a_line_is_understood_through_noise_of_the_line(folder: Path) -> None:
    room = sitting(folder, "en")
    noise = np.random.default_rng(3).normal(0, 100, 12 * 8000)
    said = np.concatenate([quiet(2.0), FIRST, quiet(7.0)])
    room.hear((said + noise).astype(np.int16))
    assert [type(event) for event in room.model.report] == [LineRecognised, TranslationBegan, TranslationEnded]


@pytest.mark.parametrize("chunk_ms", [20, 60, 100, 170])
def test_the_size_of_the_chunks_does_not_matter(folder: Path, chunk_ms: int) -> None:
    room = sitting(folder, "en", chunk_ms=chunk_ms)
    room.hear(quiet(0.33), FIRST, quiet(6.0))
    assert sounding(known(folder)["c1"].translation.sound) == sounding(room.spoken)


def test_chunks_that_split_a_frame_are_put_together(folder: Path) -> None:
    room = sitting(folder, "en")
    pcm = over_the_line(quiet(0.5), FIRST, quiet(6.0))
    for at in range(0, len(pcm), 1234):
        room.hear_pcm(pcm[at : at + 1234])
    assert translated(room) == [("c1", True)]


def test_a_line_said_again_is_translated_again(folder: Path) -> None:
    room = sitting(folder, "en")
    room.hear(FIRST, quiet(1.0), FIRST, quiet(6.0))
    assert translated(room) == [("c1", True), ("c1", True)]
    assert room.reported(PieceMissing) == []


# When


def test_the_first_sound_comes_a_lag_after_about_a_second_was_heard(folder: Path) -> None:
    room = sitting(folder, "en")
    room.hear(quiet(2.0), FIRST, quiet(6.0))

    assert 1.0 <= when(room, LineRecognised) - 2.0 <= 1.6
    assert when(room, TranslationBegan) == pytest.approx(when(room, LineRecognised) + 1.0)


def test_the_lag_is_the_calls(tmp_path: Path) -> None:
    room = sitting(call(tmp_path, Said("c1", "caller"), lag=2.5), "en")
    room.hear(quiet(1.0), voice(0, 3.0), quiet(6.0))
    assert when(room, TranslationBegan) == pytest.approx(when(room, LineRecognised) + 2.5)


def test_where_a_line_begins_is_told_to_the_sample(folder: Path) -> None:
    room = sitting(folder, "en")
    room.hear(quiet(2.0), FIRST, quiet(3.0))
    (event,) = (event for event in room.model.report if isinstance(event, LineRecognised))
    assert (event.first_sample, event.position) == (32000, 0.0)
    assert event.first_sample_at == pytest.approx(2.1)  # with the chunk that begins there


def test_the_translation_waits_for_what_is_not_said_yet(tmp_path: Path) -> None:
    room = sitting(call(tmp_path, Said("c1", "caller", 6.0, 2.0), lag=0.0), "en")
    line = voice(0, 6.0)
    room.hear(line[: 3 * 8000])

    half = len(sounding(room.spoken)) / len(sounding(known(tmp_path)["c1"].translation.sound))
    room.hear(line[3 * 8000 :], quiet(3.0))

    assert 0.1 < half < 0.5
    assert translated(room) == [("c1", True)]


def test_sound_comes_in_quarters_of_a_second_without_a_gap_from_the_first_on(folder: Path) -> None:
    room = sitting(folder, "en")
    room.hear(quiet(1.0), FIRST, quiet(8.0))

    assert {len(audio.pcm24k) for audio in room.audio} == {12000}
    assert np.diff([audio.at for audio in room.audio]) == pytest.approx(0.25)
    assert [audio.sample for audio in room.audio] == [6000 * nth for nth in range(len(room.audio))]
    assert room.audio[0].line == "c1"
    assert not any(room.audio[-1].pcm24k)
    assert room.audio[-1].line is None


def test_nothing_is_sent_before_the_first_line(folder: Path) -> None:
    room = sitting(folder, "en")
    room.hear(quiet(3.0))
    assert room.outputs == []
    assert room.model.next_due() is None


def test_each_message_names_its_place_in_the_translation(folder: Path) -> None:
    room = sitting(folder, "en")
    room.hear(quiet(1.0), FIRST, quiet(6.0))
    sound = known(folder)["c1"].translation.sound
    for audio in room.audio:
        if audio.line:
            expected = sound[2 * audio.position : 2 * audio.position + 12000]
            assert audio.pcm24k[: len(expected)] == expected


def test_a_late_caller_gets_every_message_that_is_due(folder: Path) -> None:
    model = LiveModel(Knowledge(known(folder).values(), "en"))
    model.hear(over_the_line(FIRST), 10.0)
    due = model.next_due()
    assert due == 10.0
    model.due(10.0)

    late = [output for output in model.due(15.0) if not isinstance(output, InputTranscript | OutputTranscript)]

    assert [audio.at for audio in late] == pytest.approx([11.0 + 0.25 * nth for nth in range(17)])


# Transcripts


def test_what_is_heard_and_said_is_written_in_deltas(folder: Path) -> None:
    room = sitting(folder, "en")
    room.hear(quiet(1.0), FIRST, quiet(6.0))

    assert "".join(room.heard_words) == "uno dos tres cuatro cinco seis siete ocho"
    assert "".join(room.spoken_words) == "one two three four five six seven eight"
    assert len(room.heard_words) >= 2
    assert len(room.spoken_words) >= 3
    assert all(words.startswith(" ") for words in room.heard_words[1:] + room.spoken_words[1:])


def test_transcripts_name_their_language(folder: Path) -> None:
    room = sitting(folder, "en")
    room.hear(FIRST, quiet(6.0))
    assert {output.language for output in room.outputs if isinstance(output, InputTranscript)} == {"es"}
    assert {output.language for output in room.outputs if isinstance(output, OutputTranscript)} == {"en"}


def test_words_come_with_the_sound_they_are_in(folder: Path) -> None:
    room = sitting(folder, "en")
    room.hear(quiet(1.0), FIRST, quiet(6.0))
    times = [output.at for output in room.outputs if isinstance(output, OutputTranscript)]
    begun = when(room, TranslationBegan)
    assert begun <= times[0] <= begun + 0.5
    assert begun + 2.0 <= times[-1] <= begun + 3.0


# The echo rule


def test_speech_in_the_target_language_is_written_but_not_spoken(folder: Path) -> None:
    room = sitting(folder, "en")
    room.hear(quiet(0.5), ANSWER, quiet(4.0))
    assert recognised(room) == ["a1"]
    assert room.audio == []
    assert "".join(room.heard_words) == "uno dos tres cuatro cinco seis siete ocho"


def test_with_echo_speech_in_the_target_language_is_parroted(folder: Path) -> None:
    room = sitting(folder, "en", echo=True)
    room.hear(quiet(0.5), ANSWER, quiet(6.0))
    assert sounding(room.spoken) == sounding(known(folder)["a1"].original.sound)
    assert "".join(room.spoken_words) == "uno dos tres cuatro cinco seis siete ocho"


def test_with_echo_the_other_language_is_still_translated(folder: Path) -> None:
    room = sitting(folder, "en", echo=True)
    room.hear(quiet(0.5), FIRST, quiet(6.0))
    assert sounding(room.spoken) == sounding(known(folder)["c1"].translation.sound)


def test_where_both_parties_share_a_language_nothing_is_said_again(tmp_path: Path) -> None:
    folder = call(tmp_path, Said("c1", "caller"), Said("a1", "agent"))
    text = (folder / "call.toml").read_text(encoding="utf-8").replace('language = "es"', 'language = "en"')
    (folder / "call.toml").write_text(text, encoding="utf-8")
    room = sitting(folder, "en")
    room.hear(FIRST, quiet(4.0), ANSWER, quiet(6.0))
    assert translated(room) == []
    assert room.reported(UnknownSpeech) == []


def test_a_session_with_another_target_knows_nobody(folder: Path) -> None:
    room = sitting(folder, "fr")
    room.hear(FIRST, quiet(4.0))
    assert room.outputs == []
    assert len(room.reported(UnknownSpeech)) == 1


def test_without_a_target_zeros_are_all_that_comes(folder: Path) -> None:
    room = Sitting(LiveModel(Knowledge(known(folder).values(), None)))
    room.hear(FIRST, quiet(4.0))
    assert len(room.audio) == 28
    assert not any(room.spoken)


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


def test_a_line_that_breaks_off_is_translated_up_to_the_break(folder: Path) -> None:
    room = sitting(folder, "en")
    room.hear(quiet(1.0), SECOND[: 2 * 8000], quiet(8.0))

    whole = sounding(known(folder)["c2"].translation.sound)
    assert translated(room) == [("c2", False)]
    assert 0.2 < len(sounding(room.spoken)) / len(whole) < 0.5
    assert whole.startswith(sounding(room.spoken)[:-200])
    assert missing(room) == [("c2", piece_at(folder, "c2", 1.99))]
    assert "ocho" not in "".join(room.heard_words)


def test_one_lost_packet_of_20_ms_is_noticed(folder: Path) -> None:
    room = sitting(folder, "en")
    room.hear(quiet(1.0), without(2.05, 0.02, SECOND), quiet(8.0))
    assert missing(room) == [("c2", piece_at(folder, "c2", 2.05))]


@pytest.mark.parametrize("shift", [-160, 160], ids=["left out", "put in"])
def test_after_20_ms_are_left_out_or_put_in_the_rest_is_still_understood(folder: Path, shift: int) -> None:
    at = round(8000 * 2.05)
    rest = SECOND[at + 160 :] if shift < 0 else np.concatenate([quiet(0.02), SECOND[at:]])
    room = sitting(folder, "en")
    room.hear(quiet(1.0), SECOND[:at], rest, quiet(8.0))

    assert missing(room) == [("c2", piece_at(folder, "c2", 2.05))]
    assert translated(room) == [("c2", False), ("c2", True)]


@pytest.mark.parametrize("seconds", [-0.06, 0.02, 0.8], ids=["shorter", "a little longer", "longer"])
def test_a_pause_may_be_longer_or_shorter_than_it_was(folder: Path, seconds: float) -> None:
    pause, at = round(8000 * seconds), 8000 * 7 // 5  # the second breath of this voice goes from 1.4 s to 1.6 s
    rest = SECOND[at - pause :] if pause < 0 else np.concatenate([quiet(seconds), SECOND[at:]])
    room = sitting(folder, "en")
    room.hear(quiet(1.0), SECOND[:at], rest, quiet(8.0))

    assert missing(room) == []
    assert "".join(room.heard_words) == "uno dos tres cuatro cinco seis siete ocho"
    assert "".join(room.spoken_words) == "one two three four five six seven eight"
    said = b"".join(audio.pcm24k for audio in room.audio if audio.line).replace(bytes(40), b"")
    assert said == known(folder)["c2"].translation.sound.replace(bytes(40), b"")


def test_a_hole_in_a_line_is_a_hole_in_its_translation(folder: Path) -> None:
    room = sitting(folder, "en")
    room.hear(quiet(1.0), without(2.0, 0.5, SECOND), quiet(8.0))

    whole, said = known(folder)["c2"].translation, sum(bool(audio.line) for audio in room.audio)
    assert translated(room) == [("c2", False), ("c2", True)]
    assert 0.5 * whole.samples < said * 6000 - 2 * 6000 < whole.samples


def test_a_line_whose_beginning_is_lost_is_translated_from_where_it_was_heard(folder: Path) -> None:
    room = sitting(folder, "en")
    room.hear(quiet(1.0), without(0.0, 1.3, SECOND), quiet(8.0))

    assert missing(room) == [("c2", 0.0)]
    assert translated(room) == [("c2", True)]
    assert sounding(known(folder)["c2"].translation.sound).endswith(sounding(room.spoken)[200:])


def test_a_session_that_opens_in_the_middle_of_a_line_translates_the_rest_and_misses_nothing(folder: Path) -> None:
    room = sitting(folder, "en")
    room.hear(SECOND[round(8000 * 1.3) :], quiet(8.0))

    (event,) = (event for event in room.model.report if isinstance(event, LineRecognised))
    assert event.position > 1.3
    assert event.first_sample == pytest.approx((event.position - 1.3) * 16000, abs=16)
    assert missing(room) == []
    assert translated(room) == [("c2", True)]


def test_half_a_second_of_a_line_is_not_understood(folder: Path) -> None:
    room = sitting(folder, "en")
    room.hear(quiet(1.0), SECOND[: round(8000 * 0.8)], quiet(8.0))
    assert recognised(room) == []
    assert room.outputs == []
    assert missing(room) == [("c2", piece_at(folder, "c2", 0.79))]


def test_a_line_that_comes_with_another_voice_over_it_is_not_translated(folder: Path) -> None:
    room = sitting(folder, "en")
    room.hear(quiet(1.0), (FIRST // 2 + voice(77, 3.0) // 2).astype(np.int16), quiet(8.0))
    assert translated(room) == []
    assert room.audio == []


# What it does not know


def test_unknown_speech_is_not_translated_and_reported_once_a_stretch(folder: Path) -> None:
    room = sitting(folder, "en")
    room.hear(quiet(1.0), voice(90, 4.0), quiet(3.0), voice(91, 2.0), quiet(6.0))

    first, second = room.reported(UnknownSpeech)
    assert isinstance(first, UnknownSpeech)
    assert isinstance(second, UnknownSpeech)
    assert first.at == pytest.approx(1.1, abs=0.1)
    assert second.at == pytest.approx(8.1, abs=0.1)
    assert first.seconds == pytest.approx(2.6, abs=0.5)  # its syllables without the breaths
    assert room.outputs == []


def test_unknown_speech_at_the_end_of_a_session_is_reported_with_the_end(folder: Path) -> None:
    room = sitting(folder, "en")
    room.hear(voice(90, 2.0))
    assert room.reported(UnknownSpeech) == []
    room.model.end(room.now)
    assert len(room.reported(UnknownSpeech)) == 1


def test_noise_of_a_line_and_short_sounds_are_not_speech(folder: Path) -> None:
    room = sitting(folder, "en")
    noise = np.random.default_rng(5).normal(0, 100, 10 * 8000)  # -50 dBFS
    noise[8000 : 8000 + 3200] += voice(90, 0.4)
    room.hear(noise.astype(np.int16))
    room.model.end(room.now)
    assert room.model.report == []


def test_known_lines_between_unknown_speech_are_still_translated(folder: Path) -> None:
    room = sitting(folder, "en")
    room.hear(voice(90, 2.0), quiet(0.6), FIRST, quiet(0.6), voice(91, 2.0), quiet(5.0))
    assert translated(room) == [("c1", True)]
    assert len(room.reported(UnknownSpeech)) == 2
