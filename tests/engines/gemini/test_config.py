import pytest
from google.genai import types

from telephony.engines.gemini.config import INPUT_MIME_TYPE, LiveConfig


def test_a_session_is_set_up_exactly_so() -> None:
    assert LiveConfig().session("pl") == {
        "response_modalities": ["AUDIO"],
        "input_audio_transcription": {},
        "output_audio_transcription": {},
        "translation_config": {"target_language_code": "pl", "echo_target_language": False},
    }


def test_nothing_changes_from_session_to_session_but_the_language() -> None:
    config = LiveConfig(echo_target_language=True)
    assert config.session("pl")["translation_config"] == {"target_language_code": "pl", "echo_target_language": True}
    assert {**config.session("pl"), "translation_config": None} == {**config.session("es"), "translation_config": None}


@pytest.mark.parametrize("echo", [True, False])
def test_the_sdk_takes_every_field(echo: bool) -> None:
    config = types.LiveConnectConfig.model_validate(LiveConfig(echo_target_language=echo).session("pt-BR"))
    assert config.translation_config is not None
    assert config.translation_config.target_language_code == "pt-BR"
    assert config.translation_config.echo_target_language is echo
    assert config.response_modalities == [types.Modality.AUDIO]


def test_the_defaults_are_those_of_the_models_guide() -> None:
    assert LiveConfig() == LiveConfig("gemini-3.5-live-translate-preview", echo_target_language=False, chunk_ms=100)
    assert INPUT_MIME_TYPE == "audio/pcm;rate=16000"
