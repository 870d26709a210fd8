"""A quiet sound that says: the other party is speaking, and the translation is coming.

It is a soft breath of noise between 400 and 1200 Hz, which swells and fades away within 1.2 s and comes back every
1.6 s, like slow waves. Over a swell it has -40 dBm0, 21 dB less than speech (ITU-T G.115: -19). It has no pitch and no
edge, so nobody takes it for ringback (two steady tones of 440 and 480 Hz), a beep, or a busy line.

It begins when the other party has been speaking for AFTER seconds in which nothing of the interpreter was to be heard,
and ends at the first sound of the interpreter, or when the other party has been silent for PATIENCE.
"""

import math
from functools import cache

import numpy as np
import numpy.typing as npt

from telephony.audio import g711
from telephony.audio.format import PCMU_8K
from telephony.audio.level import DBM0_OF_0_DBFS, VoiceTracker
from telephony.audio.mixer import Fader, Part

AFTER = 1.5
"""Seconds of speech without a translation after which it begins."""

PATIENCE = 5.0
"""Seconds in which the other party says nothing more and no translation comes, after which it gives up."""

FORGOTTEN = 2.0
"""Seconds of silence after which speech too short for it to begin no longer counts."""

DBM0 = -40.0
BAND = (400.0, 1200.0)
SWELL, CYCLE = 9600, 12800
"""Samples of a swell, and from one to the next."""

FRAME = PCMU_8K.bytes_in(20) * 2
"""Bytes of PCM16 in 20 ms."""


class Comfort:
    """Decides by what the other party says and when the interpreter is heard; times are seconds of one clock."""

    def __init__(self) -> None:
        self.enabled = False
        self._playing = False
        self._voice = VoiceTracker()
        self._spoken = 0.0
        """Seconds of speech that nothing has been heard of."""
        self._last = -math.inf
        """When the other party last spoke."""
        self._fader = Fader()
        self._at = 0

    @property
    def sounding(self) -> bool:
        """Whether it is to be heard, or to be faded out."""
        return self._playing or self._fader.gain > 0

    def heard(self, pcmu: bytes, now: float) -> None:
        """20 ms of what the other party says."""
        if self._voice.push(g711.decode(pcmu)):
            self._last = now
            self._spoken += PCMU_8K.seconds_of(len(pcmu))
        elif now - self._last > FORGOTTEN and not self._playing:
            self._spoken = 0.0
        self._playing = self._playing or (self.enabled and self._spoken > AFTER)

    def answered(self) -> None:
        """The interpreter is to be heard now."""
        self._spoken = 0.0
        self._playing = False

    def frame(self, now: float) -> Part | None:
        """The next 20 ms; None: nothing."""
        if not self.enabled or now - self._last > PATIENCE:
            self.answered()
        if not self.sounding:
            self._at = 0
            return None
        sound = waves()
        start, self._at = self._at, (self._at + FRAME) % len(sound)
        return Part(sound[start : start + FRAME], *self._fader.toward(float(self._playing)))

    def clear(self) -> None:
        """Nothing is to be heard of it any more, at once."""
        self.answered()
        self._fader.jump(0.0)


@cache
def waves() -> bytes:
    """One cycle as PCM16."""
    spectrum = np.fft.rfft(np.random.default_rng(1).normal(size=SWELL))
    frequencies = np.fft.rfftfreq(SWELL, 1 / PCMU_8K.rate)
    spectrum[(frequencies < BAND[0]) | (frequencies > BAND[1])] = 0
    swell = np.fft.irfft(spectrum) * np.sin(np.pi * (np.arange(SWELL) + 0.5) / SWELL) ** 2
    swell *= 32768 * 10 ** ((DBM0 - DBM0_OF_0_DBFS) / 20) / np.sqrt(np.mean(swell**2))
    samples: npt.NDArray[np.int16] = np.rint(swell).astype("<i2")
    return samples.tobytes() + bytes(2 * (CYCLE - SWELL))
