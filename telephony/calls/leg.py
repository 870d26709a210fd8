"""One party of a call: its phone's sound both ways, how far it has come, and what it has been told.

A leg outlives its media stream: the carrier takes it out to speak to it, a socket breaks, and it comes back with a new
one. What it said and was to hear is the same leg's before and after.
"""

import asyncio
import contextlib
from collections.abc import Callable
from typing import Protocol

import structlog

from telephony.audio.echo import EchoGate
from telephony.audio.incoming import IncomingLine
from telephony.audio.lag import Lag
from telephony.audio.playout import Mark, Playout
from telephony.calls.clock import Clock, until
from telephony.calls.observer import Role
from telephony.calls.state import LegState, further
from telephony.calls.ticket import Ticket
from telephony.carriers.base import (
    Answer,
    AudioReceived,
    DtmfReceived,
    MarkReached,
    MediaStream,
    StreamClosed,
    StreamStopped,
)
from telephony.carriers.verbs import Script

log = structlog.get_logger(__name__)

MARK_WITHIN = 2.0
"""Seconds beyond the backlog that the carrier may take to report that everything has been played."""


class Tap(Protocol):
    """Takes 20 ms of PCMU that came from a party's phone, or that were sent to it."""

    def said(self, pcmu: bytes, now: float) -> None: ...

    def heard(self, pcmu: bytes, now: float) -> None: ...


