"""One direction: what one party says, interpreted, to the other party's ear.

The route: the leg's PCMU 8 kHz -> inlet (exact chunks, no gap) -> PCM16 16 kHz -> session -> PCM16 24 kHz -> the
level of a telephone -> PCMU 8 kHz -> the other leg's playout.
"""

import asyncio

import structlog

from telephony.audio import g711
from telephony.audio.format import PCMU_8K
from telephony.audio.inlet import Inlet
from telephony.audio.level import rms_dbfs
from telephony.audio.loudness import Loudness
from telephony.audio.tones import attention
from telephony.audio.transcoder import Transcoder
from telephony.calls.clock import Clock, until
from telephony.calls.leg import Leg
from telephony.calls.observer import Caption, Continuity, Observers, Role
from telephony.engines.base import (
    Degraded,
    Engine,
    HandedOver,
    Restored,
    SessionLost,
    Side,
    Transcript,
    TranslatedAudio,
    TranslationSession,
)

log = structlog.get_logger(__name__)

VOICED = -45.0
"""dBFS; sound above it counts as somebody speaking when it is decided whether a translation is still to come."""

STILL_COMING = 4.0
"""Seconds after somebody spoke in which a translation that has not begun may still begin."""

QUIET_END = 1.2
"""Seconds of silence after a translation that mean it is complete; longer than a pause between two sentences."""

LONGEST_END = 12.0
CHECK_EVERY = 0.1


class Interpreter:
    """Listens to `speaker` and speaks `target_language`. Feeds its session silence until it is connected."""

    def __init__(
        self, call: str, speaker: Role, target_language: str, engine: Engine, observers: Observers, clock: Clock
    ) -> None:
        self.speaker = speaker
        self._call = call
        self._target_language = target_language
        self._engine = engine
        self._observers = observers
        self._clock = clock
        self._inlet = Inlet(PCMU_8K.bytes_in(engine.chunk_ms), g711.SILENCE * PCMU_8K.bytes_in(20))
        self._up = Transcoder(PCMU_8K, engine.input_format)
        self._loudness = Loudness(engine.output_format.rate)
        self._down = Transcoder(engine.output_format, PCMU_8K)
        self._chunk = asyncio.Event()
        self._listener: Leg | None = None
        self._plain = False
        """The listener hears the speaker directly, because no interpretation is to be had."""
        self._heard_voice_at = float("-inf")
        self._spoke_at = float("-inf")

    def connect(self, source: Leg, target: Leg) -> None:
        """From now on what `source` says is interpreted to `target`."""
        self._inlet.open()
        source.said = self.hear
        self._listener = target

    def hear(self, pcmu: bytes, now: float) -> None:
        """Takes what the source says; never waits."""
        self._inlet.push(pcmu, now)
        if self._plain and self._listener is not None:
            self._listener.play(pcmu)
        if self._inlet.next_due() <= now:
            self._chunk.set()

    async def run(self) -> SessionLost:
        """Interprets until the session is lost for good, and says why. Raises SessionRefused.

        Once the two are connected it fails open instead: they hear each other, uninterpreted, until it is cancelled.
        """
        session = await self._engine.open(self._target_language)
        try:
            async with asyncio.TaskGroup() as tasks:
                uplink = tasks.create_task(self._uplink(session), name=f"uplink of the {self.speaker}")
                lost = await self._downlink(session)
                uplink.cancel()
            if self._listener is not None:
                log.error("interpretation is lost for good", call=self._call, speaker=self.speaker.value)
                self._put_through(plain=True)
                await asyncio.get_running_loop().create_future()
            return lost
        finally:
            await session.close()

    async def finish(self) -> None:
        """Returns when everything that was said has been interpreted, as far as can be told from the outside."""
        began = self._clock()
        while (now := self._clock()) < began + LONGEST_END:
            coming = self._spoke_at < self._heard_voice_at and now - self._heard_voice_at < STILL_COMING
            if not coming and now - self._spoke_at > QUIET_END:
                return
            await asyncio.sleep(CHECK_EVERY)

    async def _uplink(self, session: TranslationSession) -> None:
        while True:
            for chunk in self._inlet.due(self._clock()):
                pcm = self._up.push(chunk)
                if rms_dbfs(pcm) > VOICED:
                    self._heard_voice_at = self._clock()
                await session.send_audio(pcm)
            self._chunk.clear()
            await until(self._inlet.next_due(), self._chunk, self._clock)

    async def _downlink(self, session: TranslationSession) -> SessionLost:
        async for event in session.events():
            match event:
                case TranslatedAudio():
                    self._say(event.audio)
                case Transcript():
                    self._caption(event)
                case HandedOver():
                    self._observers.tell(Continuity(self._call, self.speaker, event))
                case Degraded() | Restored():
                    self._observers.tell(Continuity(self._call, self.speaker, event))
                    self._put_through(plain=isinstance(event, Degraded))
                case SessionLost():
                    return event
        raise AssertionError("a session's events end with SessionLost")

    def _say(self, audio: bytes) -> None:
        if rms_dbfs(audio) > VOICED:
            self._spoke_at = self._clock()
        pcmu = self._down.push(self._loudness.push(audio))
        if self._listener is not None:
            self._listener.play(pcmu)

    def _put_through(self, *, plain: bool) -> None:
        """Lets the listener hear the speaker directly, or no longer. A tone tells that it changes."""
        if plain is not self._plain and self._listener is not None:
            self._listener.play(attention())
        self._plain = plain

    def _caption(self, words: Transcript) -> None:
        language = words.language or (self._target_language if words.side is Side.SPOKEN else "")
        self._observers.tell(Caption(self._call, self.speaker, words.side, language, words.text))
