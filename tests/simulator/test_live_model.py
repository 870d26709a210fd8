"""The simulated interpreter in virtual time: what it says of made-up lines, when, and what it writes."""

from pathlib import Path

import numpy as np
import pytest

from telephony.simulator.live_api.model import Knowledge, LiveModel
from telephony.simulator.live_api.outputs import InputTranscript, OutputTranscript
from telephony.simulator.live_api.report import LineRecognised, PieceMissing, TranslationBegan, TranslationEnded
from tests.simulator.four_lines import ANSWER, FIRST, SECOND, SHORT, sounding, translated, when
from tests.simulator.spoken import Said, call, known, over_the_line, quiet, sitting, voice

# What is said


def test_a_line_that_is_heard_is_spoken_in_translation_sample_for_sample(four_lines: Path) -> None:
    room = sitting(four_lines, "en")
    room.hear(quiet(1.0), FIRST, quiet(6.0))
    assert sounding(known(four_lines)["c1"].translation.sound) == sounding(room.spoken)


def test_the_other_direction_interprets_the_other_party(four_lines: Path) -> None:
    room = sitting(four_lines, "es")
    room.hear(quiet(1.0), ANSWER, quiet(6.0))
    assert translated(room) == [("a1", True)]


def test_lines_that_follow_each_other_quickly_are_spoken_one_after_the_other(four_lines: Path) -> None:
    room = sitting(four_lines, "en")
    room.hear(SECOND, quiet(0.2), FIRST, quiet(0.2), SHORT, quiet(8.0))

    begun = [event for event in room.model.report if isinstance(event, TranslationBegan)]
    ended = [event for event in room.model.report if isinstance(event, TranslationEnded)]
    assert [event.line for event in begun] == ["c2", "c1", "c3"]
    assert all(end.whole for end in ended)
    assert all(end.at <= begin.at for end, begin in zip(ended, begun[1:], strict=False))


@pytest.mark.parametrize("gain", [0.1, 0.5, 3.0])
def test_a_line_is_understood_at_any_level(four_lines: Path, gain: float) -> None:
    room = sitting(four_lines, "en")
    room.hear(quiet(0.5), FIRST, quiet(6.0), gain=gain)
    assert translated(room) == [("c1", True)]
    assert room.reported(PieceMissing) == []


def test_a_line_is_understood_through_noise_of_the_line(four_lines: Path) -> None:
    room = sitting(four_lines, "en")
    noise = np.random.default_rng(3).normal(0, 100, 12 * 8000)
    said = np.concatenate([quiet(2.0), FIRST, quiet(7.0)])
    room.hear((said + noise).astype(np.int16))
    assert [type(event) for event in room.model.report] == [LineRecognised, TranslationBegan, TranslationEnded]


@pytest.mark.parametrize("chunk_ms", [20, 60, 100, 170])
def test_the_size_of_the_chunks_does_not_matter(four_lines: Path, chunk_ms: int) -> None:
    room = sitting(four_lines, "en", chunk_ms=chunk_ms)
    room.hear(quiet(0.33), FIRST, quiet(6.0))
    assert sounding(known(four_lines)["c1"].translation.sound) == sounding(room.spoken)


def test_chunks_that_split_a_frame_are_put_together(four_lines: Path) -> None:
    room = sitting(four_lines, "en")
    pcm = over_the_line(quiet(0.5), FIRST, quiet(6.0))
    for at in range(0, len(pcm), 1234):
        room.hear_pcm(pcm[at : at + 1234])
    assert translated(room) == [("c1", True)]


def test_a_line_said_again_is_translated_again(four_lines: Path) -> None:
    room = sitting(four_lines, "en")
    room.hear(FIRST, quiet(1.0), FIRST, quiet(6.0))
    assert translated(room) == [("c1", True), ("c1", True)]
    assert room.reported(PieceMissing) == []


# When