class Leg:
    """Owned by its call, which is told of every move. `said` is who listens to this party, `pressed` to its keys."""

    def __init__(self, name: str, role: Role, language: str, moved: Callable[["Leg"], None], clock: Clock) -> None:
        self.name = name
        self.role = role
        self.language = language
        """What it is spoken to in."""
        self.party = ""
        """Who it is, where the roster knows; never a number."""
        self.state = LegState.NEW
        self.ticket = Ticket()
        self.carrier_call: str | None = None
        self.answers: dict[str, Script] = {}
        """What was answered to each step it asked."""
        self.arrived = False
        """It rang us: it is on the line from the first moment."""
        self.may_be_recorded = False
        """It has agreed to be recorded."""
        self.sent_to: str | None = None
        """The step it was sent to and has not asked yet: until it does, the end of a stream is not the end of it."""
        self.rung = False
        """Somebody rings it and waits for it."""
        self.confers = False
        """It is in the carrier's conference, and asks nothing while it is there."""
        self.told_why = False
        """It has been answered with a farewell."""
        self.planned: dict[str, Callable[[Answer], Script]] = {}
        """What is to be answered to steps that it is being sent to."""
        self.said: Callable[[bytes, float], None] | None = None
        self.pressed: Callable[[str], None] | None = None
        self.tap: Tap | None = None
        """Keeps what it says and hears, while that may be kept."""
        self.playout = Playout()
        self.contact_at = clock()
        """When it was last heard of: a step it asked, a stream that began or ended."""
        self.sound_at = clock()
        """When sound last came from it."""
        self.joined = asyncio.Event()
        self.over = asyncio.Event()
        self.gone = asyncio.Event()
        self.echo: EchoGate | None = EchoGate()
        """Keeps what it hears from being taken for what it says; None: nothing does."""
        self.line = IncomingLine()
        """What comes from it, put right and counted."""
        self.line_figures = self.line.figures(clock())
        """As they stood when its last stream ended."""
        self._lag = Lag(self.playout)
        self._moved = moved
        self._clock = clock
        self._stream: MediaStream | None = None
        self._called_away = False
        """It was asked out of its stream; the end of the stream is not the end of the leg."""
        self._due = asyncio.Event()
        self._marks: dict[str, asyncio.Event] = {}

    def reach(self, state: LegState) -> None:
        """Moves to `state`, if that is further than where it is."""
        if (reached := further(self.state, state)) is self.state:
            return
        self.state = reached
        self.contact_at = self._clock()
        if reached is LegState.JOINED:
            self.joined.set()
        if reached is LegState.GONE:
            self.over.set()
            self.gone.set()
        self._moved(self)

    def restore(self, state: LegState, carrier_call: str | None) -> None:
        """Takes over a leg that another process has carried this far, without telling anybody."""
        self.state = LegState.AWAY if state is LegState.JOINED else state
        self.carrier_call = carrier_call
        if self.state is LegState.AWAY:
            self.joined.set()
        if state is LegState.GONE:
            self.over.set()
            self.gone.set()

    def admit(self) -> str:
        """The token of a ticket for the next stream. Tickets given out before are void."""
        self.ticket = Ticket()
        return self.ticket.token

    def play(self, pcmu: bytes) -> None:
        """Queues sound for this party's ear."""
        now = self._clock()
        self.playout.push(pcmu, now)
        self._lag.queued(pcmu, now)
        self._due.set()

    def overhear(self, pcmu: bytes) -> None:
        """Every 20 ms of the other party's own voice; whether and how loud it is heard, `playout` decides."""
        if self.hears:
            self.playout.original(pcmu, self._clock())
            self._due.set()

    @property
    def direct(self) -> bool:
        """Whether the other party is heard directly, at full level, because nobody interprets."""
        return self.playout.direct

    @direct.setter
    def direct(self, direct: bool) -> None:
        self.playout.direct = direct

    @property
    def hears(self) -> bool:
        """Whether it has a stream now."""
        return self._stream is not None

    @property
    def lag(self) -> float:
        """Seconds that this party hears behind what is queued for it, by what the carrier confirms."""
        return self._lag.at(self._clock())

    async def carry(self, stream: MediaStream) -> None:
        """Carries this leg's sound for as long as the stream lives; a stream that it had before is ended."""
        await self.end_stream("another stream took over")
        self._stream = stream
        self._called_away = self.confers = False
        self._lag.reconnected()
        self.sound_at = self._clock()
        self.reach(LegState.JOINED)
        ended = False
        try:
            async with asyncio.TaskGroup() as tasks:
                speaker = tasks.create_task(self._speak(stream), name=f"speak to {self.name}")
                ended = await self._listen(stream)
                speaker.cancel()
        finally:
            if self._stream is stream:
                self._stream = None
                self._left(ended)

    async def finish(self) -> None:
        """Returns when this party has heard everything that is queued, or will not hear it any more."""
        if self._stream is None:
            return
        reached = self._marks[self.playout.mark("end")] = asyncio.Event()
        self._due.set()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self.playout.backlog(self._clock()) + MARK_WITHIN):
                await reached.wait()

    def called_away(self) -> None:
        """The carrier was asked to take it out of its stream, to speak to it or to send it elsewhere."""
        self._called_away = self._stream is not None

    async def end_stream(self, reason: str) -> None:
        """Ends the media stream; the carrier then asks for this leg's next step."""
        if self._stream is not None:
            self._called_away = True
            await self._stream.close(reason)

    def _left(self, ended: bool) -> None:
        for reached in self._marks.values():
            reached.set()
        self._marks.clear()
        goes_on = self._called_away or self.sent_to is not None
        self.line_figures = self.line.figures(self._clock())
        self.reach(LegState.GONE if ended and not goes_on else LegState.AWAY)

    async def _listen(self, stream: MediaStream) -> bool:
        """Takes in what comes until the stream is over; True if the leg is over with it."""
        async for event in stream.events():
            match event:
                case AudioReceived():
                    self._hear(event)
                case DtmfReceived():
                    self.line.key(self._clock())
                    if self.pressed is not None:
                        self.pressed(event.digit)
                case MarkReached():
                    self._lag.reached(event.name, self._clock())
                    if reached := self._marks.pop(event.name, None):
                        reached.set()
                case StreamStopped():
                    log.info("media stream over", leg=self.name, reason=event.reason)
                    return event.leg_ended
        return False

    def _hear(self, event: AudioReceived) -> None:
        """One message of its sound: put in order, without keys; none or several frames of 20 ms come of it."""
        now = self.sound_at = self._clock()
        for frame in self.line.audio(event.audio, event.chunk, event.timestamp_ms, now):
            if self.tap is not None:
                self.tap.said(frame, now)
            said = self.echo.said(frame, now) if self.echo else frame
            if self.said is not None:
                self.said(said, now)

    def _sounds(self, pcmu: bytes) -> None:
        """20 ms are about to be heard by it."""
        now = self._clock()
        if self.echo:
            self.echo.heard(pcmu, now)
        if self.tap is not None:
            self.tap.heard(pcmu, now)

    async def _speak(self, stream: MediaStream) -> None:
        """Sends what is due, then sleeps until something is."""
        with contextlib.suppress(StreamClosed):
            while True:
                for item in self.playout.due(self._clock()):
                    self._lag.sent(item)
                    if not isinstance(item, Mark):
                        self._sounds(item.audio)
                    await (stream.send_mark(item.name) if isinstance(item, Mark) else stream.send_audio(item.audio))
                self._due.clear()
                await until(self.playout.next_due(), self._due, self._clock)
