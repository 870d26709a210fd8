"""What a session gives to its client: sound, and transcripts of what it heard and said. Times are those of `now`."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Audio:
    """250 ms of 16-bit little-endian mono sound at 24 kHz.

    `sample` counts what this session has sent before it. A `line` is named only where one sounds; `position` is then
    the sample of its translated recording, at 24 kHz, that stands first in the message.
    """

    at: float
    pcm24k: bytes = field(repr=False)
    sample: int
    line: str | None = None
    position: int = 0


@dataclass(frozen=True, slots=True)
class InputTranscript:
    """A few more words of what was heard."""

    at: float
    text_delta: str = field(repr=False)
    language: str


@dataclass(frozen=True, slots=True)
class OutputTranscript:
    """A few more words of what was said."""

    at: float
    text_delta: str = field(repr=False)
    language: str


Output = Audio | InputTranscript | OutputTranscript
