"""One session into one language, from before it is asked for until it is closed: what it hears, says and costs."""

from collections.abc import Callable

from telephony.audio.format import PCMU_8K
from telephony.audio.level import rms_dbfs
from telephony.audio.loudness import Loudness
from telephony.audio.transcoder import Transcoder
from telephony.calls.clock import Clock
from telephony.calls.tongues import same
from telephony.engines.base import (
    Engine,
    EngineEvent,
    SessionLost,
    Side,
    Transcript,
    TranslatedAudio,
    TranslationSession,
)

VOICED = -45.0
"""dBFS; sound above it counts as somebody speaking when it is decided whether a translation is still to come."""

STILL_COMING = 4.0
"""Seconds after somebody spoke in which a translation that has not begun may still begin."""

QUIET_END = 1.2
"""Seconds of silence after a translation that mean it is complete; longer than a pause between two sentences."""


class Rendition:
    """The route down: PCM16 24 kHz of the session -> the level of a telephone -> PCMU 8 kHz."""

    def __init__(self, engine: Engine, target: str, clock: Clock) -> None:
        self.target = target
        self.parrots = False
        """It hears the language that it speaks; an engine may then repeat what it hears."""
        self._engine = engine
        self._clock = clock
        self._loudness = Loudness(engine.output_format.rate)
        self._down = Transcoder(engine.output_format, PCMU_8K)
        self._session: TranslationSession | None = None
        self._heard_voice_at = float("-inf")
        self._spoke_at = float("-inf")
        self._opened_at: float | None = None

    @property
    def delay(self) -> float:
        """Seconds that the route down adds."""
        return self._down.delay

    async def run(
        self, opened: Callable[["Rendition", float], None], tell: Callable[["Rendition", EngineEvent], None]
    ) -> SessionLost:
        """Lives as long as its session, and says why that ended. `opened` is told the seconds it took to set up,
        `tell` every event. Raises SessionRefused."""
        asked_at = self._clock()
        session = await self._engine.open(self.target)
        self._session, self._opened_at = session, self._clock()
        try:
            opened(self, self._opened_at - asked_at)
            async for event in session.events():
                self._notice(event)
                tell(self, event)
                if isinstance(event, SessionLost):
                    return event
        finally:
            self._session = None
            await session.close()
        raise AssertionError("a session's events end with SessionLost")

    async def hear(self, pcm: bytes) -> None:
        """The speaker's next chunk, in the engine's input format."""
        if rms_dbfs(pcm) > VOICED:
            self._heard_voice_at = self._clock()
        if self._session is not None:
            await self._session.send_audio(pcm)

    def rendered(self, audio: bytes) -> bytes:
        """What the session says, as PCMU at the level of a telephone."""
        return self._down.push(self._loudness.push(audio))

    def owes(self, now: float) -> bool:
        """Whether a translation goes on or is still to come, as far as can be told from the outside."""
        coming = self._spoke_at < self._heard_voice_at and now - self._heard_voice_at < STILL_COMING
        return coming or now - self._spoke_at <= QUIET_END

    def seconds(self, now: float) -> float:
        """How long ago the session was set up; 0 before that."""
        return now - self._opened_at if self._opened_at is not None else 0.0

    def _notice(self, event: EngineEvent) -> None:
        match event:
            case TranslatedAudio() if rms_dbfs(event.audio) > VOICED:
                self._spoke_at = self._clock()
            case Transcript() if event.side is Side.HEARD and event.language:
                self.parrots = same(event.language, self.target)
