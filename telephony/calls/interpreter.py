"""One direction: what one party says, to the other party's ear: interpreted, or as it is while nobody interprets.

The route: the leg's PCMU 8 kHz -> inlet (exact chunks, no gap) -> PCM16 16 kHz -> the booth's session -> PCMU 8 kHz ->
the other leg's playout. The voice itself goes straight to the other leg as well, which decides how loud it is heard.
"""

import asyncio
from collections.abc import Callable

from telephony.audio import g711
from telephony.audio.format import PCMU_8K
from telephony.audio.inlet import Inlet
from telephony.audio.last_said import LastSaid
from telephony.audio.level import rms_dbfs
from telephony.audio.tones import attention
from telephony.audio.transcoder import Transcoder
from telephony.calls.booth import Booth
from telephony.calls.clock import Clock, until
from telephony.calls.observer import Caption, Continuity, Observers, Reading, Role, SessionReady
from telephony.calls.reading import Meter
from telephony.calls.rendition import VOICED, Rendition
from telephony.calls.routing import PLAIN, Route
from telephony.calls.talker import Talker
from telephony.engines.base import (
    Degraded,
    Engine,
    EngineEvent,
    HandedOver,
    Restored,
    Side,
    Transcript,
    TranslatedAudio,
)

LONGEST_END = 12.0
CHECK_EVERY = 0.1


