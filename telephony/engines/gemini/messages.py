"""What a Live Translate server says, as engine events; and what its refusals mean.

Live Translate sends no turnComplete and no interrupted; audio and transcripts come in any order and may share a message
(python-genai `types.LiveServerMessage`: "The transcription is independent to the model turn").
"""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from telephony.engines.base import EngineEvent, GoAway, Side, Transcript, TranslatedAudio, Trouble

if TYPE_CHECKING:
    from google.genai.types import LiveServerMessage
    from google.genai.types import Transcription as Words

SECONDS = re.compile(r"^(\d+(?:\.\d+)?)s$")

QUOTA = ("quota", "resource_exhausted", "resource has been exhausted", "rate limit", "too many")
KEY = ("api key", "api_key", "permission", "unauthenticated", "unauthorized", "credential", "has not been used")
MODEL = ("models/", "is not found for api version", "not supported for bidigeneratecontent")
UNKNOWN_FIELD = "unknown name"
LANGUAGE = ("language code", "language_code", "languagecode", "unsupported language")


def events_of(message: "LiveServerMessage") -> Iterator[EngineEvent]:
    """Every event one message holds, sound first."""
    if content := message.server_content:
        for part in (content.model_turn.parts or []) if content.model_turn else []:
            if part.inline_data and part.inline_data.data:
                yield TranslatedAudio(part.inline_data.data)
        yield from _words(Side.HEARD, content.input_transcription)
        yield from _words(Side.SPOKEN, content.output_transcription)
    if message.go_away:
        yield GoAway(seconds(message.go_away.time_left))


def _words(side: Side, words: "Words | None") -> Iterator[Transcript]:
    if words and words.text:
        yield Transcript(side, words.text, words.language_code or "")


def seconds(duration: str | None) -> float | None:
    """A protobuf JSON duration ("9.500s") in seconds; None for anything else."""
    match = SECONDS.match(duration or "")
    return float(match[1]) if match else None


def trouble_of(code: int | None, reason: str) -> Trouble:
    """What a close code, or the HTTP status of a refused upgrade, and its text mean.

    The text decides before the code: 1008 and 1011 are generic on this service, and a quota refusal is seen as 1011
    with its text cut at 123 bytes, the most a close frame can carry (RFC 6455, 5.5).
    """
    text = reason.lower()
    if code == 429 or any(words in text for words in QUOTA):
        return Trouble.QUOTA
    if code in (401, 403) or any(words in text for words in KEY):
        return Trouble.KEY
    if UNKNOWN_FIELD in text:
        return Trouble.SETUP
    if any(words in text for words in LANGUAGE):
        return Trouble.LANGUAGE
    if any(words in text for words in MODEL):
        return Trouble.MODEL
    if code == 1007:
        return Trouble.SETUP
    return Trouble.UNREACHABLE if code is not None and 400 <= code < 1000 else Trouble.DROPPED
