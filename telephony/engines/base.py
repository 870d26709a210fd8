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
    UNFIT = "unfit"
    """It answers, but not with an interpretation: nothing at all, a tone, or another language."""

    @property
    def fatal(self) -> bool:
        """Asking again will not help until somebody changes a setting."""
        return self in (Trouble.KEY, Trouble.MODEL, Trouble.LANGUAGE, Trouble.SETUP)


@dataclass(frozen=True, slots=True)
class SessionLost:
    """The last event of a session. `detail` is the service's own words, free of keys and speech."""

    trouble: Trouble
    detail: str


class Reason(StrEnum):
    """Why one connection took over from another within a session that outlives its connections."""

    AGE = "age"
    GO_AWAY = "go-away"
    LOST = "lost"
    STUCK = "stuck"
    """It took no more sound."""
    STALLED = "stalled"
    """Its messages stopped."""
    UNANSWERED = "unanswered"
    """It heard a voice and said nothing."""
    TONE = "tone"
    """It said one constant sound."""
    WRONG_LANGUAGE = "wrong-language"


@dataclass(frozen=True, slots=True)
class HandedOver:
    """From now on another connection speaks. Milliseconds, all but `gap_ms` of the speaker's sound.

    `lost_ms`: voice that nobody will interpret; `repeated_ms`: voice whose translation is heard again, estimated;
    `replayed_ms`: sound that was sent again; `gap_ms`: how long there was no connection to speak, or how long words
    of the new one were held back while the old one had none left.
    """

    reason: Reason
    lost_ms: float
    repeated_ms: float
    gap_ms: float
    replayed_ms: float


@dataclass(frozen=True, slots=True)
class Degraded:
    """No interpretation is to be had now; it is still being tried for. What is said meanwhile is not made up for."""

    trouble: Trouble
    detail: str


@dataclass(frozen=True, slots=True)
class Restored:
    """Interpretation is back. `lost_ms` milliseconds of the speaker's voice were not interpreted meanwhile."""

    lost_ms: float


EngineEvent = TranslatedAudio | Transcript | GoAway | HandedOver | Degraded | Restored | SessionLost


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