def test_the_first_sound_comes_a_lag_after_about_a_second_was_heard(four_lines: Path) -> None:
    room = sitting(four_lines, "en")
    room.hear(quiet(2.0), FIRST, quiet(6.0))

    assert 1.0 <= when(room, LineRecognised) - 2.0 <= 1.6
    assert when(room, TranslationBegan) == pytest.approx(when(room, LineRecognised) + 1.0)


def test_the_lag_is_the_calls(tmp_path: Path) -> None:
    room = sitting(call(tmp_path, Said("c1", "caller"), lag=2.5), "en")
    room.hear(quiet(1.0), voice(0, 3.0), quiet(6.0))
    assert when(room, TranslationBegan) == pytest.approx(when(room, LineRecognised) + 2.5)


def test_where_a_line_begins_is_told_to_the_sample(four_lines: Path) -> None:
    room = sitting(four_lines, "en")
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


def test_sound_comes_in_quarters_of_a_second_without_a_gap_from_the_first_on(four_lines: Path) -> None:
    room = sitting(four_lines, "en")
    room.hear(quiet(1.0), FIRST, quiet(8.0))

    assert {len(audio.pcm24k) for audio in room.audio} == {12000}
    assert np.diff([audio.at for audio in room.audio]) == pytest.approx(0.25)
    assert [audio.sample for audio in room.audio] == [6000 * nth for nth in range(len(room.audio))]
    assert room.audio[0].line == "c1"
    assert not any(room.audio[-1].pcm24k)
    assert room.audio[-1].line is None


def test_nothing_is_sent_before_the_first_line(four_lines: Path) -> None:
    room = sitting(four_lines, "en")
    room.hear(quiet(3.0))
    assert room.outputs == []
    assert room.model.next_due() is None


def test_each_message_names_its_place_in_the_translation(four_lines: Path) -> None:
    room = sitting(four_lines, "en")
    room.hear(quiet(1.0), FIRST, quiet(6.0))
    sound = known(four_lines)["c1"].translation.sound
    for audio in room.audio:
        if audio.line:
            expected = sound[2 * audio.position : 2 * audio.position + 12000]
            assert audio.pcm24k[: len(expected)] == expected


def test_a_late_caller_gets_every_message_that_is_due(four_lines: Path) -> None:
    model = LiveModel(Knowledge(known(four_lines).values(), "en"))
    model.hear(over_the_line(FIRST), 10.0)
    due = model.next_due()
    assert due == 10.0
    model.due(10.0)

    late = [output for output in model.due(15.0) if not isinstance(output, InputTranscript | OutputTranscript)]

    assert [audio.at for audio in late] == pytest.approx([11.0 + 0.25 * nth for nth in range(17)])


# Transcripts


def test_what_is_heard_and_said_is_written_in_deltas(four_lines: Path) -> None:
    room = sitting(four_lines, "en")
    room.hear(quiet(1.0), FIRST, quiet(6.0))

    assert "".join(room.heard_words) == "uno dos tres cuatro cinco seis siete ocho"
    assert "".join(room.spoken_words) == "one two three four five six seven eight"
    assert len(room.heard_words) >= 2
    assert len(room.spoken_words) >= 3
    assert all(words.startswith(" ") for words in room.heard_words[1:] + room.spoken_words[1:])


def test_transcripts_name_their_language(four_lines: Path) -> None:
    room = sitting(four_lines, "en")
    room.hear(FIRST, quiet(6.0))
    assert {output.language for output in room.outputs if isinstance(output, InputTranscript)} == {"es"}
    assert {output.language for output in room.outputs if isinstance(output, OutputTranscript)} == {"en"}


def test_words_come_with_the_sound_they_are_in(four_lines: Path) -> None:
    room = sitting(four_lines, "en")
    room.hear(quiet(1.0), FIRST, quiet(6.0))
    times = [output.at for output in room.outputs if isinstance(output, OutputTranscript)]
    begun = when(room, TranslationBegan)
    assert begun <= times[0] <= begun + 0.5
    assert begun + 2.0 <= times[-1] <= begun + 3.0