class Interpreter:
    """Listens to `speaker`. Feeds its session silence until it is given sound.

    It may work for nobody's ear, only for the words that observers are told. `heard` is given them, too; `moved` is
    told when the interpretation that is wanted begins to fail (why), and when it no longer does (None).
    """

    def __init__(
        self,
        call: str,
        speaker: Role,
        target_language: str | None,
        engine: Engine,
        observers: Observers,
        clock: Clock,
        heard: Callable[[Role, Transcript], None] = lambda _speaker, _words: None,
        moved: Callable[[Degraded | None], None] = lambda _why: None,
    ) -> None:
        """`target_language`: what to interpret into until another route is to be followed; None: nothing."""
        self.speaker = speaker
        self.failing_since: float | None = None
        """While it fails, the listener hears the speaker directly."""
        self.last_said = LastSaid()
        self._call = call
        self._engine = engine
        self._observers = observers
        self._clock = clock
        self._heard = heard
        self._moved = moved
        self._booth = Booth(f"interpret the {speaker}", engine, self, clock)
        self._meter = Meter()
        self._route = PLAIN
        self._direct = True
        """The listener hears the speaker directly."""
        self._listener: Talker | None = None
        self._inlet = self._new_inlet()
        self._up = Transcoder(PCMU_8K, engine.input_format)
        self._chunk = asyncio.Event()
        self._complete_at: float | None = None
        """When the oldest chunk that has not been sent was complete."""
        self._voice_at_failure = 0.0
        self._seconds_told = 0.0
        self.follow(Route(target_language, direct=False, plays=True) if target_language else PLAIN)

    def follow(self, route: Route) -> None:
        """What becomes of the speaker's voice from now on. A listener who has heard it directly goes on hearing it
        until there is a session."""
        self._route = route
        if route.target is None:
            self.failing_since = None
        self._booth.want(route.target)
        if self._listener is None:
            self._direct = route.direct
        self._put_through()

    def connect(self, source: Talker, target: Talker) -> None:
        """From now on `target` hears what `source` says."""
        self._direct = self._route.direct or self.failing_since is not None
        self._listener = target
        target.direct = self._direct
        if self.failing_since is not None:
            target.play(attention())
        source.said = self.hear
        self._booth.connected()

    def hear(self, pcmu: bytes, now: float) -> None:
        """Takes what the source says; never waits."""
        self._meter.heard(pcmu, now)
        if self._listener is not None:
            self._listener.overhear(pcmu)
        if self._booth.current is None and self._direct:
            return
        self._inlet.open()
        self._inlet.push(pcmu, now)
        if self._inlet.next_due() <= now:
            self._complete_at = now if self._complete_at is None else self._complete_at
            self._chunk.set()

    async def run(self) -> None:
        """Until cancelled; every session is closed then."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._booth.run(), name=f"booth for the {self.speaker}")
            tasks.create_task(self._uplink(), name=f"uplink of the {self.speaker}")

    async def finish(self) -> None:
        """Returns when everything that was said has been interpreted, as far as can be told from the outside."""
        began = self._clock()
        while (now := self._clock()) < began + LONGEST_END and not self._direct and self._booth.owes(now):
            await asyncio.sleep(CHECK_EVERY)

    def session_s(self, now: float) -> float:
        """Seconds of session so far, from setup to close."""
        return self._booth.seconds(now)

    def reading(self, now: float) -> Reading | None:
        """How this direction stands; None where there has been no session since the last one."""
        total = self._booth.seconds(now)
        paid, self._seconds_told = total - self._seconds_told, total
        if not paid and self._booth.current is None:
            return None
        heard, spoken, own_delay = self._meter.take()
        lag = self._listener.lag if self._listener else 0.0
        span = self._meter.span.newest
        return Reading(self._call, self.speaker, lag, heard, spoken, span, own_delay, paid, resting=self._direct)

    def ready(self, rendition: Rendition, setup_s: float) -> None:
        """A session hears the speaker from now on: with what was kept for it, unless that was heard directly."""
        self._observers.tell(SessionReady(self._call, self.speaker, setup_s))
        if self._direct and not self._booth.drains:
            self._inlet = self._new_inlet()
            self._up.reset()
            self._complete_at = None
        self._recover(None)
        self._put_through()
        self._chunk.set()

    def told(self, rendition: Rendition, event: EngineEvent) -> None:
        """What a session says."""
        match event:
            case TranslatedAudio():
                self._say(rendition, event.audio)
            case Transcript():
                self._caption(rendition, event)
            case HandedOver():
                self._observers.tell(Continuity(self._call, self.speaker, event))
            case Degraded() if rendition is self._booth.current:
                self.without(event)
            case Restored() if rendition is self._booth.current:
                self._recover(event)

    def without(self, why: Degraded) -> None:
        """There is no interpretation, though it is wanted."""
        if self.failing_since is None:
            self.failing_since, self._voice_at_failure = self._clock(), self._meter.voice
            self._observers.tell(Continuity(self._call, self.speaker, why))
            self._put_through()
            self._moved(why)

    def _recover(self, restored: Restored | None) -> None:
        if self.failing_since is not None:
            self.failing_since = None
            lost_ms = (self._meter.voice - self._voice_at_failure) * 1000
            self._observers.tell(Continuity(self._call, self.speaker, restored or Restored(lost_ms)))
            self._put_through()
            self._moved(None)

    def _put_through(self) -> None:
        """Lets the listener hear the speaker directly, or no longer. A tone tells that it changes."""
        keeps = self._direct and self._booth.current is None
        direct = self._route.direct or self.failing_since is not None or keeps
        if self._listener is not None and direct is not self._direct:
            self._listener.direct = direct
            self._listener.play(attention())
        self._direct = direct

    async def _uplink(self) -> None:
        while True:
            self._chunk.clear()
            if self._booth.current is not None:
                await self._send(self._inlet.due(self._clock()))
            due = self._inlet.next_due() if self._booth.current is not None else None
            await until(due, self._chunk, self._clock)

    async def _send(self, chunks: list[bytes]) -> None:
        complete_at, self._complete_at = self._complete_at, None
        for chunk in chunks:
            await self._booth.hear(self._up.push(chunk))
        if complete_at is not None and self._booth.current is not None:
            own = self._up.delay + self._booth.current.delay
            self._meter.delayed(self._clock() - complete_at + own)

    def _say(self, rendition: Rendition, audio: bytes) -> None:
        if not self._booth.may_speak(rendition, voiced=rms_dbfs(audio) > VOICED) or not self._is_heard(rendition):
            return
        pcmu = rendition.rendered(audio)
        if self._listener is not None:
            self._listener.play(pcmu)
            self.last_said.push(pcmu, self._clock())
            self._meter.spoken(pcmu, self._clock())

    def _is_heard(self, rendition: Rendition) -> bool:
        """Not while it repeats what is heard directly."""
        return self._route.plays and not (self._route.direct and rendition.parrots)

    def _caption(self, rendition: Rendition, words: Transcript) -> None:
        if words.side is Side.SPOKEN and not self._is_heard(rendition):
            return
        language = words.language or (rendition.target if words.side is Side.SPOKEN else "")
        self._observers.tell(Caption(self._call, self.speaker, words.side, language, words.text))
        self._heard(self.speaker, words)

    def _new_inlet(self) -> Inlet:
        return Inlet(PCMU_8K.bytes_in(self._engine.chunk_ms), g711.SILENCE * PCMU_8K.bytes_in(20))
