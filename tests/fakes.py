"""Stand-ins at the heart's ports: phones that hum one tone, and an engine that repeats what it hears."""

import asyncio
from collections.abc import AsyncIterator

import numpy as np
from numpy.typing import NDArray

from telephony.audio import g711
from telephony.audio.format import PCM16_16K, PCM16_24K, AudioFormat
from telephony.engines.base import EngineEvent, SessionLost, SessionRefused, TranslatedAudio, Trouble
from telephony.simulator.manners import Manners

MESSAGE_SAMPLES = 6000


def hum(frequency: float, seconds: float, rate: int = 8000) -> bytes:
    """A sine as PCM16, at -12 dBFS; whole hertz and seconds can be repeated without a seam."""
    time = np.arange(round(seconds * rate)) / rate
    samples: NDArray[np.int16] = (8192 * np.sin(2 * np.pi * frequency * time)).astype("<i2")
    return samples.tobytes()


def share_of(frequency: float, pcmu: bytes) -> float:
    """How much of the energy of mu-law sound lies within 30 Hz of `frequency`, 0 to 1."""
    samples = np.frombuffer(g711.decode(pcmu), "<i2").astype(float)
    power = np.abs(np.fft.rfft(samples * np.hanning(samples.size))) ** 2
    near = np.abs(np.fft.rfftfreq(samples.size, 1 / 8000) - frequency) <= 30
    return float(power[near].sum() / power.sum()) if power.sum() else 0.0


class HummingPhone:
    """Hums from `start` to `stop` (seconds), keeps what it hears, and hangs up at `leaves`.

    With `syllable` it hums for so long and rests for so long, as no engine that has broken does.
    """

    def __init__(
        self,
        frequency: float,
        *,
        start: float = 0.0,
        stop: float = float("inf"),
        leaves: float = float("inf"),
        syllable: float | None = None,
    ) -> None:
        self.frequency = frequency
        self.heard = bytearray()
        self.manners = Manners()
        self._start, self._stop, self._leaves = start, stop, leaves
        self._syllable = syllable
        self._sample = 0
        self._second = g711.encode(hum(frequency, 1.0))

    def frame(self, now: float) -> bytes:
        self._sample = (self._sample + 160) % 8000
        resting = self._syllable is not None and now // self._syllable % 2
        if resting or not self._start <= now < self._stop:
            return b"\xff\x7f" * 80
        return self._second[self._sample : self._sample + 160]

    def hear(self, frame: bytes, _now: float) -> None:
        self.heard += frame

    def keys_due(self, _now: float) -> str:
        return ""

    def talking(self, now: float) -> float:
        return now

    def hangs_up(self, now: float) -> bool:
        return now >= self._leaves


class EchoSession:
    """Says in 250 ms messages what it has heard `lag` seconds before, and zeros until then."""

    def __init__(self, lag: float) -> None:
        self.closed = False
        self.heard_ms = 0.0
        self.voiced_ms = 0.0
        self._waiting = np.zeros(round(lag * 24000))
        self._events: asyncio.Queue[EngineEvent] = asyncio.Queue(1000)

    async def send_audio(self, pcm: bytes) -> None:
        samples = np.frombuffer(pcm, "<i2").astype(float)
        self.heard_ms += samples.size / 16
        self.voiced_ms += samples.size / 16 if np.abs(samples).max() > 200 else 0
        places = np.arange(samples.size * 3 // 2) * 2 / 3
        self._waiting = np.concatenate((self._waiting, np.interp(places, np.arange(samples.size), samples)))
        while self._waiting.size >= MESSAGE_SAMPLES:
            message, self._waiting = self._waiting[:MESSAGE_SAMPLES], self._waiting[MESSAGE_SAMPLES:]
            self._events.put_nowait(TranslatedAudio(message.astype("<i2").tobytes()))

    async def events(self) -> AsyncIterator[EngineEvent]:
        while True:
            event = await self._events.get()
            yield event
            if isinstance(event, SessionLost):
                return

    def lose(self, trouble: Trouble = Trouble.DROPPED) -> None:
        self._events.put_nowait(SessionLost(trouble, "lost by the test"))

    async def close(self) -> None:
        self.closed = True


class EchoEngine:
    """Opens echo sessions, or refuses the languages in `refuses`."""

    input_format: AudioFormat = PCM16_16K
    output_format: AudioFormat = PCM16_24K
    chunk_ms = 100

    def __init__(self, *, lag: float = 0.5, refuses: dict[str, Trouble] | None = None) -> None:
        self.sessions: dict[str, EchoSession] = {}
        self._lag = lag
        self.refuses = refuses or {}

    async def open(self, target_language: str) -> EchoSession:
        if trouble := self.refuses.get(target_language):
            raise SessionRefused(trouble, "refused by the test")
        session = self.sessions[target_language] = EchoSession(self._lag)
        return session

    async def close(self) -> None:
        return
