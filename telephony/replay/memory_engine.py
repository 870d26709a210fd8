"""The simulated interpreter as an engine in memory: the same model as behind the local Live API, without its wire."""

import asyncio
from collections.abc import AsyncIterator, Callable

from telephony.audio.format import PCM16_16K, PCM16_24K, AudioFormat
from telephony.engines.base import EngineEvent, SessionLost, Side, Transcript, TranslatedAudio, Trouble
from telephony.simulator.live_api.model import LiveModel
from telephony.simulator.live_api.outputs import Audio, InputTranscript, Output

MOST_EVENTS = 1000


class MemorySession:
    """A `TranslationSession`. `model` keeps its report, `sent` every output with sound."""

    def __init__(self, model: LiveModel) -> None:
        self.model = model
        self.sent: list[Audio] = []
        self.open = True
        self._events: asyncio.Queue[EngineEvent] = asyncio.Queue(MOST_EVENTS)
        self._heard = asyncio.Event()
        self._speaker = asyncio.create_task(self._speak(), name="memory session")

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
            self.open = False
            self.model.end(self._now())
            self._speaker.cancel()
            await asyncio.wait((self._speaker,))
            await self._events.put(SessionLost(Trouble.DROPPED, "closed"))

    async def _speak(self) -> None:
        """Gives what is due; woken by what it hears."""
        while True:
            for output in self.model.due(self._now()):
                await self._events.put(self._event(output))
            self._heard.clear()
            due = self.model.next_due()
            try:
                async with asyncio.timeout(None if due is None else max(0.0, due - self._now())):
                    await self._heard.wait()
            except TimeoutError:
                continue

    def _event(self, output: Output) -> EngineEvent:
        if isinstance(output, Audio):
            if output.line is not None:
                self.sent.append(output)
            return TranslatedAudio(output.pcm24k)
        side = Side.HEARD if isinstance(output, InputTranscript) else Side.SPOKEN
        return Transcript(side, output.text_delta, output.language)

    def _now(self) -> float:
        return asyncio.get_running_loop().time()


class MemoryEngine:
    """An `Engine` for one fixture call. `sessions` are all that were ever opened, by target language."""

    input_format: AudioFormat = PCM16_16K
    output_format: AudioFormat = PCM16_24K
    chunk_ms = 100

    def __init__(self, models: Callable[[str], LiveModel]) -> None:
        self._models = models
        self.sessions: list[tuple[str, MemorySession]] = []

    async def open(self, target_language: str) -> MemorySession:
        session = MemorySession(self._models(target_language))
        self.sessions.append((target_language, session))
        return session

    async def close(self) -> None:
        for _, session in self.sessions:
            await session.close()
