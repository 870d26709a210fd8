"""What a played call measures: how late each line was heard, and how much of that was our own doing.

Our own delay is taken from the outside, between what the phones did and what the interpreter saw: up, from the moment
the newest sound of a chunk was spoken to the moment the chunk arrived there; down, from the moment a message was sent
there to the moment its first sample was heard.
"""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from telephony.replay.catching_up import catching_up, replacements
from telephony.replay.evidence import Evidence, Spoken
from telephony.replay.heard import AUDIBLE, MESSAGE, HeardMessage, cut_off, first_heard, located, longest_gap, messages
from telephony.replay.likeness import Sound, level
from telephony.replay.passages import Passages, passages
from telephony.replay.voices import VoiceHeard, Voices, any_within
from telephony.simulator.live_api.lines import as_spoken
from telephony.simulator.scenario import Line, Who

RATE = 8000
FRAME = 0.02
LATEST = 15.0
"""Seconds after a line's last message within which its translation is looked for."""

LEFT = 0.5
"""Seconds before a listener hangs up in which sound may be on its way."""

PATIENCE = 6.0
"""Seconds beyond a line's and its translation's own length that the interpreter may take."""


@dataclass(frozen=True, slots=True)
class HeardLine:
    """A line as it arrived. Seconds: `span` from the speaker's first sound to the listener's, `gap` the longest break
    between sound that one session of the interpreter sent without one, `length` that of the whole translation, `lost`
    what of it should have been heard and was not, `repeated` what was heard again. `whole`: all of it was sent.

    `voice` is what was heard of the speaker's own voice, where that may be heard in the call. Of a line that is to be
    heard directly everything else is about the voice, too, and there is no span."""

    line: Line
    said_at: float
    heard_at: float | None
    messages: tuple[HeardMessage, ...]
    gap: float
    whole: bool
    length: float
    lost: float
    repeated: float
    voice: VoiceHeard | None = None

    @property
    def direct(self) -> bool:
        return self.line.direct is not None

    @property
    def span(self) -> float | None:
        return None if self.heard_at is None or self.direct else self.heard_at - self.said_at

    @property
    def missing(self) -> int:
        return sum(message.missing for message in self.messages)


