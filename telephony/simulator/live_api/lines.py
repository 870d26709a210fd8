"""What the simulated interpreter knows by heart: the lines of fixture calls, as sound to recognise and to speak."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import soxr
from numpy.typing import NDArray

from telephony.simulator import recordings
from telephony.simulator.live_api.pieces import Piece, cut
from telephony.simulator.scenario import Line, Pace, Scenario, Who
from telephony.simulator.stretching import stretched

HEARD_RATE = 16000
SPOKEN_RATE = 24000

Sound = NDArray[np.float32]
"""Samples scaled to 1."""


@dataclass(frozen=True, eq=False)
class Speech:
    """Something to say: its words and its sound, 24 kHz 16-bit little-endian mono."""

    text: str = field(repr=False)
    language: str
    sound: bytes = field(repr=False)
    pieces: tuple[Piece, ...]

    @property
    def samples(self) -> int:
        return len(self.sound) // 2

    def border(self, share: float) -> int:
        """The last sample at a quiet point within this share (0 to 1) of what is said; the very end for all of it."""
        if share >= 1 or not self.pieces:
            return self.samples
        reached = self.pieces[0].start + share * (self.pieces[-1].end - self.pieces[0].start)
        return max((piece.start for piece in self.pieces[1:] if piece.start <= reached), default=0)

    def share(self, sample: int) -> float:
        """How much of what is said lies before this sample, 0 to 1."""
        if sample >= self.samples or not self.pieces:
            return 1.0
        first, last = self.pieces[0].start, self.pieces[-1].end
        return min(1.0, max(0.0, (sample - first) / (last - first)))


@dataclass(frozen=True, eq=False)
class KnownLine:
    """One line of a fixture call: how it sounds at 16 kHz, and what it is in the other party's language."""

    id: str
    text: str = field(repr=False)
    language: str
    into: str
    lag: float
    pace: float
    """How many times as long as its recording the translation is."""

    sound: Sound = field(repr=False)
    pieces: tuple[Piece, ...]
    translation: Speech
    said: NDArray[np.int16] = field(repr=False)
    """The recording as it stands in its file, 8 kHz."""

    @cached_property
    def original(self) -> Speech:
        """The line in its own voice, for a session that parrots."""
        return _speech(self.text, self.language, self.said)


def as_spoken(line: Line, pace: Pace) -> NDArray[np.int16]:
    """The translation of a line as the interpreter speaks it, 8 kHz. Raises recordings.RecordingError."""
    return stretched(recordings.read(line.translated), pace.factor)


def learn(scenarios: Iterable[Scenario]) -> tuple[KnownLine, ...]:
    """Every line of these calls; of several calls each line has its call's folder before its id.

    Where a phone is so loud that translations come back through it, they are known as well: to an interpreter, what the
    one before it said is speech like any other.
    Raises recordings.RecordingError where a file has gone since the call was loaded.
    """
    calls = tuple(scenarios)
    return tuple(
        _known(call, line, line.id if len(calls) == 1 else f"{call.folder.name}/{line.id}")
        for call in calls
        for line in (*call.lines, *(map(_come_back, call.lines) if call.speakerphones else ()))
    )


def _come_back(line: Line) -> Line:
    """The translation of a line, said by the party that heard it."""
    return Line(
        id=f"{line.id} come back",
        who=line.who.other,
        at=line.at,
        text=line.translation,
        translation=line.text,
        recording=line.translated,
        translated=line.recording,
    )


def _known(scenario: Scenario, line: Line, name: str) -> KnownLine:
    language = scenario.caller_language if line.who is Who.CALLER else scenario.agent_language
    into = scenario.wanted(line.who.other)
    said = recordings.read(line.recording)
    sound = _at_rate(said, HEARD_RATE)
    return KnownLine(
        id=name,
        text=line.text,
        language=language,
        into=into,
        lag=scenario.pace.lag,
        pace=scenario.pace.factor,
        sound=sound,
        pieces=cut(sound, HEARD_RATE),
        translation=_speech(line.translation, into, as_spoken(line, scenario.pace)),
        said=said,
    )


def _speech(text: str, language: str, recording: NDArray[np.int16]) -> Speech:
    sound = _at_rate(recording, SPOKEN_RATE)
    samples = np.clip(np.rint(sound * 32768), -32768, 32767).astype("<i2")
    return Speech(text=text, language=language, sound=samples.tobytes(), pieces=cut(sound, SPOKEN_RATE))


def _at_rate(recording: NDArray[np.int16], rate: int) -> Sound:
    scaled = recording.astype(np.float32) / np.float32(32768)
    resampled: Sound = soxr.resample(scaled, recordings.RATE, rate).astype(np.float32)
    return resampled
