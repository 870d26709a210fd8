"""One session's interpreter with its faults: what the model gives, as far as it still comes through. PURE

It has the face of a `LiveModel`. Beside the model's outputs `due` gives what happens to the session.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from telephony.simulator.live_api.fault_plan import TalkClock
from telephony.simulator.live_api.faults import AtSession, AtTalk, Fault, Heard, Kind, OfLine
from telephony.simulator.live_api.lines import HEARD_RATE, SPOKEN_RATE, KnownLine
from telephony.simulator.live_api.model import LiveModel
from telephony.simulator.live_api.outputs import Audio, InputTranscript, Output, OutputTranscript
from telephony.simulator.live_api.refusal import Refusal
from telephony.simulator.live_api.report import LineRecognised, ReportEvent
from telephony.simulator.live_api.stream import Arrivals

TONE_HZ = 440
_TONE_PEAK = 4600
"""About -20 dBFS RMS."""


@dataclass(frozen=True, slots=True)
class FaultBegan:
    """From now on the session suffers this."""

    at: float
    kind: Kind


@dataclass(frozen=True, slots=True)
class EndAnnounced:
    """goAway."""

    at: float
    seconds_left: float


@dataclass(frozen=True, slots=True)
class Ended:
    """The session is closed; nothing comes after this."""

    at: float
    close: Refusal


Happening = FaultBegan | EndAnnounced | Ended


class TroubledModel:
    """A session that was opened at `now`."""

    def __init__(self, model: LiveModel, faults: Sequence[Fault], talk: TalkClock, now: float) -> None:
        self._model = model
        self._waiting = list(faults)
        self._talk = talk
        self._opened = now
        self._reached = now
        """What was due by then has been given."""
        self._met: dict[Fault, float] = {}
        """When what a fault waits for was heard."""
        self._begins: dict[str, float] = {}
        """For each line understood: the sample of the stream at which its recording begins."""
        self._read = 0
        self._suffers: set[Kind] = set()
        self._language = ""
        self._closing: tuple[float, Refusal] | None = None
        self._over = False

    @property
    def report(self) -> list[ReportEvent]:
        return self._model.report

    @property
    def arrivals(self) -> Arrivals:
        return self._model.arrivals

    def hear(self, pcm16k: bytes, now: float) -> None:
        """The next sound, 16-bit little-endian mono at 16 kHz."""
        self._model.hear(pcm16k, now)
        self._read_report()
        for fault in self._waiting:
            if fault not in self._met and self._has_heard(fault):
                self._met[fault] = now

    def end(self, now: float) -> None:
        """The session is over: reports what was under way."""
        self._model.end(now)

    def next_due(self) -> float | None:
        if self._over:
            return None
        moments = (self._model.next_due(), self._next_change())
        return min((at for at in moments if at is not None), default=None)

    def due(self, now: float) -> list[Output | Happening]:
        """Everything that should have been sent, or should have happened, by now, in order."""
        outputs: list[Output | Happening] = []
        while not self._over and (at := self._next_change()) is not None and at <= now:
            outputs += self._said(at)
            outputs += self._change(at)
        if not self._over:
            outputs += self._said(now)
        return outputs

    def _next_change(self) -> float | None:
        """When the next fault comes, or the end that was announced."""
        moments = [self._moment(fault) for fault in self._waiting]
        moments.append(self._closing[0] if self._closing else None)
        at = min((at for at in moments if at is not None), default=None)
        return None if at is None else max(at, self._reached)

    def _moment(self, fault: Fault) -> float | None:
        match fault.trigger:
            case AtSession(seconds):
                return self._opened + seconds
            case AtTalk(seconds):
                return None if self._talk.began is None else self._talk.began + seconds
        return self._met.get(fault)

    def _change(self, at: float) -> Iterator[Happening]:
        if self._closing and self._closing[0] <= at:
            self._over = True
            yield Ended(at, self._closing[1])
            return
        fault = next(f for f in self._waiting if (moment := self._moment(f)) is not None and moment <= at)
        self._waiting.remove(fault)
        yield FaultBegan(at, fault.kind)
        match fault.kind:
            case Kind.GOAWAY:
                self._closing = (at + fault.seconds_left, fault.close)
                yield EndAnnounced(at, fault.seconds_left)
            case Kind.CLOSE:
                self._over = True
                yield Ended(at, fault.close)
            case Kind.SILENT | Kind.TONE:
                self._model.begin(at)
        self._suffers.add(fault.kind)
        self._language = fault.language or self._language

    def _said(self, now: float) -> Iterator[Output]:
        """What the model gives, as far as it comes through."""
        self._reached = max(self._reached, now)
        for output in self._model.due(now):
            if came := self._through(output):
                yield came

    def _through(self, output: Output) -> Output | None:
        if Kind.STALL in self._suffers:
            return None
        if self._suffers & {Kind.SILENT, Kind.TONE}:
            return self._without_words(output)
        if Kind.WRONG_LANGUAGE in self._suffers and isinstance(output, OutputTranscript):
            return replace(output, language=self._language)
        return output

    def _without_words(self, output: Output) -> Output | None:
        match output:
            case Audio():
                samples = len(output.pcm24k) // 2
                sound = _tone(output.sample, samples) if Kind.TONE in self._suffers else bytes(2 * samples)
                return Audio(output.at, sound, output.sample)
            case InputTranscript() | OutputTranscript():
                return None

    def _read_report(self) -> None:
        for event in self.report[self._read :]:
            if isinstance(event, LineRecognised):
                self._begins.setdefault(event.line, event.first_sample - event.position * HEARD_RATE)
                self._talk.heard(event.line, event.first_sample_at, event.position)
        self._read = len(self.report)

    def _has_heard(self, fault: Fault) -> bool:
        match fault.trigger:
            case Heard(seconds):
                return self.arrivals.samples >= seconds * HEARD_RATE
            case OfLine(line, share) if line in self._begins:
                return self.arrivals.samples >= self._begins[line] + share * self._length(line)
        return False

    def _length(self, line: str) -> int:
        known: KnownLine = self._model.line(line)
        return known.sound.size


def _tone(first: int, samples: int) -> bytes:
    """From sample `first` of a tone on, so that messages join without a click."""
    phase = 2 * np.pi * TONE_HZ / SPOKEN_RATE * np.arange(first, first + samples)
    sound: bytes = np.rint(_TONE_PEAK * np.sin(phase)).astype("<i2").tobytes()
    return sound
