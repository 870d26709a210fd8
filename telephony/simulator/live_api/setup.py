"""The first frame of a session, judged as strictly as the real service judges it.

Fields: google-genai's `_live_converters.py` (what its Developer API mode writes) and ai.google.dev/api/live
(BidiGenerateContentSetup). That transcriptions belong to the setup itself and the translation to generationConfig is
what the service enforces, whatever its guide shows (reports of three projects).
"""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from telephony.simulator.live_api.fields import Kind, Shape, read, snake
from telephony.simulator.live_api.refusal import INVALID_ARGUMENT, RefusedError, unknown_model, unsupported_language

TRANSLATE_MODEL = "models/gemini-3.5-live-translate-preview"

VERSIONS = ("v1beta", "v1alpha", "v1")

_DEFAULT_TARGET = "en"

_GENERATION: Mapping[str, Shape] = {
    "response_modalities": (frozenset({"TEXT", "IMAGE", "AUDIO", "VIDEO"}),),
    "translation_config": {"target_language_code": Kind.STRING, "echo_target_language": Kind.BOOL},
    "temperature": Kind.NUMBER,
    "top_p": Kind.NUMBER,
    "top_k": Kind.NUMBER,
    "max_output_tokens": Kind.INT,
    "seed": Kind.INT,
    "media_resolution": Kind.STRING,
    "enable_affective_dialog": Kind.BOOL,
    "thinking_config": {"include_thoughts": Kind.BOOL, "thinking_budget": Kind.INT, "thinking_level": Kind.STRING},
    "speech_config": {
        "voice_config": {"prebuilt_voice_config": {"voice_name": Kind.STRING}},
        "language_code": Kind.STRING,
    },
}

_DETECTION: Mapping[str, Shape] = {
    "disabled": Kind.BOOL,
    "start_of_speech_sensitivity": frozenset({"START_SENSITIVITY_HIGH", "START_SENSITIVITY_LOW"}),
    "end_of_speech_sensitivity": frozenset({"END_SENSITIVITY_HIGH", "END_SENSITIVITY_LOW"}),
    "prefix_padding_ms": Kind.INT,
    "silence_duration_ms": Kind.INT,
}

_SETUP: Mapping[str, Shape] = {
    "model": Kind.STRING,
    "generation_config": _GENERATION,
    "system_instruction": Kind.ANY,
    "tools": (Kind.ANY,),
    "safety_settings": (Kind.ANY,),
    "input_audio_transcription": {"custom_vocabulary": (Kind.STRING,)},
    "output_audio_transcription": {"custom_vocabulary": (Kind.STRING,)},
    "session_resumption": {"handle": Kind.STRING},
    "context_window_compression": {"trigger_tokens": Kind.INT, "sliding_window": {"target_tokens": Kind.INT}},
    "realtime_input_config": {
        "automatic_activity_detection": _DETECTION,
        "activity_handling": frozenset({"START_OF_ACTIVITY_INTERRUPTS", "NO_INTERRUPTION"}),
        "turn_coverage": Kind.STRING,
    },
    "proactivity": {"proactive_audio": Kind.BOOL},
    "history_config": {"initial_history_in_client_content": Kind.BOOL},
}


@dataclass(frozen=True, slots=True)
class Setup:
    """What a session was asked to be."""

    model: str
    target_language: str | None
    """None: no translation was asked for, and none will be heard."""
    echo: bool
    input_transcription: bool
    output_transcription: bool
    resumption: bool
    handle: str | None


@cache
def live_languages() -> frozenset[str]:
    """The 79 codes of the model's guide (ai.google.dev, live-translate, "Supported languages")."""
    table = resources.files(__package__).joinpath("languages.json").read_text(encoding="utf-8")
    return frozenset(language["code"] for language in json.loads(table))


def fields_of(setup: Any, path: str) -> dict[str, Any]:
    """A setup with every field under its snake_case name, its values not judged yet. Raises RefusedError."""
    fields: dict[str, Any] = read(setup, _SETUP, path)
    return fields


def known_path(written: str) -> tuple[str, ...] | None:
    """A field of a setup as a mask writes it, by its snake_case names; None for one that a setup cannot have."""
    shape: Shape = _SETUP
    path: list[str] = []
    for name in map(snake, written.split(".")):
        if not isinstance(shape, Mapping) or name not in shape:
            return None
        path.append(name)
        shape = shape[name]
    return tuple(path)


def read_setup(
    setup: Any,
    *,
    version: str,
    languages: Collection[str],
    models: Collection[str] = (TRANSLATE_MODEL,),
    handles: Collection[str] = (),
) -> Setup:
    """Judges the value of the first frame's `setup`. Raises RefusedError with the close that the service answers."""
    fields = fields_of(setup, "setup")
    model = fields.get("model", "")
    if model not in models:
        raise RefusedError(unknown_model(model, version) if model else INVALID_ARGUMENT)
    generation = fields.get("generation_config", {})
    if generation.get("response_modalities", []) != ["AUDIO"]:
        raise RefusedError(INVALID_ARGUMENT)
    translation = generation.get("translation_config")
    return Setup(
        model=model,
        target_language=None if translation is None else _target(translation, model, languages),
        echo=bool(translation and translation.get("echo_target_language")),
        input_transcription="input_audio_transcription" in fields,
        output_transcription="output_audio_transcription" in fields,
        resumption="session_resumption" in fields,
        handle=_handle(fields.get("session_resumption", {}), handles),
    )


def _target(translation: Mapping[str, Any], model: str, languages: Collection[str]) -> str:
    target: str = translation.get("target_language_code") or _DEFAULT_TARGET
    if target not in languages:
        raise RefusedError(unsupported_language(target, model))
    return target


def _handle(resumption: Mapping[str, Any], handles: Collection[str]) -> str | None:
    handle: str | None = resumption.get("handle")
    if handle and handle not in handles:
        raise RefusedError(INVALID_ARGUMENT)
    return handle or None
