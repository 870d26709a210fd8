"""What a phone hears besides the interpreter: the speaker's own voice, and the sound that says it is being translated.

How loud the speaker is depends on what is being sent, frame by frame, and on nothing that was announced:

- While the interpreter is to be heard, and for HOLD seconds after that, `under` dB; otherwise `alone` dB.
- Where nobody interprets (`direct`) the speaker is at full level, and to the bit what came, but for what is said in
  between: under that, NOTICE dB.
- Every change is a fade of 40 ms down or 300 ms up. Speech that sets in by itself begins at its level at once.
"""

import math

from telephony.audio import g711, silence
from telephony.audio.comfort import Comfort
from telephony.audio.level import rms_dbfs
from telephony.audio.mixer import Fader, Part, mixed
from telephony.audio.original import Original

UNDER, ALONE, NOTICE = -18.0, -6.0, -12.0
"""dB of the speaker's voice."""

HEARD = -50.0
"""dBFS above which a frame of the interpreter is to be heard: 25 dB less than speech, 12 more than breath."""

HOLD = 0.2
"""Seconds after that in which a word is likely to go on."""

CUT_IN = 0.1
"""Seconds after sound that was passed over in which what comes next is the middle of something."""


class Beneath:
    """Frames are 160 bytes of PCMU, times seconds of one monotonic clock."""

    def __init__(self) -> None:
        self.under: float | None = UNDER
        """dB of the speaker while the interpreter is to be heard; None: the speaker is not."""
        self.alone = ALONE
        """dB of the speaker while the interpreter is not to be heard."""
        self.direct = False
        """Whether nobody interprets."""
        self.comfort = Comfort()
        self.original = Original()
        self._fader = Fader()
        self._heard_until = -math.inf
        """Until when the interpreter counts as being heard."""
        self._passed_over = -math.inf
        """When sound of the speaker was last not taken."""
        self._cut_in = False
        """Whether the speaker's sound begins in the middle of something."""
        self._frame = b""
        """The speaker's last frame."""

    @property
    def wanted(self) -> bool:
        """Whether the speaker is to be heard."""
        return self.direct or self.under is not None

    @property
    def flowing(self) -> bool:
        """Whether frame has to follow frame."""
        return self.original.flowing or self.comfort.sounding

    @property
    def absent(self) -> bool:
        """Whether it neither is nor becomes anything, and what the interpreter says need not be looked at."""
        comfort, original = self.comfort, self.original
        return not (comfort.enabled or original.flowing or comfort.sounding) and original.begins is None

    @property
    def begins(self) -> float | None:
        """When its first frame is to be heard; None: there is none, or it has been sent."""
        if self.comfort.sounding:
            return -math.inf
        return self.original.begins if self.original.ready else None

    @property
    def ready(self) -> bool:
        """Whether the next frame need not be waited for."""
        return self.original.ready or not self.original.flowing

    def hear(self, pcmu: bytes, now: float) -> None:
        """What has just come from the speaker."""
        if self.comfort.enabled and not self.direct:
            self.comfort.heard(pcmu, now)
        if self.wanted or self.original.flowing:
            idle = self.original.idle
            self.original.push(pcmu, now)
            self._cut_in = now - self._passed_over < CUT_IN if idle else self._cut_in
            return
        self.original.clear()
        if not silence.is_silent(pcmu):
            self._passed_over = now

    def mix(self, spoken: bytes | None, now: float) -> bytes | None:
        """The next frame that is sent, with `spoken` of the interpreter in it; None: nothing is to be heard."""
        self._attend(spoken, now)
        voice, breath = self._voice(now), self.comfort.frame(now)
        said = None if spoken is None or silence.is_silent(spoken) else Part(g711.decode(spoken))
        if voice is not None and voice.start == voice.end == 1.0 and breath is said is None:
            return self._frame
        if voice is breath is None:
            return spoken
        return mixed([part for part in (voice, breath, said) if part is not None])

    def clear(self) -> None:
        """Drop all that is held."""
        self.original.clear()
        self.comfort.clear()
        self._heard_until = -math.inf

    def _attend(self, spoken: bytes | None, now: float) -> None:
        """Take note of what the interpreter says in this frame."""
        if self.direct:
            self.comfort.answered()
        if spoken is not None and rms_dbfs(g711.decode(spoken)) > HEARD:
            self._heard_until = now + HOLD
            self.comfort.answered()

    def _voice(self, now: float) -> Part | None:
        """The speaker's next 20 ms, as loud as they are to be; as they came in `_frame`."""
        begun = self.original.flowing
        frame = self.original.take()
        if frame is None:
            return None
        gain = self._gain(now)
        if not begun:
            self._fader.jump(0.0 if self._cut_in else gain)
        start, end = self._fader.toward(gain)
        if not (self.wanted or end):
            self.original.clear()
        self._frame = frame
        return Part(g711.decode(frame), start, end)

    def _gain(self, now: float) -> float:
        """The factor that the speaker's voice is to have."""
        heard = now < self._heard_until
        if self.direct:
            return _factor(NOTICE) if heard else 1.0
        if self.under is None:
            return 0.0
        return _factor(self.under if heard else self.alone)


def _factor(decibels: float) -> float:
    return float(10 ** (decibels / 20))
