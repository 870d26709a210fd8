"""What goes down to a phone: sound that comes in lumps leaves in exact 20 ms frames, each at its own time.

Twilio plays what it gets at once and in order and keeps a buffer of its own (twilio.com/docs/voice/media-streams), so
a frame is best sent a little before it is to be heard: by `lead`. Live Translate sends a message of 250 ms about every
250 ms, at worst after 315, zeros between phrases and several messages at once after a stall; `cushion` is what evens
that out.

- Nothing is sent while there is nothing to say. The first message with sound starts a run: its beginning is to be heard
  `cushion` seconds after it came, and the sound in it as much later as there was silence in front.
- Within a run frame follows frame every 20 ms, pauses of up to `pause` seconds included; a longer one ends the run.
- An incomplete frame waits until it ought to be heard. Then it is filled up with silence down a slope of 5 ms, and
  sound that goes on after such a break comes up a slope.
- A message that finds more than `cushion` ahead of it shows how far the stream lags behind. By so much are the next
  pauses shortened, down to KEPT frames each. Sound is never left out for that.
- While more than a second is waiting all the same, speech leaves up to 1.25 times faster (`pace`, `stretch`), until
  less than half a second is. At its own speed it leaves bit for bit.
- More than `bound` seconds: the oldest silence goes; where that is not enough, the newest message is refused.
"""

import math
from dataclasses import dataclass, field

from telephony.audio import g711, silence
from telephony.audio.format import PCMU_8K
from telephony.audio.pace import FASTEST, Pace
from telephony.audio.sound_queue import SoundQueue
from telephony.audio.stretch import Stretch

RATE = PCMU_8K.rate
FRAME_S = 0.02
FRAME = PCMU_8K.bytes_in(20)
EARLY = 1e-6
"""Seconds that a timer may go off too soon: sums of times are not exact, and neither are timers."""

KEPT = 3
"""Frames of silence that every pause keeps, however far the stream lags."""


