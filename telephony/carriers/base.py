"""The phone side as the rest of the house sees it: media events, and the three ports a carrier fills or calls.

A carrier owns the wire: it checks who calls, turns messages into these events and scripts into its own markup. A call
has two names: the carrier's (`carrier_call`, e.g. a CallSid) and ours (`call`, a random id that means nothing
elsewhere).
"""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from telephony.audio.format import AudioFormat
from telephony.carriers.verbs import Script


@dataclass(frozen=True, slots=True)
class StreamStarted:
    """The first event of a stream. `parameters` are those of the `ConnectStream` verb that opened it."""

    carrier_call: str
    stream: str
    parameters: Mapping[str, str] = field(repr=False)
    format: AudioFormat


@dataclass(frozen=True, slots=True)
class AudioReceived:
    """Sound from this party, in the stream's own format. `chunk` counts from 1; a step of more than 1 is a loss."""

    audio: bytes = field(repr=False)
    chunk: int
    timestamp_ms: int


@dataclass(frozen=True, slots=True)
class DtmfReceived:
    """One key pressed."""

    digit: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class MarkReached:
    """Everything sent before the mark `name` has been played (or was cleared)."""

    name: str


@dataclass(frozen=True, slots=True)
class StreamStopped:
    """The last event of a stream, whether the carrier said so or the wire broke.

    `leg_ended`: the carrier said so, and its leg is over; otherwise the leg goes on with its script.
    """

    reason: str
    leg_ended: bool = False


MediaEvent = StreamStarted | AudioReceived | DtmfReceived | MarkReached | StreamStopped


class StreamClosed(Exception):
    """The other end of a media stream is gone; there is nothing to send to."""


class MediaStream(Protocol):
    """One leg's sound, both ways. Owned by the carrier; read by exactly one task."""

    @property
    def started(self) -> StreamStarted: ...

    def events(self) -> AsyncIterator[MediaEvent]:
        """Everything after `started`, ending with `StreamStopped`."""
        ...

    async def send_audio(self, audio: bytes) -> None:
        """Queue sound at the far end. Raises StreamClosed."""
        ...

    async def send_mark(self, name: str) -> None:
        """Ask to be told when everything sent so far has been played. Raises StreamClosed."""
        ...

    async def clear(self) -> None:
        """Drop what the far end has not played yet; its marks come back at once. Raises StreamClosed."""
        ...

    async def close(self, reason: str) -> None:
        """End the stream (the leg itself goes on with its script). Idempotent."""
        ...


class LegStatus(StrEnum):
    """How a leg stands, in the words carriers share."""

    QUEUED = "queued"
    INITIATED = "initiated"
    RINGING = "ringing"
    ANSWERED = "answered"
    COMPLETED = "completed"
    BUSY = "busy"
    NO_ANSWER = "no-answer"
    FAILED = "failed"
    CANCELED = "canceled"

    @property
    def final(self) -> bool:
        return self in FINAL


FINAL = frozenset({LegStatus.COMPLETED, LegStatus.BUSY, LegStatus.NO_ANSWER, LegStatus.FAILED, LegStatus.CANCELED})


class DialRefused(Exception):
    """The carrier would not place a call. `args[0]` says why without naming a number."""


LONGEST_LEG = 4 * 3600
"""Seconds after which a carrier ends a leg that nobody has limited otherwise."""


class CallControl(Protocol):
    """What we ask of a carrier between webhooks."""

    async def dial(
        self,
        address: str,
        *,
        call: str,
        leg: str,
        ring_seconds: int,
        machine_detection: bool = False,
        time_limit: int = LONGEST_LEG,
        caller_id: str | None = None,
    ) -> str:
        """Ring `address`; the answered leg asks the step "answered". Returns the carrier's id of the new leg.

        `machine_detection`: find out first whether a machine answered, which costs some seconds; the step is told
        (`Answer.machine`). `time_limit`: seconds after the answer at which the carrier ends the leg, whatever we do.
        `caller_id`: which of our numbers the phone shows; None is the line's own. Raises DialRefused.
        """
        ...

    async def redirect(self, carrier_call: str, *, call: str, leg: str, step: str) -> None:
        """Break off what an answered leg is doing and have it ask `step`. A leg that has ended already is fine."""
        ...

    async def hang_up(self, carrier_call: str) -> None:
        """End a leg whatever it is doing. A leg that has ended already is fine."""
        ...

    async def standing(self, carrier_call: str) -> LegStatus:
        """How a leg stands now, asked of the carrier; COMPLETED for one it does not know. Raises DialRefused."""
        ...


@dataclass(frozen=True, slots=True)
class IncomingCall:
    """Somebody rang our number. `caller` and `called` are addresses, never logged."""

    carrier_call: str
    caller: str = field(repr=False)
    called: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a party answered to a Gather: keys, or words as the carrier's recogniser heard them. Both may be empty.

    `machine`: the carrier has found that no person answered this leg; only where `dial` asked for it.
    """

    keys: str = field(default="", repr=False)
    words: str = field(default="", repr=False)
    machine: bool = False


class UnknownCall(Exception):
    """A request names a call, leg, step or stream that is not ours, or not any more.

    Harmless: a leg that asks is hung up, a report is dropped; only a stream's handshake is refused, without detail.
    """


class CallHandler(Protocol):
    """What a carrier asks of us. Every method is idempotent: the same question gets the same answer."""

    async def incoming(self, incoming: IncomingCall) -> tuple[str, str, Script]:
        """A call comes in. Returns our call id, the leg's name and what the leg does first."""
        ...

    async def step(self, call: str, leg: str, step: str, carrier_call: str, answer: Answer) -> Script:
        """A leg has come to `step`: what now? Raises UnknownCall."""
        ...

    async def status(self, call: str, leg: str, carrier_call: str, status: LegStatus) -> None:
        """The carrier tells how a leg stands; reports come in any order and more than once. Raises UnknownCall."""
        ...

    async def line_status(self, carrier_call: str, status: LegStatus) -> None:
        """The same for a call that came in, told by the number it rang. Raises UnknownCall."""
        ...

    def expects_stream(self, call: str, leg: str) -> bool:
        """Whether a stream for this leg may be accepted now (asked before the websocket is)."""
        ...

    async def stream(self, call: str, leg: str, stream: MediaStream) -> None:
        """A leg's sound has arrived; returns when the leg is done with it. Raises UnknownCall on a wrong token."""
        ...
