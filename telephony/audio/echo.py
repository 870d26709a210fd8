"""Keeps what a party hears from being taken for what it says: a loud phone brings it back 10 to 30 dB down.

Nobody tells when, and it need not be the same twice: the carrier's buffer, the network and the room lie between sending
a frame and hearing it again, 60 ms to 1.2 s. So for each leg

- the echo's delay is looked for as soon as somebody seems to speak while something is heard, and again, nearby, each
  time that sound is sent anew (`echo_delay`);
- the way back is learned (`echo_path`), and what it foretells is taken out of what comes;
- a frame of which nothing is left but the path's own error is replaced by silence. What is left is passed on, and
  where there was next to no echo in a frame it passes bit for bit;
- while an echo is possible, but not known well enough to be told from a voice, frames too soft to be anything but an
  echo are held back, for a quarter of a second at most (`echo_evidence.Doubt`).

In doubt the voice wins: an echo that comes through for a moment is better than a word that is cut.
"""

import math
from collections import deque
from dataclasses import dataclass, field

import numpy as np

from telephony.audio import g711
from telephony.audio.echo_delay import HEAD, LONGEST, LOOKED_AT, NEARBY, RATE, EchoDelay
from telephony.audio.echo_evidence import VOICE, Doubt, Evidence, Noise, Remainder, power
from telephony.audio.echo_line import LONG_AGO, EchoLine, Samples
from telephony.audio.echo_path import TAPS, EchoPath

FRAME = 160

BUFFERED = 480
"""Samples that a frame may be sent late and still be played right after the one before: the playout's lead of 60 ms."""

LATE, EARLY = 2400, 1600
"""Samples by which a frame may come later, or sooner, than by counting and still follow the one before: packets come in
bunches, and are rather late than lost."""

LOUD = 100 * VOICE
"""Sound whose echo would be heard, if there were any: -44 dBFS."""

HEARD_FRAMES = 100
ROOM = 800
"""Samples that an echo may go on beyond the path."""

TRIAL = 25
"""Frames of voice in which a path has to show that it foretells anything, or it was none."""

LOUDEST = 10**-0.5
"""An unknown echo has at most this share of the power of what was sent ..."""

MARGIN = 6.0
"""... and a known one at most so many times what its path makes of it."""

WEAKEST = 1e-3
"""The share that a known one is taken to have at least."""

DECAY = 0.75
"""What a room keeps of an echo's power from one frame to the next, the part beyond the path's taps included."""

FAINT = 0.003
"""An echo with less of a frame's power leaves the frame as it is: 25 dB below it, nobody takes it for a voice."""


@dataclass(frozen=True, slots=True)
class _Frame:
    """What came, from sample number `start` on."""

    pcmu: bytes = field(repr=False)
    samples: Samples = field(repr=False)
    start: int
    power: float
    voiced: bool


