import json
from base64 import b64decode

import pytest
from google.genai.types import LiveServerMessage

from telephony.engines.base import EngineEvent, GoAway, Side, Transcript, TranslatedAudio, Trouble
from telephony.engines.gemini.messages import events_of, seconds, trouble_of
from tests.engines.gemini.peer import FIXTURES, frame

SOUND = b64decode(
    json.loads(frame("server_audio.json"))["serverContent"]["modelTurn"]["parts"][0]["inlineData"]["data"]
)

SAID: dict[str, list[EngineEvent]] = {
    "server_setup_complete.json": [],
    "server_audio.json": [TranslatedAudio(SOUND)],
    "server_audio_silent.json": [TranslatedAudio(bytes(48))],
    "server_input_transcription.json": [Transcript(Side.HEARD, "Buenos días,", "es")],
    "server_output_transcription_goes_on.json": [Transcript(Side.SPOKEN, " I would like", "en")],
    "server_go_away.json": [GoAway(50.0)],
    "server_go_away_fraction.json": [GoAway(9.5)],
    "server_session_resumption_update.json": [],
    "server_usage.json": [],
    "other_audio_and_both_transcriptions.json": [
        TranslatedAudio(SOUND),
        Transcript(Side.HEARD, " cita", "es-419"),
        Transcript(Side.SPOKEN, " appointment", "en"),
    ],
    "other_empty.json": [],
    "other_go_away_without_time.json": [GoAway(None)],
    "other_interrupted.json": [],
    "other_not_resumable.json": [],
    "other_setup_complete_with_session.json": [],
    "other_transcription_finished.json": [],
    "other_turn_complete.json": [],
}

NO_MESSAGES = {"other_error_flat.json", "other_error_nested.json"}
"""Errors in the place of messages: the SDK raises instead of parsing them (see `test_session.py`)."""

QUOTA = (
    "You exceeded your current quota, please check your plan and billing details. For more information on this error, "
    "head to: https://ai.google.dev/gemini-api/docs/rate-limits."
)


@pytest.mark.parametrize("name", SAID)
def test_a_message_becomes_its_events_sound_first(name: str) -> None:
    assert list(events_of(LiveServerMessage.model_validate_json(frame(name)))) == SAID[name]


def test_every_message_there_is_has_its_expectation_here() -> None:
    names = {path.name for path in FIXTURES.iterdir() if path.name.startswith(("server_", "other_"))}
    assert names == SAID.keys() | NO_MESSAGES


def test_several_pieces_of_sound_in_one_message_keep_their_order() -> None:
    parts = [{"inlineData": {"mimeType": "audio/pcm;rate=24000", "data": data}} for data in ("AAA=", "AQE=")]
    message = LiveServerMessage.model_validate_json(json.dumps({"serverContent": {"modelTurn": {"parts": parts}}}))
    assert list(events_of(message)) == [TranslatedAudio(b"\x00\x00"), TranslatedAudio(b"\x01\x01")]


@pytest.mark.parametrize("turn", [{}, {"parts": []}, {"parts": [{}]}, {"parts": [{"text": "thinking"}]}])
def test_a_turn_without_sound_says_nothing(turn: dict[str, object]) -> None:
    message = LiveServerMessage.model_validate_json(json.dumps({"serverContent": {"modelTurn": turn}}))
    assert list(events_of(message)) == []


def test_a_transcript_need_not_name_its_language() -> None:
    message = LiveServerMessage.model_validate_json('{"serverContent":{"inputTranscription":{"text":"hola"}}}')
    assert list(events_of(message)) == [Transcript(Side.HEARD, "hola", "")]


def test_words_and_sound_do_not_show_in_the_repr_of_an_event() -> None:
    message = LiveServerMessage.model_validate_json(frame("other_audio_and_both_transcriptions.json"))
    shown = repr(list(events_of(message)))
    assert "cita" not in shown
    assert "appointment" not in shown
    assert "x16" not in shown


@pytest.mark.parametrize(
    ("duration", "left"),
    [("9.500s", 9.5), ("50s", 50.0), ("0s", 0.0), ("0.000000001s", 1e-9)]
    + [(wrong, None) for wrong in ("", None, "9.5", "s", "-1s", "1m", "9.5ss", " 9s", "1e3s", ".5s")],
)
def test_a_duration_is_read_as_protobuf_writes_it(duration: str | None, left: float | None) -> None:
    assert seconds(duration) == left


@pytest.mark.parametrize(
    ("code", "reason", "trouble"),
    [
        (1011, QUOTA, Trouble.QUOTA),
        (1011, QUOTA[:123], Trouble.QUOTA),
        (1008, "Resource has been exhausted (e.g. check quota).", Trouble.QUOTA),
        (429, "", Trouble.QUOTA),
        (429, "Resource has been exhausted.", Trouble.QUOTA),
        (1013, "Too many requests", Trouble.QUOTA),
        (401, "", Trouble.KEY),
        (403, "", Trouble.KEY),
        (1007, "API key not valid. Please pass a valid API key.", Trouble.KEY),
        (1008, "API key expired. Please renew the API key.", Trouble.KEY),
        (1008, "Request had invalid authentication credentials.", Trouble.KEY),
        (1008, "Permission denied on resource project.", Trouble.KEY),
        (1008, "Generative Language API has not been used in project 1 before or it is disabled.", Trouble.KEY),
        (
            1008,
            "models/x is not found for API version v1alpha, or is not supported for bidiGenerateContent. Call ListMo",
            Trouble.MODEL,
        ),
        (1007, "Unsupported language code 'xx' for model models/gemini-3.5-live-translate-preview", Trouble.LANGUAGE),
        (1007, "Invalid value at 'setup.generation_config.translation_config.target_language_code'", Trouble.LANGUAGE),
        (1007, "Request contains an invalid argument.", Trouble.SETUP),
        (
            1007,
            "Unknown name \"inputAudioTranscription\" at 'setup.generation_config': Cannot find field.",
            Trouble.SETUP,
        ),
        (1007, "Unknown name \"targetLanguageCode\" at 'setup': Cannot find field.", Trouble.SETUP),
        (404, "", Trouble.UNREACHABLE),
        (500, "", Trouble.UNREACHABLE),
        (503, "", Trouble.UNREACHABLE),
        (1000, "", Trouble.DROPPED),
        (1001, "The server is going away.", Trouble.DROPPED),
        (1006, "abnormal closure [internal]", Trouble.DROPPED),
        (1008, "The operation was aborted.", Trouble.DROPPED),
        (1011, "Deadline expired before operation could complete.", Trouble.DROPPED),
        (1011, "Internal error encountered.", Trouble.DROPPED),
        (1011, "The service is currently unavailable.", Trouble.DROPPED),
        (None, "", Trouble.DROPPED),
    ],
)
def test_what_a_code_and_its_text_mean(code: int | None, reason: str, trouble: Trouble) -> None:
    assert trouble_of(code, reason) is trouble


def test_the_text_of_a_quota_refusal_says_so_however_short_it_is_cut() -> None:
    assert all(trouble_of(1011, QUOTA[:length]) is Trouble.QUOTA for length in range(40, 124))
