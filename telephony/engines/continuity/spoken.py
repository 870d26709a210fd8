"""What an engine speaks, by level: how much voice a message holds, and where it begins and ends. PURE

A healthy engine streams zeros while it has nothing to say; that sound arrived says nothing. A frame of 20 ms above
VOICED is voice: the zeros have no level at all, and a translation is synthetic speech without a noise floor.
"""

from telephony.audio.format import AudioFormat
from telephony.audio.level import peak, rms_dbfs

VOICED = -45.0
"""dBFS."""
FRAME_MS = 20.0
KEPT_MS = 20.0
"""Silence that is left before the first voice when the rest is trimmed."""


class Spoken:
    """One connection's voice, message by message. Seconds are seconds of sound, not of the clock."""

    def __init__(self, audio_format: AudioFormat) -> None:
        self._format = audio_format
        self._frame = audio_format.bytes_in(FRAME_MS)
        self._kept = audio_format.bytes_in(KEPT_MS)
        self.silence = float("inf")
        """Since the last voice."""
        self.voice = 0.0
        """All in all."""

    def take(self, audio: bytes) -> float:
        """The next message; returns how much of it is voice."""
        voiced = self._voiced(audio)
        frames = len(voiced)
        seconds = self.seconds(audio)
        if not any(voiced):
            self.silence += seconds
            return 0.0
        after = next(place for place, loud in enumerate(reversed(voiced)) if loud)
        self.silence = after * seconds / frames
        voice = sum(voiced) * seconds / frames
        self.voice += voice
        return voice

    def seconds(self, audio: bytes) -> float:
        return self._format.seconds_of(len(audio))

    def from_first_voice(self, audio: bytes) -> bytes:
        """The message without the silence in front of its first voice."""
        first = next((place for place, loud in enumerate(self._voiced(audio)) if loud), 0)
        return audio[max(0, first * self._frame - self._kept) :]

    def _voiced(self, audio: bytes) -> list[bool]:
        if not peak(audio):
            return [False] * -(-len(audio) // self._frame)
        return [rms_dbfs(audio[at : at + self._frame]) > VOICED for at in range(0, len(audio), self._frame)]
