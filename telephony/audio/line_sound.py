"""What is wrong with the sound of a line itself: no sound at all, clipping, an offset, which is taken out. PURE"""

import audioop
from collections import deque

import numpy as np

from telephony.audio import g711
from telephony.audio.silence import is_silent

BIG = 256
"""Steps of 16 bits (-42 dBFS): a mean so far from zero is an offset. That of speech stays below 40 over 0.3 s."""

SMALL = 128
"""A mean below this is none any more, if it stays so for SETTLED messages."""

QUICK, SLOW, SETTLED = 15, 25, 50
"""Messages of 20 ms: over how many an offset is found and followed, and how long it has to be small to be gone."""

ZEROS_MS = 1000.0
"""A single value for less than that is a pause in a recording, or a line at rest."""

LOUDEST = (b"\x00\x00", b"\x80\x80")
"""Two samples in a row of the largest value there is, either way (ITU-T G.711, table 2): what was louder is cut off."""


class LineSound:
    """One line's PCMU, message by message, any length. `offset_ms`, `clipped_ms` and `zeros_ms` count."""

    def __init__(self) -> None:
        self.clipped_ms = 0.0
        """Messages in which the sound was cut off at the largest value."""
        self.zeros_ms = 0.0
        """One and the same value for ZEROS_MS or longer; a line that is merely quiet goes to and fro around zero."""
        self.offset_ms = 0.0
        """Messages from which an offset was taken."""
        self._means: deque[float] = deque(maxlen=SLOW)
        self._removed: float | None = None
        """The offset that was taken out at the end of the last message, if one was."""
        self._small = 0
        self._same_ms = 0.0
        """For how long there has been nothing but one value."""

    def push(self, pcmu: bytes) -> bytes:
        """The same sound, of the same length; bit for bit where it has no offset and is not one value throughout."""
        milliseconds = len(pcmu) / 8
        if pcmu.count(pcmu[:1]) == len(pcmu):
            self._count_same(milliseconds)
            return pcmu if is_silent(pcmu) else g711.SILENCE * len(pcmu)
        self._same_ms = 0.0
        if any(loudest in pcmu for loudest in LOUDEST):
            self.clipped_ms += milliseconds
        pcm = g711.decode(pcmu)
        offset = self._offset(audioop.avg(pcm, 2))
        before, self._removed = self._removed, offset
        if offset is None:
            return pcmu
        self.offset_ms += milliseconds
        return _without(pcm, before or 0.0, offset)

    def _count_same(self, milliseconds: float) -> None:
        before, self._same_ms = self._same_ms, self._same_ms + milliseconds
        if self._same_ms >= ZEROS_MS:
            self.zeros_ms += milliseconds if before >= ZEROS_MS else self._same_ms

    def _offset(self, mean: float) -> float | None:
        """What to take out, going by the means of the last messages."""
        self._means.append(mean)
        if self._removed is None:
            recent = list(self._means)[-QUICK:]
            found = sum(recent) / QUICK
            self._small = 0
            return found if len(recent) == QUICK and abs(found) >= BIG else None
        found = sum(self._means) / len(self._means)
        self._small = self._small + 1 if abs(found) < SMALL else 0
        return None if self._small > SETTLED else found


def _without(pcm: bytes, start: float, end: float) -> bytes:
    """PCMU of the sound less an offset that goes evenly from `start` to `end`."""
    samples = np.frombuffer(pcm, "<i2") - np.linspace(start, end, len(pcm) // 2)
    return g711.encode(np.clip(np.rint(samples), -32768, 32767).astype("<i2").tobytes())
