"""What a caller hears while another phone rings, and what both hear when their line changes.

The North American ringback tone: 440 Hz and 480 Hz together, 2 s on and 4 s off (ITU-T E.180, supplement 2, United
States; the Precise Tone Plan). Each tone has -22 dBm0, both together -19, as loud as the speech that follows.
"""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from telephony.audio import g711
from telephony.audio.endless import Endless
from telephony.audio.format import PCMU_8K
from telephony.audio.level import sine_amplitude

ON_S, OFF_S = 2, 4
FREQUENCIES = (440, 480)
EACH_DBM0 = -22.0
EDGE_S = 0.005
"""How long the tone takes to rise and to fall, so that neither clicks."""


class Ringback(Endless):
    """Starts with the tone."""

    def __init__(self) -> None:
        super().__init__(_cycle())


@cache
def attention() -> bytes:
    """Two short beeps of 880 Hz, 0.4 s with the silence around them: from here on the line is another one."""
    beep = _shaped(sine_amplitude(EACH_DBM0) * np.sin(2 * np.pi * 880 * np.arange(960) / PCMU_8K.rate))
    return (beep + g711.SILENCE * 640) * 2


@cache
def _cycle() -> bytes:
    """Six seconds: the tone and the pause after it."""
    time = np.arange(ON_S * PCMU_8K.rate) / PCMU_8K.rate
    tone = sine_amplitude(EACH_DBM0) * np.sum([np.sin(2 * np.pi * each * time) for each in FREQUENCIES], axis=0)
    return _shaped(tone) + g711.SILENCE * (OFF_S * PCMU_8K.rate)


def _shaped(tone: NDArray[np.float64]) -> bytes:
    """A tone with soft edges, as PCMU."""
    time = np.arange(tone.size) / PCMU_8K.rate
    edge = np.minimum(1, np.minimum(time, time[::-1]) / EDGE_S)
    return g711.encode(np.rint(tone * np.sin(np.pi / 2 * edge) ** 2).astype("<i2").tobytes())
