"""What a played call measures: how late each line was heard, and how much of that was our own doing.

Our own delay is taken from the outside, between what the phones did and what the interpreter saw: up, from the moment
the newest sound of a chunk was spoken to the moment the chunk arrived there; down, from the moment a message was sent
there to the moment its first sample was heard.
"""

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np

from telephony.audio import g711
from telephony.replay.evidence import Evidence, Spoken
from telephony.replay.likeness import Sound, level, locate
from telephony.simulator import recordings
from telephony.simulator.scenario import Line, Who

RATE = 8000
MESSAGE = 0.25
FRAME = 0.02
ALIKE = 0.85
AUDIBLE = -45.0
LATEST = 6.0
"""Seconds after it was sent within which a message is looked for."""


@dataclass(frozen=True, slots=True)
class HeardMessage:
    """One message of the interpreter as the listener heard it; `at` is None where it is not in the recording."""

    sent: float
    position: float
    at: float | None


@dataclass(frozen=True, slots=True)
class HeardLine:
    """A line as it arrived. Seconds: `span` from the speaker's first sound to the listener's, `gap` the longest break
    between sound that the interpreter sent without one."""

    line: Line
    said_at: float
    heard_at: float | None
    messages: tuple[HeardMessage, ...]
    gap: float
    whole: bool

    @property
    def span(self) -> float | None:
        return None if self.heard_at is None else self.heard_at - self.said_at

    @property
    def missing(self) -> int:
        return sum(message.at is None for message in self.messages)


class Measures:
    """Computed from the evidence alone."""

    def __init__(self, evidence: Evidence) -> None:
        self._evidence = evidence
        self._heard = {who: _sound(pcmu) for who, pcmu in evidence.heard.items()}

    @cached_property
    def lines(self) -> tuple[HeardLine, ...]:
        """Every line that was said, in the order in which it was."""
        by_id = {line.id: line for line in self._evidence.scenario.lines}
        said = sorted(self._evidence.lines, key=lambda line: line.at)
        return tuple(self._line(by_id[line.line], line.at) for line in said)

    @cached_property
    def spans(self) -> list[float]:
        return [line.span for line in self.lines if line.span is not None]

    @cached_property
    def delays_down(self) -> list[float]:
        return [m.at - m.sent for line in self.lines for m in line.messages if m.at is not None]

    @cached_property
    def delays_up(self) -> list[float]:
        """For every chunk that carries sound of a line that came through."""
        said = {line.line: line for line in self._evidence.lines}
        delays: list[float] = []
        for known in self._evidence.recognised:
            line = said[known.line]
            began = line.at + known.position
            for at, samples in self._evidence.arrivals.get(known.session, ()):
                newest = began + (samples - known.first_sample) / 16000
                if began <= newest <= (line.ended or line.at):
                    delays.append(at - newest)
        return delays

    def unexpected(self, who: Who) -> list[tuple[float, float]]:
        """Stretches (when, seconds) of the talk in which `who` heard sound that is no line's translation."""
        evidence = self._evidence
        if evidence.talk_began is None or who not in evidence.talk_ended:
            return []
        mine = [line for line in self.lines if line.line.who is who.other]
        known = [(m.at, m.at + MESSAGE) for line in mine for m in line.messages if m.at is not None]
        stretches: list[tuple[float, float]] = []
        loud_since: float | None = None
        at = evidence.talk_began + 0.2
        while at < evidence.talk_ended[who]:
            place = round((at - evidence.origin) * RATE)
            loud = level(self._heard[who][place : place + 160]) > AUDIBLE
            strange = loud and not any(a - FRAME <= at <= b + FRAME for a, b in known)
            if strange and loud_since is None:
                loud_since = at
            elif not strange and loud_since is not None:
                if at - loud_since > 0.1:
                    stretches.append((loud_since - evidence.origin, at - loud_since))
                loud_since = None
            at += FRAME
        return stretches

    def _line(self, line: Line, said_at: float) -> HeardLine:
        translation = recordings.read(line.translated).astype(np.float32)
        sent = [spoken for spoken in self._evidence.spoken if spoken.line == line.id]
        messages = tuple(
            heard
            for spoken in sent
            if (heard := self._message(self._heard[line.who.other], translation, spoken)) is not None
        )
        first = next((m for m in messages if m.at is not None), None)
        heard_at = None if first is None or first.at is None else first.at - max(first.position, 0.0)
        reached = max((spoken.position / 24000 + MESSAGE for spoken in sent), default=0.0)
        whole = reached >= translation.size / RATE - 0.05
        return HeardLine(line, said_at, heard_at, messages, _longest_gap(messages), whole)

    def _message(self, recording: Sound, translation: Sound, spoken: Spoken) -> HeardMessage | None:
        """None for a message whose sound is too faint to be looked for."""
        begin = spoken.position // 3
        needle = translation[max(begin, 0) : begin + round(MESSAGE * RATE)]
        if needle.size < 480 or level(needle) < AUDIBLE:
            return None
        earliest = round((spoken.at - self._evidence.origin) * RATE)
        place, alike = locate(needle, recording, earliest, earliest + round(LATEST * RATE))
        heard = self._evidence.origin + (place + min(begin, 0)) / RATE
        return HeardMessage(spoken.at, spoken.position / 24000, heard if alike >= ALIKE else None)


def _longest_gap(messages: tuple[HeardMessage, ...]) -> float:
    """Silence heard between two messages beyond what lies between them at the interpreter."""
    gaps = [
        (after.at - before.at) - max(after.position - before.position, after.sent - before.sent)
        for before, after in pairwise(messages)
        if before.at is not None and after.at is not None and after.sent - before.sent < MESSAGE * 1.5
    ]
    return max((*gaps, 0.0))


def _sound(pcmu: bytes) -> Sound:
    return np.frombuffer(g711.decode(pcmu), dtype="<i2").astype(np.float32)


def percentile(values: list[float], share: float) -> float | None:
    """The value below which `share` (0 to 1) of the values lie; None of none."""
    return float(np.quantile(values, share)) if values else None
