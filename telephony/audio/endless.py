"""A sound of ours that goes round and round until it is ended: ringback, the sound of waiting. PURE."""

from telephony.audio import g711, silence
from telephony.audio.format import PCMU_8K

FRAME = PCMU_8K.bytes_in(20)


class Endless:
    """PCMU without end. `cycle` is a whole number of frames."""

    def __init__(self, cycle: bytes) -> None:
        self._cycle = cycle
        self._at = 0

    def frame(self) -> bytes:
        """The next 20 ms: 160 bytes."""
        start, self._at = self._at, (self._at + FRAME) % len(self._cycle)
        return self._cycle[start : start + FRAME]

    def end(self) -> bytes:
        """What to play after the last frame: down a slope to 40 ms of silence, wherever the sound is."""
        return silence.FALL[self._cycle[self._at - 1]] + g711.SILENCE * 2 * FRAME
