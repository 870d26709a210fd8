"""What a caller hears who waits in line: two soft notes, far apart, not to be taken for ringback or a busy tone. PURE.

Ours, so that waiting needs no recording and no licence: a fifth (G4 and D5) with a slow decay, 10 dB below speech,
every four seconds; a tone that comes and goes tells that the line is alive without tiring the ear.
"""

from functools import cache

import numpy as np

from telephony.audio import g711, silence
from telephony.audio.format import PCMU_8K
from telephony.audio.level import DBM0_OF_0_DBFS

FRAME = PCMU_8K.bytes_in(20)
NOTES = ((0.0, 392.0), (0.6, 587.33))
"""When each note begins, and its frequency in Hz."""

CYCLE_S = 4.0
PEAK_DBM0 = -26.0
DECAY_S = 0.35
RISE_S = 0.01


class Hold:
    """The hold sound as PCMU, without end."""

    def __init__(self) -> None:
        self._at = 0

    def frame(self) -> bytes:
        """The next 20 ms: 160 bytes."""
        cycle = _cycle()
        start, self._at = self._at, (self._at + FRAME) % len(cycle)
        return cycle[start : start + FRAME]

    def end(self) -> bytes:
        """What to play after the last frame: down a slope to 40 ms of silence, wherever the sound is."""
        return silence.FALL[_cycle()[self._at - 1]] + g711.SILENCE * 2 * FRAME


@cache
def _cycle() -> bytes:
    time = np.arange(round(CYCLE_S * PCMU_8K.rate)) / PCMU_8K.rate
    amplitude = 32768 * 2**0.5 * 10 ** ((PEAK_DBM0 - DBM0_OF_0_DBFS) / 20)
    sound = np.zeros_like(time)
    for begins, frequency in NOTES:
        since = time - begins
        swell = np.clip(since / RISE_S, 0, 1) * np.exp(-np.maximum(since, 0) / DECAY_S)
        sound += amplitude * swell * np.sin(2 * np.pi * frequency * since)
    sound[-round(RISE_S * PCMU_8K.rate) :] = 0
    return g711.encode(np.rint(sound).astype("<i2").tobytes())