class EchoGate:
    """Stands between a leg and whoever listens to it. `now`: seconds of one monotonic clock.

    `doubt` and `remainder` say how much is held back; they belong to this gate alone.
    """

    def __init__(self, doubt: Doubt | None = None, remainder: Remainder | None = None) -> None:
        self._delay = EchoDelay()
        self._path: EchoPath | None = None
        self._confirmed = False
        """Whether the path has foretold an echo."""
        self._aligned = False
        """Whether the delay is still the one that the path goes with."""
        self._evidence, self._noise = Evidence(), Noise()
        self._doubt, self._remainder = doubt or Doubt(), remainder or Remainder()
        self._heard_last: deque[tuple[int, float]] = deque(maxlen=HEARD_FRAMES)
        """Start and power of each frame."""
        self._sound_until = LONG_AGO
        """The number after the last sample heard that was not silence."""
        self._loud_from = self._loud_until = LONG_AGO
        """First sample, and the number after the last, of what was heard loudly, pauses up to LONGEST included."""
        self._ringing = 0.0
        """Power of the echo that may be on the line, its room's included."""
        self._frames = self._waited = self._tried = self._missed = 0
        self.removed_ms = 0.0
        """Sound that was replaced by silence ..."""
        self.doubted_ms = 0.0
        """... and how much of it because it was not known to be anything but an echo."""
        self.cancelled_ms = 0.0
        """Sound out of which an echo was taken, and which was passed on."""

    @property
    def delay_ms(self) -> float | None:
        """From sending a sound until it comes back; None while no echo is known."""
        known = self._delay.samples if self._confirmed else None
        return None if known is None else (known + HEAD) / RATE * 1000

    @property
    def level_db(self) -> float | None:
        """The echo's level against what was sent; None while no echo is known."""
        return 10 * math.log10(self._path.gain + 1e-9) if self._confirmed and self._path else None

    def heard(self, pcmu: bytes, now: float) -> None:
        """PCMU of any length that is being sent to the phone."""
        at = round(now * RATE)
        for first in range(0, len(pcmu), FRAME):
            self._hear(_decoded(pcmu[first : first + FRAME]), at)

    def said(self, pcmu: bytes, now: float) -> bytes:
        """PCMU of any length that came from the phone; returns as much, without the echo."""
        at = round(now * RATE) - len(pcmu)
        pieces = range(0, len(pcmu), FRAME)
        return b"".join([self._pass(pcmu[first : first + FRAME], at + first) for first in pieces])

    def _hear(self, samples: Samples, at: int) -> None:
        line = self._delay.heard
        if at - line.end > BUFFERED:
            self._realign()
            self._doubt.sound_began(self._confirmed)
        else:
            at = line.end
        line.put(samples, at)
        loud = power(samples)
        self._heard_last.append((at, loud))
        if loud > VOICE:
            self._sound_until = line.end
        if loud > LOUD:
            if at - self._loud_until > LONGEST:
                self._loud_from = at
                self._doubt.heard_loudly()
            self._loud_until = line.end

    def _pass(self, pcmu: bytes, at: int) -> bytes:
        frame = self._taken(pcmu, at)
        self._frames += 1
        self._noise.add(frame.power)
        self._doubt.said(frame.voiced)
        delay = LONGEST if self._delay.samples is None else self._delay.samples
        if frame.start - self._sound_until > delay + TAPS + ROOM:
            self._ringing = 0.0
            return pcmu
        return self._without_path(frame) if self._path is None else self._with_path(frame, self._path)

    def _taken(self, pcmu: bytes, at: int) -> _Frame:
        if -EARLY < at - self._delay.said.end < LATE:
            at = self._delay.said.end
        else:
            self._delay.said = EchoLine(2 * LOOKED_AT)
            self._realign()
        samples = _decoded(pcmu)
        self._delay.said.put(samples, at)
        loud = power(samples)
        return _Frame(pcmu, samples, at, loud, loud > self._noise.level)

    def _without_path(self, frame: _Frame) -> bytes:
        """No echo is known: look for one, and hold back what may be one until that has been done."""
        if not frame.voiced:
            return frame.pcmu
        self._doubt.undecided(frame.start - self._loud_from > LONGEST)
        self._waited += 1
        if self._waited >= 3 and self._frames % self._doubt.pace == 0:
            if self._delay.search():
                return self._with_path(frame, self._begin())
            if not self._delay.promising:
                self._doubt.unlikely()
        return self._held_back(frame, LOUDEST * self._loudest(frame.start - LONGEST, frame.start))

    def _with_path(self, frame: _Frame, path: EchoPath) -> bytes:
        echo = path.estimate(self._delay.far(frame.start - TAPS + 1, frame.start + len(frame.samples)))
        foretold = power(echo)
        self._ringing = max(foretold, DECAY * self._ringing)
        if self._ringing > VOICE / 8:
            self._evidence.add(echo, frame.samples, 0.8 if self._confirmed else 0.95)
            self._judge()
        elif self._aligned:
            return frame.pcmu
        return self._cancelled(frame, path, echo, foretold) if self._aligned else self._unaligned(frame, path)

    def _judge(self) -> None:
        """Is the path aligned by now, or no more?"""
        if not self._aligned:
            if self._evidence.enough:
                self._aligned = self._confirmed = True
            return
        self._missed = self._missed + 1 if self._evidence.missing else 0
        if self._missed > 4:
            self._realign()
            self._doubt.lost()

    def _cancelled(self, frame: _Frame, path: EchoPath, echo: Samples, foretold: float) -> bytes:
        if self._frames % (3 if path.young else 8) == 0:
            self._delay.lesson(path)
        rest = frame.samples - echo
        if self._remainder.is_all(power(rest), frame.power, self._ringing, self._noise.level, path.young):
            return self._silence(frame)
        if foretold < FAINT * frame.power:
            return frame.pcmu
        self.cancelled_ms += len(frame.pcmu) / RATE * 1000
        return g711.encode(np.clip(np.rint(rest), -32768, 32767).astype("<i2").tobytes())

    def _unaligned(self, frame: _Frame, path: EchoPath) -> bytes:
        """A path is known, but not whether it is right, or whether its delay is still the same."""
        if not self._confirmed:
            self._try_out(frame, path)
        if not frame.voiced or self._delay.samples is None:
            return frame.pcmu
        self._waited += 1
        far = frame.start - self._delay.samples
        ceiling = MARGIN * max(path.gain, WEAKEST) * self._loudest(far - 2 * TAPS, far + NEARBY)
        if frame.power > ceiling:
            return frame.pcmu
        if self._confirmed and self._waited >= 3 and self._found_again(path):
            return self._with_path(frame, path)
        return self._held_back(frame, ceiling)

    def _try_out(self, frame: _Frame, path: EchoPath) -> None:
        """A path that has foretold nothing yet learns on, and is given up after a while."""
        self._tried += frame.voiced
        if self._frames % 3 == 0:
            self._delay.lesson(path)
        elif self._frames % 3 == 1 and frame.voiced and not self._doubt.settled and self._delay.search_better():
            self._begin()
        if self._tried > TRIAL:
            self._path = None
            self._delay.forget()

    def _found_again(self, path: EchoPath) -> bool:
        """Look for the known echo at another delay: nearby at first, then anywhere. Whether it is there."""
        found: bool | None = self._delay.search_nearby(path)
        if not found and self._waited >= 6 and self._frames % 5 == 0:
            found = self._delay.search_elsewhere(path)
        if found:
            self._realign()
            self._aligned = True
        elif found is None:
            self._begin()
        return bool(found)

    def _begin(self) -> EchoPath:
        """Learn a path from nothing but what is remembered; it has still to prove itself."""
        came, sent = self._delay.last_said(LOOKED_AT)
        self._path = path = EchoPath(power(came) / max(power(sent), 1.0))
        self._realign()
        self._confirmed = False
        self._tried = 0
        for back in (400, 0, 400, 0):
            self._delay.lesson(path, back)
        return path

    def _realign(self) -> None:
        """Whether the delay is right will have to be seen."""
        self._evidence.clear()
        self._aligned = False
        self._waited = self._missed = 0

    def _loudest(self, first: int, last: int) -> float:
        """The power of the loudest frame that was heard between these numbers."""
        return max((loud for at, loud in self._heard_last if first <= at <= last), default=0.0)

    def _held_back(self, frame: _Frame, ceiling: float) -> bytes:
        if not self._doubt.holds(frame.power, ceiling):
            return frame.pcmu
        self.doubted_ms += len(frame.pcmu) / RATE * 1000
        return self._silence(frame)

    def _silence(self, frame: _Frame) -> bytes:
        self.removed_ms += len(frame.pcmu) / RATE * 1000
        return g711.SILENCE * len(frame.pcmu)


def _decoded(pcmu: bytes) -> Samples:
    return np.frombuffer(g711.decode(pcmu), "<i2").astype(np.float32)