class Measures:
    """Computed from the evidence alone."""

    def __init__(self, evidence: Evidence) -> None:
        self._evidence = evidence
        self._voices = {who: Voices(evidence, who) for who in evidence.heard}
        self._heard = {who: voices.rest for who, voices in self._voices.items()}

    @cached_property
    def lines(self) -> tuple[HeardLine, ...]:
        """Every line that was said, in the order in which it was."""
        by_id = {line.id: line for line in self._evidence.scenario.lines}
        said = sorted(self._evidence.lines, key=lambda line: line.at)
        heard = [self._line(by_id[line.line], line.at) for line in said]
        return tuple(self._with_voice(line, known.ended) for line, known in zip(heard, said, strict=True))

    @cached_property
    def spans(self) -> list[float]:
        return [line.span for line in self.lines if line.span is not None]

    @cached_property
    def delays_down(self) -> list[float]:
        interpreted = [line for line in self.lines if not line.direct]
        return [m.at - m.sent for line in interpreted for m in line.messages if m.at is not None]

    @cached_property
    def delays_up(self) -> list[float]:
        """For every chunk that carries sound of a line that came through, but those that were sent again."""
        said = {line.line: line for line in self._evidence.lines}
        delays: list[float] = []
        for known in self._evidence.recognised:
            line = said[known.line]
            began = line.at + known.position
            for at, samples in self._live_arrivals(known.session):
                newest = began + (samples - known.first_sample) / 16000
                if began <= newest <= (line.ended or line.at):
                    delays.append(at - newest)
        return delays

    def _live_arrivals(self, session: int) -> list[tuple[float, int]]:
        """Without the chunks with which a replacement caught up: their delay is the outage's, not the route's."""
        chunks = self._evidence.arrivals.get(session, ())
        if session not in self._replacements:
            return list(chunks)
        return [chunk for chunk, again in zip(chunks, catching_up(chunks), strict=True) if not again]

    @cached_property
    def _replacements(self) -> frozenset[int]:
        return replacements(self._evidence)

    def unexpected(self, who: Who) -> list[tuple[float, float]]:
        """Stretches (when, seconds) of the talk in which `who` heard sound that is no line's translation, nor the other
        party's own voice where that may be heard."""
        evidence = self._evidence
        if evidence.talk_began is None or who not in evidence.talk_ended:
            return []
        mine = [line for line in self.lines if line.line.who is who.other]
        until = evidence.talk_ended[who]
        places = [at for line in mine for at in (*located(line.messages), *cut_off(line.messages, until))]
        known = [(at, at + MESSAGE) for at in places]
        known += self._voices[who].tones() if any(line.direct for line in mine) else []
        stretches: list[tuple[float, float]] = []
        loud_since: float | None = None
        at = evidence.talk_began + 0.2
        while at < until:
            place = round((at - evidence.origin) * RATE)
            loud = level(self._heard[who][place : place + 160]) > AUDIBLE
            strange = loud and not any_within(at, known, FRAME)
            if strange and loud_since is None:
                loud_since = at
            elif not strange and loud_since is not None:
                if at - loud_since > 0.1:
                    stretches.append((loud_since - evidence.origin, at - loud_since))
                loud_since = None
            at += FRAME
        return stretches

    def _line(self, line: Line, said_at: float) -> HeardLine:
        translation = as_spoken(line, self._evidence.scenario.pace).astype(np.float32)
        length = translation.size / RATE
        sent = [spoken for spoken in self._evidence.spoken if spoken.line == line.id]
        heard = self._passages(line, translation, said_at, sent)
        found = messages(sent, translation, self._heard[line.who.other], self._evidence.origin, heard)
        reached = max((spoken.position / 24000 + MESSAGE for spoken in sent), default=0.0)
        return HeardLine(
            line,
            said_at,
            first_heard(found),
            found,
            longest_gap(found),
            reached >= length - 0.05,
            length,
            heard.lost(self._due(line, length, sent)),
            heard.repeated,
        )

    def _with_voice(self, heard: HeardLine, ended: float | None) -> HeardLine:
        """The line with what was heard of its speaker's own voice."""
        listener = heard.line.who.other
        left = self._evidence.talk_ended.get(listener, self._evidence.until) - LEFT
        until = min(left, ended or left)
        voice = self._voices[listener].of_line(heard.said_at, max(until, heard.said_at), heard.line.direct)
        if voice is None or not heard.direct:
            return replace(heard, voice=voice)
        return replace(heard, voice=voice, heard_at=voice.at, gap=0.0, whole=True, lost=voice.lost, repeated=0.0)

    def _passages(self, line: Line, translation: Sound, said_at: float, sent: list[Spoken]) -> Passages:
        """Everything that was heard of a translation, from its first message on."""
        times = [spoken.at for spoken in sent] or [said_at]
        first, last = (round((at - self._evidence.origin) * RATE) for at in (min(times), max(times) + LATEST))
        found = passages(translation, self._heard[line.who.other], first, last)
        self._voices[line.who.other].spoken(translation, found)
        return found

    def _due(self, line: Line, length: float, sent: list[Spoken]) -> float:
        """How many seconds of a translation the listener should have heard."""
        left = self._evidence.talk_ended.get(line.who.other, self._evidence.until)
        if said_whole(self._evidence, line.id) and expected_by(self._evidence, line, length) < left:
            return length
        in_time = (spoken.position / 24000 + MESSAGE for spoken in sent if spoken.at < left - LEFT)
        return max(in_time, default=0.0)


def said_whole(evidence: Evidence, line: str) -> bool:
    """Whether the speaker came to the line's end."""
    return any(said.line == line and said.ended is not None for said in evidence.lines)


def expected_by(evidence: Evidence, line: Line, length: float) -> float:
    """When all of a line's translation, `length` seconds of it, should have been heard at the latest."""
    said = next(said for said in evidence.lines if said.line == line.id)
    speaking = max(length, (said.ended or evidence.until) - said.at)
    return said.at + evidence.scenario.pace.lag + speaking + PATIENCE


def percentile(values: list[float], share: float) -> float | None:
    """The value below which `share` (0 to 1) of the values lie; None of none."""
    return float(np.quantile(values, share)) if values else None
