"""The simulated interpreter as an engine in memory: the same model as behind the local Live API, without its wire.

It suffers what the call says, as the Live API does: a session is refused, loses its connection, stalls, and so on.
"""

import asyncio
from collections.abc import AsyncIterator, Callable

from telephony.audio.format import PCM16_16K, PCM16_24K, AudioFormat
from telephony.engines.base import (
    EngineEvent,
    GoAway,
    SessionLost,
    SessionRefused,
    Side,
    Transcript,
    TranslatedAudio,
    Trouble,
)
from telephony.replay.evidence import Happened, SessionMark
from telephony.simulator.live_api.fault_plan import FaultPlan, Refusing
from telephony.simulator.live_api.faults import Kind, Refused
from telephony.simulator.live_api.model import LiveModel
from telephony.simulator.live_api.outputs import Audio, InputTranscript, OutputTranscript
from telephony.simulator.live_api.refusal import QUOTA, Refusal
from telephony.simulator.live_api.troubled_model import EndAnnounced, Ended, FaultBegan, Happening, TroubledModel

MOST_EVENTS = 1000

TROUBLES = {
    Refused.QUOTA: Trouble.QUOTA,
    Refused.TOO_MANY_REQUESTS: Trouble.QUOTA,
    Refused.KEY: Trouble.KEY,
    Refused.MODEL: Trouble.MODEL,
    Refused.LANGUAGE: Trouble.LANGUAGE,
}
"""What an engine makes of a refusal."""


class MemorySession:
    """A `TranslationSession`. `model` keeps its report, `sent` every output with sound."""

    def __init__(self, model: TroubledModel, note: Callable[[Happened, str], None]) -> None:
        self.model = model
        self.sent: list[Audio] = []
        self.open = True
        self._note = note
        self._events: asyncio.Queue[EngineEvent] = asyncio.Queue(MOST_EVENTS)
        self._heard = asyncio.Event()
        self._speaker = asyncio.create_task(self._speak(), name="memory session")
        note(Happened.OPENED, "")

    async def send_audio(self, pcm: bytes) -> None:
        if self.open:
            self.model.hear(pcm, self._now())
            self._heard.set()

    async def events(self) -> AsyncIterator[EngineEvent]:
        while True:
            event = await self._events.get()
            yield event
            if isinstance(event, SessionLost):
                return

    async def close(self) -> None:
        if self.open:
            self._over("closed by the client")
            self._speaker.cancel()
            await asyncio.wait((self._speaker,))
            await self._events.put(SessionLost(Trouble.DROPPED, "closed"))

    async def _speak(self) -> None:
        """Gives what is due; woken by what it hears. Returns when a fault has ended the session."""
        while True:
            for output in self.model.due(self._now()):
                if isinstance(output, Ended):
                    self._over(f"closed with {output.close.code}")
                    await self._events.put(_lost(output.close))
                    return
                if event := self._event(output):
                    await self._events.put(event)
            self._heard.clear()
            due = self.model.next_due()
            try:
                async with asyncio.timeout(None if due is None else max(0.0, due - self._now())):
                    await self._heard.wait()
            except TimeoutError:
                continue

    def _over(self, why: str) -> None:
        self.open = False
        self.model.end(self._now())
        self._note(Happened.CLOSED, why)

    def _event(self, output: Audio | InputTranscript | OutputTranscript | Happening) -> EngineEvent | None:
        match output:
            case Audio():
                if output.line is not None:
                    self.sent.append(output)
                return TranslatedAudio(output.pcm24k)
            case InputTranscript():
                return Transcript(Side.HEARD, output.text_delta, output.language)
            case OutputTranscript():
                return Transcript(Side.SPOKEN, output.text_delta, output.language)
            case EndAnnounced():
                return GoAway(output.seconds_left)
            case FaultBegan():
                self._note(Happened.FAULT, output.kind.value)
        return None

    def _now(self) -> float:
        return asyncio.get_running_loop().time()


class MemoryEngine:
    """An `Engine` for one fixture call. `sessions` are all that were ever opened, by target language; `marks` is what
    happened to them, each named by its place in `sessions`."""

    input_format: AudioFormat = PCM16_16K
    output_format: AudioFormat = PCM16_24K
    chunk_ms = 100

    def __init__(self, models: Callable[[str], LiveModel], plan: FaultPlan | None = None) -> None:
        self._models = models
        self._plan = plan or FaultPlan()
        self.sessions: list[tuple[str, MemorySession]] = []
        self.marks: list[SessionMark] = []

    async def open(self, target_language: str) -> MemorySession:
        if status := self._plan.handshake():
            self._refused(target_language, f"HTTP {status}")
            raise SessionRefused(Trouble.QUOTA, f"the upgrade was answered with HTTP {status}")
        lot = self._plan.session(target_language)
        if lot.refusing:
            await self._refuse(target_language, lot.refusing)
        now = asyncio.get_running_loop().time()
        model = TroubledModel(self._models(target_language), lot.faults, self._plan.talk, now)
        number = len(self.sessions)
        session = MemorySession(model, lambda what, detail: self._mark(what, number, target_language, detail))
        self.sessions.append((target_language, session))
        return session

    async def close(self) -> None:
        for _, session in self.sessions:
            await session.close()

    async def _refuse(self, target: str, refusing: Refusing) -> None:
        await asyncio.sleep(refusing.after)
        close = refusing.refusal
        self._refused(target, str(close.code))
        trouble = TROUBLES[refusing.refused] if refusing.refused else Trouble.SETUP
        raise SessionRefused(trouble, f"closed with {close.code}: {close.reason.decode()}")

    def _refused(self, target: str, detail: str) -> None:
        self._mark(Happened.FAULT, None, target, Kind.REFUSE.value)
        self._mark(Happened.REFUSED, None, target, detail)

    def _mark(self, what: Happened, session: int | None, target: str, detail: str) -> None:
        self.marks.append(SessionMark(asyncio.get_running_loop().time(), what, session, target, detail))


def _lost(close: Refusal) -> SessionLost:
    """What an engine tells of a close in the middle of a session."""
    reason = close.reason.decode()
    trouble = Trouble.QUOTA if close.reason == QUOTA.reason else Trouble.DROPPED
    return SessionLost(trouble, f"closed with {close.code}: {reason}")
