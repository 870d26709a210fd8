"""A media stream in memory: one phone's sound in 20 ms frames, both ways, no wire between."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Protocol

from telephony.carriers.base import (
    AudioReceived,
    DtmfReceived,
    MarkReached,
    MediaEvent,
    StreamClosed,
    StreamStarted,
    StreamStopped,
)
from telephony.simulator.line_faults import FaultyLine
from telephony.simulator.manners import Manners
from telephony.simulator.playback import Playback

PTIME = 0.02
MOST_EVENTS = 1000


def now() -> float:
    """Seconds of the running loop's clock."""
    return asyncio.get_running_loop().time()


class StreamedPhone(Protocol):
    """What a stream asks of the phone at its end."""

    manners: Manners

    def frame(self, now: float) -> bytes: ...

    def hear(self, frame: bytes, now: float) -> None: ...

    def keys_due(self, now: float) -> str: ...

    def talking(self, now: float) -> float | None: ...

    def hangs_up(self, now: float) -> bool: ...


class MemoryStream:
    """A `MediaStream` between the service and one phone."""

    def __init__(self, started: StreamStarted, phone: StreamedPhone, ptime: float = PTIME) -> None:
        self.started = started
        self.playback = Playback()
        self.line: FaultyLine[AudioReceived] = FaultyLine(phone.manners.line_faults)
        self._chunk = 0
        self._phone = phone
        self._ptime = ptime
        self._events: asyncio.Queue[MediaEvent] = asyncio.Queue(MOST_EVENTS)
        self._over = False

    async def run(self) -> bool:
        """Carries sound until the service closes the stream (False) or the party hangs up (True)."""
        due = now()
        while not self._over:
            self._tick(now())
            if self._phone.hangs_up(now()):
                self._stop("hung up", leg_ended=True)
                return True
            due += self._ptime
            await asyncio.sleep(max(0.0, due - now()))
        return False

    async def events(self) -> AsyncIterator[MediaEvent]:
        while True:
            event = await self._events.get()
            yield event
            if isinstance(event, StreamStopped):
                return

    async def send_audio(self, audio: bytes) -> None:
        self._check()
        self.playback.media(audio)

    async def send_mark(self, name: str) -> None:
        self._check()
        self._echo(self.playback.mark(name))

    async def clear(self) -> None:
        self._check()
        self._echo(self.playback.clear())

    async def close(self, reason: str) -> None:
        self.broke(reason)

    def broke(self, reason: str) -> None:
        """The wire is gone, whoever cut it; the leg goes on with its script."""
        if not self._over:
            self._stop(reason, leg_ended=False)

    def stopped(self, reason: str) -> None:
        """The carrier ends the stream: its leg is over, or is taken elsewhere, which no message tells apart
        (twilio.com/docs/voice/media-streams/websocket-messages: `stop`)."""
        if not self._over:
            self._stop(reason, leg_ended=True)

    def _tick(self, at: float) -> None:
        heard, marks = self.playback.tick()
        self._phone.hear(heard, at)
        self._echo(marks)
        talk = self._phone.talking(at - PTIME)
        said = self.line.sound(self._phone.frame(at - PTIME), talk)
        for message in self.line.order([self._message(frame) for frame in said], talk):
            self._events.put_nowait(message)
        for digit in self._phone.keys_due(at):
            self._events.put_nowait(DtmfReceived(digit))

    def _message(self, frame: bytes) -> AudioReceived:
        self._chunk += 1
        return AudioReceived(frame, self._chunk, self._chunk * 20)

    def _echo(self, marks: Sequence[str]) -> None:
        for name in marks:
            self._events.put_nowait(MarkReached(name))

    def _stop(self, reason: str, *, leg_ended: bool) -> None:
        self._over = True
        self._events.put_nowait(StreamStopped(reason, leg_ended))

    def _check(self) -> None:
        if self._over:
            raise StreamClosed("the stream is over")
