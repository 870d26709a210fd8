"""The carrier's end of one media stream: a websocket to the service, with 20 ms of sound each way.

Sources: twilio.com/docs/voice/media-streams and /websocket-messages, /docs/voice/twiml/stream (the status callback),
/docs/api/errors/319xx. The service closes the socket to go on with the call's script; when the call ends before, `stop`
is sent and the socket closed.
"""

import asyncio
import socket
from array import array
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from aiohttp import ClientWebSocketResponse, WSMsgType

from telephony.simulator.carrier import forms
from telephony.simulator.carrier.handshake import open_socket
from telephony.simulator.carrier.pacing import PTIME, clock, ticks
from telephony.simulator.carrier.records import StreamRecord
from telephony.simulator.carrier.request import Request
from telephony.simulator.carrier.sids import STREAM, new_sid
from telephony.simulator.carrier.stream_messages import (
    LEAD_MS,
    Clear,
    InvalidMessageError,
    Mark,
    Media,
    Writer,
    understood,
)
from telephony.simulator.carrier.stream_url import StreamError
from telephony.simulator.carrier.tasks import put_away
from telephony.simulator.carrier.verbs import Stream
from telephony.simulator.line_faults import FaultyLine
from telephony.simulator.playback import Playback

if TYPE_CHECKING:
    from telephony.simulator.carrier.call import Call

PROTOCOL = 31924
DISCARDED = 31931
TRACK = 31941
MALFORMED_MESSAGE = 31950
INVALID_MESSAGE = 31951


