"""A sound file that the service gives the carrier to play (twilio.com/docs/voice/twiml/play)."""

import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from telephony.simulator import mulaw, recordings
from telephony.simulator.carrier.request import Reply, WebhookError

NOT_AUDIO = 12300

_MULAW = frozenset({"audio/basic", "audio/ulaw", "audio/x-mulaw"})
_WAV = frozenset({"audio/wav", "audio/wave", "audio/x-wav"})
_OTHER_BYTES_A_SECOND = 16_000
"""What a second of another kind of file takes, as mp3 at 128 kbit/s does."""


@dataclass(frozen=True, slots=True)
class Clip:
    """So many seconds, of which `sound` (mu-law at 8 kHz) is heard."""

    seconds: float
    sound: bytes = field(default=b"", repr=False)


def check_audio(reply: Reply) -> None:
    """Raises WebhookError where a fetched file is no sound."""
    if not reply.content_type.startswith("audio/"):
        raise WebhookError(NOT_AUDIO, "<Play> was given a file that is no audio")


def clip_of(reply: Reply) -> Clip:
    """The sound of a fetched file."""
    if reply.content_type in _MULAW:
        return Clip(len(reply.body) / 8000, reply.body)
    if reply.content_type in _WAV:
        return _wav(reply.body)
    return Clip(len(reply.body) / _OTHER_BYTES_A_SECOND)


def _wav(body: bytes) -> Clip:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "clip.wav")
        file.write_bytes(body)
        try:
            sound = mulaw.encode(recordings.read(file))
        except recordings.RecordingError:
            return Clip(len(body) / _OTHER_BYTES_A_SECOND)
    return Clip(len(sound) / 8000, sound)
