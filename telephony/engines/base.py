"""The interpreter side as the rest of the house sees it: engine events, and the two ports an engine fills."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from telephony.audio.format import AudioFormat


@dataclass(frozen=True, slots=True)
class TranslatedAudio:
    """Sound the interpreter speaks, in the engine's output format; zeros while it has nothing to say."""

    audio: bytes = field(repr=False)


class Side(StrEnum):
    """Whose words a transcript holds."""

    HEARD = "heard"
    SPOKEN = "spoken"


@dataclass(frozen=True, slots=True)
class Transcript:
    """A few more words, as a delta: what was `heard` from the source, or `spoken` as its translation."""

    side: Side
    text: str = field(repr=False)
    language: str


@dataclass(frozen=True, slots=True)
class GoAway:
    """The connection will be ended by the other side in `seconds_left` (None: it did not say)."""

    seconds_left: float | None


class Trouble(StrEnum):
    """Why a session cannot be had, or ended. What follows from it is decided by who asked for the session."""

    KEY = "key"
    MODEL = "model"
    LANGUAGE = "language"
    SETUP = "setup"
    QUOTA = "quota"
    UNREACHABLE = "unreachable"
    DROPPED = "dropped"
    TIMED_OUT = "timed-out"

    @property
    def fatal(self) -> bool:
        """Asking again will not help until somebody changes a setting."""
        return self in (Trouble.KEY, Trouble.MODEL, Trouble.LANGUAGE, Trouble.SETUP)


@dataclass(frozen=True, slots=True)
class SessionLost:
    """The last event of a session. `detail` is the service's own words, free of keys and speech."""

    trouble: Trouble
    detail: str


EngineEvent = TranslatedAudio | Transcript | GoAway | SessionLost


class SessionRefused(Exception):
    """No session could be opened. `str()` is one line that says why and what to do."""

    def __init__(self, trouble: Trouble, detail: str) -> None:
        super().__init__(f"{trouble}: {detail}")
        self.trouble = trouble
        self.detail = detail


class TranslationSession(Protocol):
    """One running interpretation into one language."""

    async def send_audio(self, pcm: bytes) -> None:
        """Give it the next chunk, in the engine's input format. A session that is lost swallows it."""
        ...

    def events(self) -> AsyncIterator[EngineEvent]:
        """What it says, ending with SessionLost. To be read by one task that never blocks."""
        ...

    async def close(self) -> None:
        """End it. Idempotent; takes no longer than a second."""
        ...


class Engine(Protocol):
    """A service that interprets speech."""

    @property
    def input_format(self) -> AudioFormat: ...

    @property
    def output_format(self) -> AudioFormat: ...

    @property
    def chunk_ms(self) -> int:
        """How much sound it wants at a time."""
        ...

    async def open(self, target_language: str) -> TranslationSession:
        """A session that interprets whatever it hears into `target_language`. Raises SessionRefused."""
        ...

    async def close(self) -> None:
        """Let go of what the sessions share."""
        ...
