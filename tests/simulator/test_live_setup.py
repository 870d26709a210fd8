"""The setup frame, judged as the real service judges it."""

import json
from typing import Any

import pytest

from telephony.simulator.live_api import messages
from telephony.simulator.live_api.refusal import Refusal, RefusedError
from telephony.simulator.live_api.setup import TRANSLATE_MODEL, Setup, live_languages, read_setup
from tests.simulator.spoken import WIRE


def setup_of(frame: str) -> Any:
    message = messages.parse((WIRE / frame).read_text(encoding="utf-8").removesuffix("\n"))
    assert isinstance(message, messages.SetupReceived)
    return message.setup


def accepted(frame: str) -> Setup:
    return read_setup(setup_of(frame), version="v1beta", languages=live_languages())


def refused(frame: str) -> Refusal:
    with pytest.raises(RefusedError) as error:
        accepted(frame)
    return error.value.refusal


def test_the_setup_of_this_service_is_accepted() -> None:
    assert accepted("client_setup_seed.json") == Setup(
        model=TRANSLATE_MODEL,
        target_language="pl",
        echo=False,
        input_transcription=True,
        output_transcription=True,
        resumption=False,
        handle=None,
    )


def test_names_may_be_in_camel_case_outside_and_snake_case_inside() -> None:
    setup = accepted("client_setup_mixed_case.json")
    assert (setup.target_language, setup.echo, setup.resumption, setup.handle) == ("pt-BR", True, True, None)


def test_names_may_be_in_snake_case_throughout() -> None:
    setup = accepted("client_setup_snake_case.json")
    assert (setup.target_language, setup.input_transcription, setup.output_transcription) == ("fr", True, True)


def test_a_setup_without_translation_is_accepted_and_has_no_target() -> None:
    setup = accepted("client_setup_without_translation.json")
    assert (setup.target_language, setup.input_transcription, setup.output_transcription) == (None, False, False)


def test_the_target_is_english_unless_said() -> None:
    setup = setup_of("client_setup_seed.json")
    setup["generationConfig"]["translationConfig"] = {}
    assert read_setup(setup, version="v1beta", languages=live_languages()).target_language == "en"


def test_a_field_that_is_null_is_as_good_as_none() -> None:
    setup = setup_of("client_setup_seed.json") | {"outputAudioTranscription": None}
    assert not read_setup(setup, version="v1beta", languages=live_languages()).output_transcription


def test_a_handle_that_was_given_out_is_accepted() -> None:
    setup = read_setup(
        setup_of("client_setup_unknown_handle.json"), version="v1beta", languages=live_languages(), handles={"h-1"}
    )
    assert setup.handle == "h-1"


REFUSED = {
    "client_setup_transcription_in_generation_config.json": (
        1007,
        "Unknown name \"inputAudioTranscription\" at 'setup.generation_config': Cannot find field.",
    ),
    "client_setup_translation_outside_generation_config.json": (
        1007,
        "Unknown name \"translationConfig\" at 'setup': Cannot find field.",
    ),
    "client_setup_unknown_field_deep.json": (
        1007,
        "Unknown name \"targetLanguage\" at 'setup.generation_config.translation_config': Cannot find field.",
    ),
    "client_setup_model_not_a_text.json": (1007, "Invalid value at 'setup.model' (TYPE_STRING)."),
    "client_setup_field_twice.json": (1007, "Request contains an invalid argument."),
    "client_setup_text_modality.json": (1007, "Request contains an invalid argument."),
    "client_setup_unknown_handle.json": (1007, "Request contains an invalid argument."),
    "client_setup_unknown_language.json": (
        1007,
        "Unsupported language code 'tlh' for model models/gemini-3.5-live-translate-preview",
    ),
    "client_setup_unknown_model.json": (
        1008,
        (
            "models/gemini-9-live-translate is not found for API version v1beta, or is not supported for "
            "bidiGenerateContent. Call ListM"
        ),
    ),
}


@pytest.mark.parametrize(("frame", "close"), REFUSED.items(), ids=REFUSED.keys())
def test_a_wrong_setup_is_refused_in_the_services_words(frame: str, close: tuple[int, str]) -> None:
    refusal = refused(frame)
    assert (refusal.code, refusal.reason.decode()) == close


def test_every_frame_with_a_setup_is_judged_here() -> None:
    frames = {path.name for path in WIRE.glob("client_setup_*")}
    good = {"seed", "mixed_case", "snake_case", "without_translation"}
    assert frames == set(REFUSED) | {f"client_setup_{name}.json" for name in good}


def test_all_79_codes_of_the_guide_are_targets() -> None:
    assert len(live_languages()) == 79
    for code in live_languages():
        setup = setup_of("client_setup_seed.json")
        setup["generationConfig"]["translationConfig"]["targetLanguageCode"] = code
        assert read_setup(setup, version="v1beta", languages=live_languages()).target_language == code


@pytest.mark.parametrize(
    "setup",
    [
        "models/x",
        [],
        {"generationConfig": {"responseModalities": "AUDIO"}},
        {"generationConfig": {"responseModalities": ["SOUND"]}},
        {"generationConfig": {"seed": 1.5}},
        {"generationConfig": {"temperature": True}},
        {"contextWindowCompression": {"triggerTokens": "many"}},
        {"inputAudioTranscription": {"languageCodes": ["es"]}},
        {},
    ],
    ids=json.dumps,
)
def test_other_shapes_are_refused(setup: Any) -> None:
    with pytest.raises(RefusedError) as error:
        read_setup(setup, version="v1beta", languages=live_languages())
    assert error.value.refusal.code == 1007


def test_a_whole_number_may_come_as_a_text() -> None:
    setup = setup_of("client_setup_seed.json") | {"contextWindowCompression": {"triggerTokens": "25600"}}
    assert read_setup(setup, version="v1beta", languages=live_languages()).target_language == "pl"


def test_a_reason_is_cut_to_what_a_close_frame_holds_but_never_within_a_letter() -> None:
    assert Refusal(1007, "a" * 200).reason == b"a" * 123
    assert Refusal(1007, "a" * 122 + "é").reason == b"a" * 122
    assert Refusal(1007, "é" * 100).reason.decode() == "é" * 61
