"""The speaker's own voice on its way to the listener's phone: a small jitter buffer, as little late as it can be.

- The first sound is to be heard DELAY after it came, and one frame follows the other from there.
- A frame that is not there in time is made up for by silence, at the end of a slope of 5 ms, and what comes next goes
  up a slope: from there on everything is heard one frame later, and one that was only late is not lost. After PATIENCE
  frames in a row the sound is over, and nothing more is sent until it comes again.
- Once more than SPARE has been waiting all the time for a second, the voice leaves a tenth faster until it is not, a
  pitch period at a time (`stretch`). Otherwise it leaves bit for bit.
- More than BOUND: the oldest goes.
- Digital silence of more than REST frames is not sent.
"""

import numpy as np

from telephony.audio import g711, silence
from telephony.audio.format import PCMU_8K
from telephony.audio.sound_queue import SoundQueue
from telephony.audio.stretch import Stretch

FRAME = PCMU_8K.bytes_in(20)
DELAY = 0.06
"""Seconds from when a frame comes until it is to be heard: no more than the lead at which frames are sent."""

PATIENCE = 5
"""Frames in a row that are made up for."""

BOUND = PCMU_8K.bytes_in(200)
SPARE = 2
"""Frames, besides the one that is due, that are too many."""

WATCHED = 50
"""Frames over which that is looked at: a second."""

FASTER = 1.1
REST = 20
"""Frames of silence (400 ms) that are sent as a pause."""

_RISE = 0.5 - 0.5 * np.cos(np.pi * np.arange(1, silence.EDGE + 1) / (silence.EDGE + 1))


class Original:
    """One party's sound for the ear of the other. A frame is 160 bytes of PCMU."""

    def __init__(self) -> None:
        self._held = SoundQueue(BOUND)
        self._stretch = Stretch()
        self.flowing = False
        """Whether one frame follows the other."""
        self.begins: float | None = None
        """When the first frame is to be heard, while it has not been taken."""
        self._last = g711.SILENCE[0]
        """The last byte that was handed out."""
        self._missing = 0
        """Frames in a row that were made up for, the last of a flow that broke off included."""
        self._quiet = 0
        """Frames of silence in a row that were handed out."""
        self._watched = 0
        self._least = BOUND
        """The least that waited behind a frame lately, in bytes."""
        self._hurrying = False
        self.dropped_ms = 0.0
        """Sound that was dropped because more than BOUND waited."""
        self.gaps = 0
        """Times that sound was missing in the middle."""

    @property
    def ready(self) -> bool:
        """Whether a whole frame is here."""
        return len(self._held) >= FRAME

    @property
    def idle(self) -> bool:
        """Whether the next sound begins a flow."""
        return not (self.flowing or self._held)

    def push(self, pcmu: bytes, now: float) -> None:
        """What has just come from the speaker, any length."""
        if self.idle:
            if silence.is_silent(pcmu):
                self._missing = 0
                return
            self.begins = now + DELAY
        self._held.append(pcmu)
        if (over := len(self._held) - BOUND) > 0:
            self._held.take(over)
            self.dropped_ms += PCMU_8K.seconds_of(over) * 1000

    def take(self) -> bytes | None:
        """The frame that is heard next; None: there is none, and a flow is at its end."""
        if self.ready:
            self.flowing, self.begins = True, None
            return self._next()
        if self.flowing and not self._quiet and self._missing < PATIENCE:
            return self._made_up()
        if self.flowing:
            missing = self._missing
            self.clear()
            self._missing = missing
        return None

    def clear(self) -> None:
        """Drop all that is held; the next sound begins anew."""
        self._held.clear()
        self.flowing, self.begins = False, None
        self._last = g711.SILENCE[0]
        self._missing = self._quiet = self._watched = 0
        self._least, self._hurrying = BOUND, False

    def _next(self) -> bytes | None:
        self._keep_close()
        frame = self._held.take(FRAME)
        self._quiet = self._quiet + 1 if silence.is_silent(frame) else 0
        if self._quiet > REST and self._held.starts_silent(BOUND):
            self.clear()
            return None
        frame = _risen(frame) if self._missing else frame
        self._missing = 0
        self._last = frame[-1]
        return frame

    def _made_up(self) -> bytes:
        """Down a slope, then silence."""
        slope = silence.FALL[self._last]
        self._last = slope[-1]
        self.gaps += not self._missing
        self._missing += 1
        return slope + g711.SILENCE * (FRAME - len(slope))

    def _keep_close(self) -> None:
        """Shorten what waits while it has been too much for long."""
        behind = len(self._held) - FRAME
        self._least = min(self._least, behind)
        self._watched += 1
        if self._watched >= WATCHED:
            self._hurrying = self._least >= SPARE * FRAME
            self._watched, self._least = 0, BOUND
        self._hurrying = self._hurrying and behind >= SPARE * FRAME
        self._stretch.shorten(self._held, FRAME, FASTER if self._hurrying else 1.0, 0)


def _risen(frame: bytes) -> bytes:
    """`frame` coming up from silence within 5 ms."""
    start = np.frombuffer(g711.decode(frame[: silence.EDGE]), "<i2") * _RISE
    return g711.encode(np.rint(start).astype("<i2").tobytes()) + frame[silence.EDGE :]
