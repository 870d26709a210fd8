"""The translation on its way to one phone: sound that comes in lumps, and when each 20 ms of it is to be heard.

Live Translate sends a message of 250 ms about every 250 ms, at worst after 315, zeros between phrases and several
messages at once after a stall; `cushion` is what evens that out.

- The first message with sound starts a run: its beginning is to be heard `cushion` seconds after it came, and the sound
  in it as much later as there was silence in front.
- Within a run frame follows frame every 20 ms, pauses of up to `pause` seconds included; a longer one ends the run.
- An incomplete frame waits until it ought to be heard. Then it is filled up with silence down a slope of 5 ms, and
  sound that goes on after such a break comes up a slope.
- A message that finds more than `cushion` ahead of it shows how far the stream lags behind. By so much are the next
  pauses shortened, to no less than `Pace.pause` each. Sound is never left out for that.
- While more than a second is waiting all the same, speech leaves up to 1.25 times faster (`pace`, `stretch`), until
  less than half a second is. At its own speed it leaves bit for bit.
- More than `bound` seconds: the oldest silence goes; where that is not enough, the newest message is refused.
"""

import math

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


class Spoken:
    """What one phone is to hear of the interpreter. Frames are 160 bytes of PCMU, times seconds of one monotonic clock.

    The phone is taken to run dry when a frame is sent later than it was to be heard. The rest of the run is then heard
    that much later, too.
    """

    def __init__(self, *, lead: float, cushion: float, pause: float, bound: float, fastest: float = FASTEST) -> None:
        self.lead = lead
        self._cushion = cushion
        self._pause_frames = round(pause / FRAME_S)
        self.held = SoundQueue(PCMU_8K.bytes_in(bound * 1000))
        """What waits, with the marks in it."""
        self.running = False
        """Whether the frames of a run are being sent."""
        self.until = -math.inf
        """When the phone has nothing more to play, as far as it has been sent anything."""
        self._at = -math.inf
        """When the next frame is to be heard; `until` or later."""
        self._lag = 0.0
        """How much later than it need be the end of the queue will be heard."""
        self._quiet = 0
        """Frames of silence sent since the last sound."""
        self._last = b""
        """The last frame sent."""
        self._broken = False
        """Whether the last run broke off inside sound, with nothing but sound since."""
        self.pace = Pace(fastest)
        self._stretch = Stretch()
        self.unplayed = 0.0
        """Seconds of sound beyond the lead that wait at the carrier."""
        self.underruns = 0
        self.late = 0
        self.dropped_ms = 0.0
        self.trimmed_ms = 0.0
        self.stretched_ms = 0.0
        self.slowed_ms = 0.0

    def push(self, pcmu: bytes, now: float) -> None:
        """Sound of any length to be heard after what is held."""
        trimmed = self.held.make_room(len(pcmu))
        if trimmed is None:
            self.dropped_ms += len(pcmu) / RATE * 1000
            return
        self.trimmed_ms += trimmed / RATE * 1000
        if not (self.running or self.held):
            self._start(pcmu, now)
        else:
            self._lag = max(0.0, self.end() - now - self._cushion - self.pace.head)
            self.held.append(pcmu)

    def joins(self) -> bool:
        """Whether a frame of it belongs where the sound that the phone has ends."""
        return self.running or (bool(self.held) and self._at < self.until + FRAME_S / 2)

    def join(self) -> bool:
        """The same; if so, its run goes on from there."""
        if self.joins() and not self.running:
            self.running = True
            self._at = self.until
        return self.running

    def wanting(self) -> bool:
        """Whether the frame that belongs there is not complete."""
        return self.joins() and len(self.held) < FRAME

    def wait(self, now: float) -> None:
        """Other sound begins; the phone has nothing more to play, or what it has goes on."""
        self.until = max(self.until, now)

    def stand_aside(self, now: float) -> None:
        """20 ms of other sound are sent, late perhaps."""
        self.late += now > self.until + EARLY
        self.until = max(self.until, now) + FRAME_S
        self._at = max(self._at, self.until)

    def moment(self) -> float | None:
        """When the next frame leaves, or is given up waiting for. None: not before the next `push`."""
        if not self.running:
            return self._at if self.held else None
        return self._at - self.lead if len(self.held) >= FRAME else self._at

    def end(self) -> float:
        """When the last byte held will have been heard."""
        return self._at + len(self.held) / RATE

    def clear(self) -> None:
        """Drop all that is held, marks too, and begin a new epoch. For when the phone's own buffer is cleared."""
        self.held.clear()
        self._end_run()
        self._at = self.until = -math.inf
        self._broken = False

    def _start(self, pcmu: bytes, now: float) -> None:
        """The first message of a run, or silence between runs."""
        quiet = silence.leading(pcmu)
        if quiet:
            self._broken = False
        if quiet == len(pcmu):
            return
        self._at = max(self._at, now + self._cushion + self.pace.head + quiet / RATE)
        self._lag = 0.0
        self.held.append((silence.RISE[pcmu[0]] if self._broken else b"") + pcmu[quiet:])
        self._broken = False

    def step(self, now: float) -> list[bytes]:
        """Deal with one frame whose moment has come; returns what is to be sent."""
        if len(self.held) < FRAME:
            self._at = max(self._at, now)
            return self._run_dry()
        if not self.running:
            self.running = True
            self._at = max(self._at, now)
        elif now > self._at + EARLY:
            self.late += 1
            self._at = now
        if self._lag >= FRAME_S and not self._shorten_pause(now):
            return []
        return self._rest() if self.held.starts_silent(FRAME) else self._speak(now)

    def _speak(self, now: float) -> list[bytes]:
        self._quiet = 0
        spare = self.end() - self.held.trailing_silence() / RATE - now - self._cushion
        speed = self.pace.step(spare, self.unplayed)
        left_out = self._stretch.shorten(self.held, FRAME, speed, int(spare * RATE)) / RATE
        self._lag = max(0.0, self._lag - left_out)
        self.stretched_ms += max(0.0, left_out) * 1000
        self.slowed_ms += max(0.0, -left_out) * 1000
        return [self._sent(self.held.take(FRAME))]

    def _shorten_pause(self, now: float) -> bool:
        """Leave out, of a silence that begins in the next frame, what is more than a pause is to keep, but no more than
        the lag. Whether a whole frame is left."""
        begins, silent = self.held.silence_within(FRAME)
        if silent < FRAME:
            return True
        waiting = self.end() - now - self._cushion + self.unplayed
        sent = 0 if begins else self._quiet * FRAME or silence.trailing(self._last)
        excess = min(sent + silent - round(self.pace.pause(waiting) * RATE), silent, int(self._lag * RATE))
        if excess > 0:
            self._lag -= excess / RATE
            self.trimmed_ms += excess / RATE * 1000
            self.held.splice(begins, b"", excess)
        return len(self.held) >= FRAME

    def _rest(self) -> list[bytes]:
        """A frame of silence is next: end the run, or send it."""
        if self._quiet >= self._pause_frames:
            self._pause()
            return []
        self._quiet += 1
        return [self._sent(self.held.take(FRAME))]

    def _pause(self) -> None:
        """End the run; what follows the silence begins another, at its own time less the lag."""
        self._end_run()
        quiet = self.held.leading_silence()
        self.held.take(quiet)
        if self.held:
            left_out = min(self._lag, quiet / RATE)
            self._lag -= left_out
            self.trimmed_ms += left_out * 1000
            self._at += quiet / RATE - left_out

    def _run_dry(self) -> list[bytes]:
        """Time is up for an incomplete frame: fill it, down a slope where the sound breaks off."""
        tail = self.held.take(len(self.held))
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
        self.until = self._at
        return frame

    def _end_run(self) -> None:
        self.running = False
        self._quiet = 0
        self.pace.reset()
        self.unplayed = 0.0
