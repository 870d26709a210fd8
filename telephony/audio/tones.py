"""What a caller hears while another phone rings.

The North American ringback tone: 440 Hz and 480 Hz together, 2 s on and 4 s off (ITU-T E.180, supplement 2, United
States; the Precise Tone Plan). Each tone has -22 dBm0, both together -19, as loud as the speech that follows.
"""

from functools import cache

import numpy as np

from telephony.audio import g711, silence
from telephony.audio.format import PCMU_8K
from telephony.audio.level import DBM0_OF_0_DBFS

FRAME = PCMU_8K.bytes_in(20)
ON_S, OFF_S = 2, 4
FREQUENCIES = (440, 480)
EACH_DBM0 = -22.0
EDGE_S = 0.005
"""How long the tone takes to rise and to fall, so that neither clicks."""


class Ringback:
    """Ringback as PCMU, without end; starts with the tone."""

    def __init__(self) -> None:
        self._at = 0

    def frame(self) -> bytes:
        """The next 20 ms: 160 bytes."""
        cycle = _cycle()
        start, self._at = self._at, (self._at + FRAME) % len(cycle)
        return cycle[start : start + FRAME]

    def end(self) -> bytes:
        """What to play after the last frame: down a slope to 40 ms of silence, wherever the tone is."""
        return silence.FALL[_cycle()[self._at - 1]] + g711.SILENCE * 2 * FRAME


@cache
def _cycle() -> bytes:
    """Six seconds: the tone and the pause after it."""
    amplitude = 32768 * 2**0.5 * 10 ** ((EACH_DBM0 - DBM0_OF_0_DBFS) / 20)
    time = np.arange(ON_S * PCMU_8K.rate) / PCMU_8K.rate
    tone = sum(amplitude * np.sin(2 * np.pi * frequency * time) for frequency in FREQUENCIES)
    edge = np.minimum(1, np.minimum(time, time[::-1]) / EDGE_S)
    shaped = tone * np.sin(np.pi / 2 * edge) ** 2
    return g711.encode(np.rint(shaped).astype("<i2").tobytes()) + g711.SILENCE * (OFF_S * PCMU_8K.rate)
