"""One party of a call: its phone's sound both ways, how far it has come, and what it has been told."""

import asyncio
import contextlib
from collections.abc import Callable

import structlog

from telephony.audio.lag import Lag
from telephony.audio.playout import Mark, Playout
from telephony.calls.clock import Clock, until
from telephony.calls.observer import Role
from telephony.calls.state import LegState, further
from telephony.calls.ticket import Ticket
from telephony.carriers.base import AudioReceived, MarkReached, MediaStream, StreamClosed, StreamStopped
from telephony.carriers.verbs import Script

log = structlog.get_logger(__name__)

MARK_WITHIN = 2.0
"""Seconds beyond the backlog that the carrier may take to report that everything has been played."""


class Leg:
    """Owned by its call, which is told of every move. `said` is who listens to this party."""

    def __init__(self, name: str, role: Role, language: str, moved: Callable[["Leg"], None], clock: Clock) -> None:
        self.name = name
        self.role = role
        self.language = language
        self.state = LegState.NEW
        self.ticket = Ticket()
        self.carrier_call: str | None = None
        self.answers: dict[str, Script] = {}
        self.said: Callable[[bytes, float], None] | None = None
        self.playout = Playout()
        self._lag = Lag(self.playout)
        self.joined = asyncio.Event()
        self.over = asyncio.Event()
        self.gone = asyncio.Event()
        self._moved = moved
        self._clock = clock
        self._stream: MediaStream | None = None
        self._due = asyncio.Event()
        self._marks: dict[str, asyncio.Event] = {}

    def reach(self, state: LegState) -> None:
        """Moves forward to `state`; never back."""
        if further(self.state, state) is self.state:
            return
        self.state = state
        if state is LegState.JOINED:
            self.joined.set()
        if state in (LegState.LEFT, LegState.GONE):
            self.over.set()
        if state is LegState.GONE:
            self.gone.set()
        self._moved(self)

    def play(self, pcmu: bytes) -> None:
        """Queues sound for this party's ear."""
        now = self._clock()
        self.playout.push(pcmu, now)
        self._lag.queued(pcmu, now)
        self._due.set()

    @property
    def lag(self) -> float:
        """Seconds that this party hears behind what is queued for it, by what the carrier confirms."""
        return self._lag.at(self._clock())

    async def carry(self, stream: MediaStream) -> None:
        """Carries this leg's sound for as long as the stream lives."""
        self._stream = stream
        self.reach(LegState.JOINED)
        try:
            async with asyncio.TaskGroup() as tasks:
                speaker = tasks.create_task(self._speak(stream), name=f"speak to {self.name}")
                ended = await self._listen(stream)
                speaker.cancel()
        finally:
            self._stream = None
            for reached in self._marks.values():
                reached.set()
            self.reach(LegState.LEFT)
        if ended:
            self.reach(LegState.GONE)

    async def finish(self) -> None:
        """Returns when this party has heard everything that is queued, or will not hear it any more."""
        if self._stream is None:
            return
        reached = self._marks[self.playout.mark("end")] = asyncio.Event()
        self._due.set()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self.playout.backlog(self._clock()) + MARK_WITHIN):
                await reached.wait()

    async def end_stream(self, reason: str) -> None:
        """Ends the media stream; the carrier then asks for this leg's next step."""
        if self._stream is not None:
            await self._stream.close(reason)

    async def _listen(self, stream: MediaStream) -> bool:
        """Takes in what comes until the stream is over; True if the leg is over with it."""
        async for event in stream.events():
            match event:
                case AudioReceived():
                    if self.said is not None:
                        self.said(event.audio, self._clock())
                case MarkReached():
                    self._lag.reached(event.name, self._clock())
                    if reached := self._marks.pop(event.name, None):
                        reached.set()
                case StreamStopped():
                    log.info("media stream over", leg=self.name, reason=event.reason)
                    return event.leg_ended
        return False

    async def _speak(self, stream: MediaStream) -> None:
        """Sends what is due, then sleeps until something is."""
        with contextlib.suppress(StreamClosed):
            while True:
                for item in self.playout.due(self._clock()):
                    self._lag.sent(item)
                    await (stream.send_mark(item.name) if isinstance(item, Mark) else stream.send_audio(item.audio))
                self._due.clear()
                await until(self.playout.next_due(), self._due, self._clock)