@dataclass(frozen=True, slots=True)
class Frame:
    """20 ms of PCMU to send: 160 bytes."""

    audio: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark to send: everything before it has been sent."""

    name: str


class Playout:
    """The queue in front of one phone. All times are seconds of the one monotonic clock that `now` is read from.

    The phone is taken to run dry when a frame is sent later than it was to be heard. The rest of the run is then heard
    that much later, too.
    """

    def __init__(
        self,
        *,
        lead: float = 0.06,
        cushion: float = 0.08,
        pause: float = 0.4,
        bound: float = 30.0,
        fastest: float = FASTEST,
    ) -> None:
        self.lead = lead
        """How many seconds before it is to be heard a frame is sent."""
        self._cushion = cushion
        self._pause_frames = round(pause / FRAME_S)
        self._held = SoundQueue(PCMU_8K.bytes_in(bound * 1000))
        self._running = False
        """Whether the frames of a run are being sent."""
        self._at = -math.inf
        """When the next frame is to be heard: the phone has sound until then."""
        self._lag = 0.0
        """How much later than it need be the end of the queue will be heard."""
        self._quiet = 0
        """Frames of silence sent since the last sound."""
        self._last = b""
        """The last frame sent."""
        self._broken = False
        """Whether the last run broke off inside sound, with nothing but sound since."""
        self._pace = Pace(fastest)
        self._stretch = Stretch()
        self.unplayed = 0.0
        """Seconds of sound beyond the lead that wait at the carrier, as far as its marks tell. For who reads them."""
        self.underruns = 0
        """Times the queue ran dry inside sound."""
        self.late = 0
        """Times `due` was called so late that the phone ran dry."""
        self.dropped_ms = 0.0
        """Sound that was refused because too much was held."""
        self.trimmed_ms = 0.0
        """Silence that was left out of pauses."""
        self.stretched_ms = 0.0
        """How much shorter speech became because it was sped up."""

    def push(self, pcmu: bytes, now: float) -> None:
        """Sound of any length to be heard after what is held."""
        trimmed = self._held.make_room(len(pcmu))
        if trimmed is None:
            self.dropped_ms += len(pcmu) / RATE * 1000
            return
        self.trimmed_ms += trimmed / RATE * 1000
        if not (self._running or self._held):
            self._start(pcmu, now)
        else:
            self._lag = max(0.0, self._end() - now - self._cushion)
            self._held.append(pcmu)

    def mark(self, label: str) -> str:
        """Set a mark behind what is held; returns the name that it has on the wire."""
        return self._held.marks.add(label)

    def is_current(self, name: str) -> bool:
        """Whether a mark that came back was set since the last `clear`."""
        return self._held.marks.is_current(name)

    def due(self, now: float) -> list[Frame | Mark]:
        """What leaves now, in order."""
        items: list[Frame | Mark] = [Mark(name) for name in self._held.marks.due()]
        while (moment := self._moment()) is not None and moment <= now + EARLY:
            items += [Frame(audio) for audio in self._step(now)]
            if self._held.marks.ready:
                items += [Mark(name) for name in self._held.marks.due()]
        return items

    def next_due(self) -> float | None:
        """When `due` will have something next, minus infinity for at once; None: not before the next `push`."""
        return -math.inf if self._held.marks.ready else self._moment()

    def backlog(self, now: float) -> float:
        """Seconds until the last of what is held has been heard; 0 where nothing is held."""
        return max(0.0, self._end() - now) if self._held else 0.0

    def clear(self) -> None:
        """Drop all that is held, marks too, and begin a new epoch. For when the phone's own buffer is cleared."""
        self._held.clear()
        self._end_run()
        self._at = -math.inf
        self._broken = False

    def _start(self, pcmu: bytes, now: float) -> None:
        """The first message of a run, or silence between runs."""
        quiet = silence.leading(pcmu)
        if quiet:
            self._broken = False
        if quiet == len(pcmu):
            return
        self._at = max(self._at, now + self._cushion + quiet / RATE)
        self._lag = 0.0
        self._held.append((silence.RISE[pcmu[0]] if self._broken else b"") + pcmu[quiet:])
        self._broken = False

    def _moment(self) -> float | None:
        """When the next frame leaves, or is given up waiting for."""
        if not self._running:
            return self._at if self._held else None
        return self._at - self.lead if len(self._held) >= FRAME else self._at

    def _step(self, now: float) -> list[bytes]:
        """Deal with one frame whose moment has come; returns what is to be sent."""
        if len(self._held) < FRAME:
            self._at = max(self._at, now)
            return self._run_dry()
        if not self._running:
            self._running = True
            self._at = max(self._at, now)
        elif now > self._at + EARLY:
            self.late += 1
            self._at = now
        return self._rest() if self._held.starts_silent(FRAME) else self._speak(now)

    def _speak(self, now: float) -> list[bytes]:
        self._quiet = 0
        spare = self._end() - self._held.trailing_silence() / RATE - now - self._cushion
        speed = self._pace.step(spare, self.unplayed)
        left_out = self._stretch.shorten(self._held, FRAME, speed, int(spare * RATE)) / RATE
        self._lag = max(0.0, self._lag - left_out)
        self.stretched_ms += left_out * 1000
        return [self._sent(self._held.take(FRAME))]

    def _rest(self) -> list[bytes]:
        """A frame of silence is next: leave it out, end the run, or send it."""
        if self._lag >= FRAME_S and self._quiet >= KEPT:
            self._lag -= FRAME_S
            self.trimmed_ms += FRAME_S * 1000
            self._held.take(FRAME)
            return []
        if self._quiet >= self._pause_frames:
            self._pause()
            return []
        self._quiet += 1
        return [self._sent(self._held.take(FRAME))]

    def _pause(self) -> None:
        """End the run; what follows the silence begins another, at its own time less the lag."""
        self._end_run()
        quiet = self._held.leading_silence()
        self._held.take(quiet)
        if self._held:
            left_out = min(self._lag, quiet / RATE)
            self._lag -= left_out
            self.trimmed_ms += left_out * 1000
            self._at += quiet / RATE - left_out

    def _run_dry(self) -> list[bytes]:
        """Time is up for an incomplete frame: fill it, down a slope where the sound breaks off."""
        tail = self._held.take(len(self._held))
        sounding = not silence.is_silent((self._last + tail)[-silence.EDGE :])
        self._end_run()
        if sounding:
            self.underruns += 1
            self._broken = True
            tail += silence.FALL[(self._last + tail)[-1]]
        tail += g711.SILENCE * (-len(tail) % FRAME)
        return [self._sent(tail[start : start + FRAME]) for start in range(0, len(tail), FRAME)]

    def _sent(self, frame: bytes) -> bytes:
        self._last = frame
        self._at += FRAME_S
        return frame

    def _end_run(self) -> None:
        self._running = False
        self._quiet = 0
        self._pace.reset()
        self.unplayed = 0.0

    def _end(self) -> float:
        """When the last byte held will have been heard."""
        return self._at + len(self._held) / RATE
