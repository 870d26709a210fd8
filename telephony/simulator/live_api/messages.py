"""The frames of a session after its setup, both ways.

Fields and spelling: ai.google.dev/api/live (BidiGenerateContentClientMessage and ...ServerMessage), and google-genai's
`_live_converters.py`. The service sends its JSON in binary frames (fmadore/Live-translation logs them).
"""

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from telephony.simulator.live_api.fields import Kind, Shape, read
from telephony.simulator.live_api.outputs import Audio, InputTranscript, Output, OutputTranscript
from telephony.simulator.live_api.refusal import INVALID, INVALID_ARGUMENT, Refusal, RefusedError, invalid_value

TOKENS_A_SECOND = 25
"""What a second of audio counts, either way (ai.google.dev, "Tokens")."""

_MIME_TYPES = ("audio/pcm", "audio/pcm;rate=16000")
_BLOB: Mapping[str, Shape] = {"data": Kind.BYTES, "mime_type": Kind.STRING, "display_name": Kind.STRING}
_CLIENT: Mapping[str, Shape] = {
    "setup": Kind.ANY,
    "client_content": Kind.ANY,
    "tool_response": Kind.ANY,
    "realtime_input": {
        "audio": _BLOB,
        "media_chunks": (_BLOB,),
        "audio_stream_end": Kind.BOOL,
        "text": Kind.STRING,
        "video": _BLOB,
        "activity_start": {},
        "activity_end": {},
    },
}


@dataclass(frozen=True, slots=True)
class SetupReceived:
    """The first frame; `setup` is still to be judged."""

    setup: Any


@dataclass(frozen=True, slots=True)
class AudioReceived:
    """The next sound, 16-bit little-endian mono at 16 kHz."""

    pcm16k: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class AudioStreamEnded:
    """The client pauses its microphone; what it said so far is all for now."""


@dataclass(frozen=True, slots=True)
class Ignored:
    """A frame that is allowed, and that an interpreter of speech makes nothing of."""

    kind: str


ClientMessage = SetupReceived | AudioReceived | AudioStreamEnded | Ignored


def parse(frame: str | bytes) -> ClientMessage:
    """One client frame, text or binary. Raises RefusedError with the close that the service answers."""
    try:
        value = json.loads(frame)
    except ValueError:
        raise RefusedError(Refusal(INVALID, "Invalid JSON payload received.")) from None
    message = read(value, _CLIENT, "")
    if len(message) != 1:
        raise RefusedError(INVALID_ARGUMENT)
    kind, content = message.popitem()
    if kind == "setup":
        return SetupReceived(content)
    return _realtime(content) if kind == "realtime_input" else Ignored(kind)


def _realtime(content: dict[str, Any]) -> ClientMessage:
    if "audio" in content:
        return AudioReceived(_sound(content["audio"], "realtime_input.audio"))
    if "media_chunks" in content:
        chunks = enumerate(content["media_chunks"])
        return AudioReceived(b"".join(_sound(chunk, f"realtime_input.media_chunks[{n}]") for n, chunk in chunks))
    if content.get("audio_stream_end"):
        return AudioStreamEnded()
    return Ignored(next(iter(content), "realtime_input"))


def _sound(blob: Mapping[str, str], path: str) -> bytes:
    """The model's guide: "raw 16-bit PCM audio, 16kHz, little-endian"; a whole number of samples."""
    if blob.get("mime_type", "").replace(" ", "").lower() not in _MIME_TYPES:
        raise RefusedError(INVALID_ARGUMENT)
    data = blob.get("data", "").replace("-", "+").replace("_", "/").rstrip("=")
    try:
        sound = base64.b64decode(data + "=" * (-len(data) % 4), validate=True)
    except binascii.Error:
        raise RefusedError(invalid_value(f"{path}.data", f"{Kind.BYTES.value}, Base64 decoding failed")) from None
    if len(sound) % 2:
        raise RefusedError(INVALID_ARGUMENT)
    return sound


def setup_complete() -> bytes:
    return _frame({"setupComplete": {}})


def output(content: Output) -> bytes:
    """One message of sound, or a delta of a transcript. No turn is ever marked as complete."""
    match content:
        case Audio(pcm24k=pcm):
            blob = {"mimeType": "audio/pcm;rate=24000", "data": base64.b64encode(pcm).decode()}
            return _frame({"serverContent": {"modelTurn": {"role": "model", "parts": [{"inlineData": blob}]}}})
        case InputTranscript(text_delta=text, language=language):
            return _frame({"serverContent": {"inputTranscription": {"text": text, "languageCode": language}}})
        case OutputTranscript(text_delta=text, language=language):
            return _frame({"serverContent": {"outputTranscription": {"text": text, "languageCode": language}}})


def usage(heard_s: float, spoken_s: float) -> bytes:
    """The tokens of the sound that went either way since the last such message."""
    heard, spoken = round(heard_s * TOKENS_A_SECOND), round(spoken_s * TOKENS_A_SECOND)
    metadata = {
        "promptTokenCount": heard,
        "responseTokenCount": spoken,
        "totalTokenCount": heard + spoken,
        "promptTokensDetails": [{"modality": "AUDIO", "tokenCount": heard}],
        "responseTokensDetails": [{"modality": "AUDIO", "tokenCount": spoken}],
    }
    return _frame({"usageMetadata": metadata})


def go_away(seconds_left: float) -> bytes:
    """A Duration in JSON is a string of seconds with the letter s."""
    return _frame({"goAway": {"timeLeft": f"{seconds_left:g}s"}})


def session_resumption_update(handle: str) -> bytes:
    return _frame({"sessionResumptionUpdate": {"newHandle": handle, "resumable": True}})


def _frame(message: Mapping[str, Any]) -> bytes:
    return json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode()
