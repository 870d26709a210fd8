"""How loud sound is, and whether somebody speaks.

Two scales. dBFS: 0 is a square wave of full scale, so a sine of full scale has -3.01. dBm0, the telephone's: ITU-T
G.711 section 5 puts the largest sine that mu-law carries (8159 of 8192) at +3.17 dBm0 (A-law: +3.14). Speech should
have -19 dBm0 (ITU-T G.115, RFC 7874 section 4), by this scale an RMS of 1798; the RFC's own figure of 2600 is 3.2 dB
more.
"""

import audioop
import math
from collections import deque

FLOOR_DBFS = -96.0
"""What silence is said to have: below one step of 16 bits (-90.3)."""

DBM0_OF_0_DBFS = 3.17 - 20 * math.log10(8159 / 8192 / math.sqrt(2))
"""What 0 dBFS is in dBm0 on a mu-law line: +6.21."""


def sine_amplitude(level: float) -> float:
    """The largest sample of a sine of `level` dBm0, in steps of PCM16."""
    return float(32768 * math.sqrt(2) * 10 ** ((level - DBM0_OF_0_DBFS) / 20))


def rms_dbfs(pcm: bytes) -> float:
    """The level of PCM16 in dBFS, FLOOR_DBFS for silence and for nothing."""
    rms = audioop.rms(pcm, 2)
    return 20 * math.log10(rms / 32768) if rms else FLOOR_DBFS


def dbm0(pcm: bytes) -> float:
    """The level of PCM16 in dBm0, as a mu-law line has it."""
    return rms_dbfs(pcm) + DBM0_OF_0_DBFS


def peak(pcm: bytes) -> int:
    """The largest sample of PCM16 without its sign: 0 to 32768."""
    low, high = audioop.minmax(pcm, 2) if pcm else (0, 0)
    return max(-low, high)


class VoiceTracker:
    """Tells voice from the line's noise, frame by frame, by level alone.

    The noise floor is the quietest of the last `memory` frames: speech has a gap in every second or two. A frame is
    voiced while it stands `margin` dB above the floor and above `least` dBFS, and for `hang` frames after that, so that
    the soft end of a word belongs to it.
    """

    def __init__(self, margin: float = 4.0, least: float = -55.0, memory: int = 75, hang: int = 5) -> None:
        self._margin = margin
        self._least = least
        self._hang = hang
        self._left = 0
        self._levels: deque[float] = deque(maxlen=memory)

    def push(self, pcm: bytes) -> bool:
        """Whether this 20 ms frame of PCM16 is voiced."""
        level = rms_dbfs(pcm)
        self._levels.append(level)
        loud = level > max(self._least, min(self._levels) + self._margin)
        self._left = self._hang + 1 if loud else max(0, self._left - 1)
        return self._left > 0
