"""What a caller hears who waits in line: two soft notes, far apart, not to be taken for ringback or a busy tone. PURE.

Ours, so that waiting needs no recording and no licence: a fifth (G4 and D5) with a slow decay, 10 dB below speech,
every four seconds; a tone that comes and goes tells that the line is alive without tiring the ear.
"""

from functools import cache

import numpy as np

from telephony.audio import g711
from telephony.audio.endless import Endless
from telephony.audio.format import PCMU_8K
from telephony.audio.level import sine_amplitude

NOTES = ((0.0, 392.0), (0.6, 587.33))
"""When each note begins, and its frequency in Hz."""

CYCLE_S = 4.0
PEAK_DBM0 = -26.0
DECAY_S = 0.35
RISE_S = 0.01


class Hold(Endless):
    """Starts with the first note."""

    def __init__(self) -> None:
        super().__init__(_cycle())


@cache
def _cycle() -> bytes:
    time = np.arange(round(CYCLE_S * PCMU_8K.rate)) / PCMU_8K.rate
    sound = np.zeros_like(time)
    for begins, frequency in NOTES:
        since = time - begins
        swell = np.clip(since / RISE_S, 0, 1) * np.exp(-np.maximum(since, 0) / DECAY_S)
        sound += sine_amplitude(PEAK_DBM0) * swell * np.sin(2 * np.pi * frequency * since)
    sound[-round(RISE_S * PCMU_8K.rate) :] = 0
    return g711.encode(np.rint(sound).astype("<i2").tobytes())
