"""Speech at the level a telephone expects, however loud it comes: a slow gain that follows the speaker.

Speech should have -19 dBm0 (ITU-T G.115, RFC 7874 section 4). The gain is set by the level of the speech alone, so that
neither pauses nor noise are drawn up:

- Only frames with voice count: well above the noise floor (`VoiceTracker`), in a half second whose level rises and
  falls as that of syllables does. Steady noise, tones and silence leave the gain where it is.
- While the level is within CLOSE of the target the gain stays the same to the bit, 1.0 to begin with. Beyond that it
  moves until the level is right, so slowly that no pumping is heard; in the first second of speech it is quick.
- What a gain above 1 would drive over LIMIT is turned down just before, and what is left of such peaks is rounded off.
"""

import audioop
import math
from collections import deque
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from telephony.audio.level import DBM0_OF_0_DBFS, VoiceTracker, peak, rms_dbfs
from telephony.audio.packetizer import Packetizer

TARGET = -19.0 - DBM0_OF_0_DBFS
"""dBFS of speech as it should be: -25.2."""

CLOSE = 3.0
"""dB off the target that are left alone."""

LOWEST, HIGHEST = -18.0, 24.0
"""Bounds of the gain in dB: bring -5 and -40 dBFS within 3 dB of the target."""

FIRST_CLOSE = 5.0
"""The same in the first second of a call's speech, in which a syllable may be as far from the rest."""

ARRIVED = 0.5
"""dB off the target at which a gain that moves stops."""

UP, DOWN, QUICK = 4.0, 8.0, 40.0
"""dB that the gain may move in a second of speech: up, down, and either way in the first second of a call."""

SETTLED = 50
"""Frames of speech after which the gain is slow."""

LEAST = 10
"""Frames of speech before the gain moves at all: a fifth of a second, about one syllable."""

REMEMBERED = 150
"""Frames of speech (3 s) over which the level is averaged."""

SYLLABLES = 25
"""Frames (half a second) in which a voice rises and falls ..."""

SPREAD = 6.0
"""... by so many dB, the two loudest and the two softest frames not counted."""

MARGIN, SOFTEST = 9.0, -60.0
"""dB above the noise floor, and dBFS, that a frame with voice has at least."""

LIMIT = 23000.0
"""Peaks (-3 dBFS) above which a gain of more than 1 gives way."""

RECOVERY = 1.12
"""Factor by which a gain that gave way may grow from one 20 ms to the next: 1 dB."""

KNEE, CEILING = 26000.0, 32000.0
"""Peaks above KNEE are rounded off so that none gets to CEILING: the largest sample of mu-law is 32124."""

Doubles = npt.NDArray[np.float64]


class Loudness:
    """One stream of PCM16 at `rate`, messages of any length, whole samples or not. Nothing is delayed."""

    def __init__(self, rate: int) -> None:
        self._piece = rate // 50 * 2
        self._frames = Packetizer(self._piece)
        self._speech = Speech()
        self._applied = 1.0
        """The factor at the end of the last message."""
        self._latest = 1.0
        """The factor of the last piece."""
        self._half = b""

    @property
    def gain(self) -> float:
        """The gain in dB that speech gets now."""
        return self._speech.gain

    def push(self, pcm: bytes) -> bytes:
        """The next message at its level; half a sample waits for the next."""
        stream = self._half + pcm
        cut = len(stream) - len(stream) % 2
        self._half, stream = stream[cut:], stream[:cut]
        pieces = [stream[at : at + self._piece] for at in range(0, cut, self._piece)]
        gains = [self._gain(piece) for piece in pieces]
        edges = [self._applied, *(min(pair) for pair in pairwise(gains)), *gains[-1:]]
        self._applied = edges[-1]
        if all(edge == edges[0] for edge in edges):
            return self._steady(stream)
        return b"".join(_ramped(piece, *ends) for piece, ends in zip(pieces, pairwise(edges), strict=True))

    def _gain(self, piece: bytes) -> float:
        """The factor for up to 20 ms of sound."""
        for frame in self._frames.push(piece):
            self._speech.push(frame)
        wanted = 10 ** (self._speech.gain / 20)
        fits = max(1.0, LIMIT / max(peak(piece), 1))
        self._latest = min(wanted, fits, self._latest * RECOVERY)
        return self._latest

    def _steady(self, pcm: bytes) -> bytes:
        return pcm if self._applied == 1.0 else audioop.mul(pcm, 2, self._applied)


class Speech:
    """What gain the speech so far asks for, frame by frame of 20 ms."""

    def __init__(self) -> None:
        self.gain = 0.0
        """In dB."""
        self._voice = VoiceTracker(MARGIN, SOFTEST)
        self._levels: deque[float] = deque(maxlen=SYLLABLES)
        self._power = 0.0
        """Mean power of the frames with voice, full scale being 1."""
        self._heard = 0
        """How many those were."""
        self._moving = False

    def push(self, frame: bytes) -> None:
        """The next 20 ms of PCM16."""
        level = rms_dbfs(frame)
        self._levels.append(level)
        if not (self._voice.push(frame) and self._like_syllables()):
            return
        self._heard += 1
        self._power += (10 ** (level / 10) - self._power) / min(self._heard, REMEMBERED)
        if self._heard >= LEAST:
            self._move(TARGET - 10 * math.log10(self._power) - self.gain)

    def _like_syllables(self) -> bool:
        """Whether the level has been going up and down."""
        loud = sorted(level for level in self._levels if level > SOFTEST)
        return len(loud) > 4 and loud[-3] - loud[2] > SPREAD

    def _move(self, missing: float) -> None:
        """One frame's step towards a level that is `missing` dB away."""
        early = self._heard < SETTLED
        self._moving = abs(missing) > (ARRIVED if self._moving else FIRST_CLOSE if early else CLOSE)
        if self._moving:
            speed = QUICK if early else UP if missing > 0 else DOWN
            step = min(abs(missing), speed / 50)
            self.gain = min(max(self.gain + math.copysign(step, missing), LOWEST), HIGHEST)


def _ramped(pcm: bytes, start: float, end: float) -> bytes:
    """`pcm` with a gain that goes evenly from `start` to `end`."""
    samples = np.frombuffer(pcm, "<i2").astype(np.float64)
    samples *= np.linspace(start, end, samples.size)
    return np.rint(_rounded_off(samples)).astype("<i2").tobytes()


def _rounded_off(samples: Doubles) -> Doubles:
    """What is above KNEE bent towards CEILING."""
    over = np.abs(samples) - KNEE
    if over.max(initial=0.0) <= 0:
        return samples
    bent = KNEE + (CEILING - KNEE) * np.tanh(over / (CEILING - KNEE))
    return np.where(over > 0, np.copysign(bent, samples), samples)
