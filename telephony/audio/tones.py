"""What a caller hears while another phone rings, and what both hear when their line changes.

The North American ringback tone: 440 Hz and 480 Hz together, 2 s on and 4 s off (ITU-T E.180, supplement 2, United
States; the Precise Tone Plan). Each tone has -22 dBm0, both together -19, as loud as the speech that follows.
"""

from functools import cache

import numpy as np
from numpy.typing import NDArray

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
def attention() -> bytes:
    """Two short beeps of 880 Hz, 0.4 s with the silence around them: from here on the line is another one."""
    amplitude = 32768 * 2**0.5 * 10 ** ((EACH_DBM0 - DBM0_OF_0_DBFS) / 20)
    beep = _shaped(amplitude * np.sin(2 * np.pi * 880 * np.arange(960) / PCMU_8K.rate))
    return (beep + g711.SILENCE * 640) * 2


@cache
def _cycle() -> bytes:
    """Six seconds: the tone and the pause after it."""
    amplitude = 32768 * 2**0.5 * 10 ** ((EACH_DBM0 - DBM0_OF_0_DBFS) / 20)
    time = np.arange(ON_S * PCMU_8K.rate) / PCMU_8K.rate
    tone = np.sum([amplitude * np.sin(2 * np.pi * frequency * time) for frequency in FREQUENCIES], axis=0)
    return _shaped(tone) + g711.SILENCE * (OFF_S * PCMU_8K.rate)


def _shaped(tone: NDArray[np.float64]) -> bytes:
    """A tone with soft edges, as PCMU."""
    time = np.arange(tone.size) / PCMU_8K.rate
    edge = np.minimum(1, np.minimum(time, time[::-1]) / EDGE_S)
    return g711.encode(np.rint(tone * np.sin(np.pi / 2 * edge) ** 2).astype("<i2").tobytes())