class MediaStream:
    """One `<Stream>` of a call."""

    def __init__(self, call: "Call", verb: Stream) -> None:
        self.sid = new_sid(STREAM)
        self._call = call
        self._verb = verb
        self._faults = call.exchange.faults
        self._writer = Writer(
            call.exchange.account, call.facts.sid, self.sid, as_numbers=self._faults.numbers_as_numbers
        )
        self._playback = Playback()
        self._echoes: list[str] = []
        """Marks to send back with the next frame."""
        self._line: FaultyLine[str] = FaultyLine(call.phone.manners.line_faults)
        self._held: list[str] = []
        """Messages that wait for their bunch to be full."""
        self._sent_at = array("d")
        self._underruns: list[float] = []
        self._marks = 0
        self._warned: set[int] = set()

    async def run(self) -> None:
        """Returns when the stream is over, or never came about. Cancelled when the call ends."""
        try:
            if self._verb.track != "inbound_track":
                raise StreamError(TRACK, "a bidirectional stream has the inbound track alone")
            websocket = await open_socket(self._call.exchange, self._verb.url)
        except StreamError as error:
            self._call.problem(error.code, error.reason)
            self._report("stream-error", f"{error.code} - Stream - {error.reason}")
            return
        self._report("stream-started")
        began = clock()
        try:
            await self._converse(websocket, began)
            await _hang_up(websocket)
        except asyncio.CancelledError:
            await self._stop(websocket)
            raise
        finally:
            self._record(began)

    async def _converse(self, websocket: ClientWebSocketResponse, began: float) -> None:
        """Speak and listen until the service closes the socket or the connection breaks."""
        tasks = [
            asyncio.create_task(self._speak(websocket, began), name=f"{self.sid} speaks"),
            asyncio.create_task(self._listen(websocket), name=f"{self.sid} listens"),
        ]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            await put_away(*tasks)

    async def _speak(self, websocket: ClientWebSocketResponse, began: float) -> None:
        """Everything that is sent, in one place so that the sequence numbers are in order."""
        try:
            await _send(websocket, [self._writer.connected(), self._writer.start(dict(self._verb.parameters))])
            with self._call.sounding(clock()):
                async for now in ticks(began + LEAD_MS / 1000):
                    if self._broken(now - began):
                        websocket.get_extra_info("socket").shutdown(socket.SHUT_RDWR)
                        return
                    await self._tick(websocket, now)
        except (ConnectionError, OSError):
            return

    async def _tick(self, websocket: ClientWebSocketResponse, now: float) -> None:
        """Send the 20 ms that have just been said; play the next 20 ms."""
        phone = self._call.phone
        talk = phone.talking(now - PTIME)
        said = self._line.sound(phone.frame(now - PTIME), talk)
        self._held += self._line.order([self._writer.media(frame) for frame in said], talk)
        full = len(self._held) >= self._faults.bunch
        messages = [self._writer.dtmf(key) for key in phone.keys_due(now)]
        if messages:
            self._call.note("digits", stream=self.sid, count=len(messages))
        messages += self._play(now)
        if not full and not messages:
            return
        self._sent_at.extend([clock()] * len(self._held))
        self._held, held = [], self._held
        await _send(websocket, held + messages)

    def _play(self, now: float) -> list[str]:
        """Let the phone hear the next 20 ms. Returns the messages for marks that were reached or cleared."""
        frame, reached = self._playback.tick()
        self._call.phone.hear(frame, now)
        if self._playback.underruns > len(self._underruns):
            self._underruns.append(now)
            self._call.note("underrun", at=now, stream=self.sid)
        names = self._echoes + reached
        self._echoes = []
        self._marks += len(names)
        for name in names:
            self._call.note("mark", at=now, stream=self.sid, name=name)
        return [self._writer.mark(name) for name in names]

    async def _listen(self, websocket: ClientWebSocketResponse) -> None:
        async for message in websocket:
            if message.type is WSMsgType.TEXT:
                self._take(message.data)
            elif message.type is WSMsgType.BINARY:
                self._warn(MALFORMED_MESSAGE, "a binary frame")
            elif message.type is WSMsgType.ERROR:
                self._warn(PROTOCOL, "the connection broke the websocket protocol")

    def _take(self, text: str) -> None:
        try:
            message = understood(text, self.sid)
        except InvalidMessageError as error:
            self._warn(INVALID_MESSAGE, str(error))
            return
        match message:
            case Media(audio):
                self._playback.media(audio)
            case Mark(name):
                self._echoes += self._playback.mark(name)
            case Clear():
                self._echoes += self._playback.clear()
        if self._playback.discarded:
            self._warn(DISCARDED, "more than ten minutes are buffered")

    async def _stop(self, websocket: ClientWebSocketResponse) -> None:
        """The call ends: say so and close. Marks that still wait are not sent back."""
        try:
            await _send(websocket, [*self._held, self._writer.stop()])
        except (ConnectionError, OSError):
            return
        finally:
            await websocket.close()

    def _broken(self, age: float) -> bool:
        return self._faults.drop_streams_after is not None and age >= self._faults.drop_streams_after

    def _warn(self, code: int, reason: str) -> None:
        """Warnings are given once a stream."""
        if code not in self._warned:
            self._warned.add(code)
            self._call.problem(code, reason)

    def _report(self, event: str, error: str = "") -> None:
        call, verb = self._call, self._verb
        call.note(event.replace("-", " "), stream=self.sid)
        if verb.status_callback:
            fields = forms.stream(call.facts, self.sid, verb.name, event, datetime.now(UTC), error)
            call.reports.tell(Request(verb.status_callback, verb.status_callback_method, fields))

    def _record(self, began: float) -> None:
        self._report("stream-stopped")
        sent = tuple(self._sent_at)
        self._call.streams.append(StreamRecord(self.sid, began, clock(), sent, tuple(self._underruns), self._marks))
        first = sent[0] if sent else began
        offsets = [round((at - first) * 1000, 1) for at in sent]
        self._call.note("frames", stream=self.sid, first=round(first, 6), sent_ms=offsets)
        if self._line.inflicted:
            self._call.note("line", stream=self.sid, frames=dict(self._line.inflicted))


async def _send(websocket: ClientWebSocketResponse, messages: Sequence[str]) -> None:
    for message in messages:
        await websocket.send_str(message)


async def _hang_up(websocket: ClientWebSocketResponse) -> None:
    if not websocket.closed:
        await websocket.close()
