"""What a Live Translate session is set up with, exactly.

Source: ai.google.dev/gemini-api/docs/live-translate, and the setup frame that google-genai 3.4 makes of it (the tests
hold it byte for byte). `echoTargetLanguage` is off unless asked for: with it on, a phone bridge was reported to fall
8 to 11 s behind for good, and each leg's bleed of the other party is spoken again.
"""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class LiveConfig:
    """What every session of a service shares."""

    model: str = "gemini-3.5-live-translate-preview"
    echo_target_language: bool = False
    chunk_ms: int = 100

    def session(self, target_language: str) -> dict[str, Any]:
        """The SDK's connect config for one session."""
        return {
            "response_modalities": ["AUDIO"],
            "input_audio_transcription": {},
            "output_audio_transcription": {},
            "translation_config": {
                "target_language_code": target_language,
                "echo_target_language": self.echo_target_language,
            },
        }


INPUT_MIME_TYPE = "audio/pcm;rate=16000"
"""16-bit little-endian mono (the same page)."""
