"""What sound on a wire looks like: encoding and rate, and how bytes and milliseconds convert."""

from dataclasses import dataclass
from enum import StrEnum


class Encoding(StrEnum):
    """How one sample is written."""

    PCMU = "PCMU"
    """G.711 mu-law, one byte a sample (ITU-T G.711)."""

    PCM16 = "PCM16"
    """Linear 16-bit signed little-endian, two bytes a sample."""


@dataclass(frozen=True, slots=True)
class AudioFormat:
    """Mono sound of one encoding at one rate (hertz)."""

    encoding: Encoding
    rate: int

    @property
    def sample_bytes(self) -> int:
        return 1 if self.encoding is Encoding.PCMU else 2

    def bytes_in(self, milliseconds: float) -> int:
        """Bytes that `milliseconds` of this sound take, whole samples only."""
        return round(self.rate * milliseconds / 1000) * self.sample_bytes

    def seconds_of(self, size: int) -> float:
        """Seconds that `size` bytes of this sound last."""
        return size / (self.rate * self.sample_bytes)


PCMU_8K = AudioFormat(Encoding.PCMU, 8000)
"""A telephone line."""

PCM16_16K = AudioFormat(Encoding.PCM16, 16000)
"""What Live Translate listens to (ai.google.dev, live-translate: "raw 16-bit PCM, 16 kHz, little-endian")."""

PCM16_24K = AudioFormat(Encoding.PCM16, 24000)
"""What Live Translate speaks (the same page: "audio output uses a sample rate of 24 kHz")."""
