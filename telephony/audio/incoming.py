"""One leg's line as it comes in: put right, counted, and without the tones of keys. PURE"""

import math
from dataclasses import replace

from telephony.audio.dtmf import DtmfBlanker
from telephony.audio.line_check import LineCheck, LineFigures


class IncomingLine:
    """For as long as the leg lives, over as many media streams as it has."""

    def __init__(self) -> None:
        self._before = LineFigures()
        """Of the streams that are over."""
        self._check = LineCheck()
        self._blanker = DtmfBlanker()

    def begin(self) -> None:
        """A new stream begins: its messages are numbered from 1. The time since the last one was no stop."""
        self._before = self.figures(-math.inf)
        self._check, self._blanker = LineCheck(), DtmfBlanker()

    def audio(self, pcmu: bytes, chunk: int, timestamp_ms: int, now: float) -> list[bytes]:
        """The frames of 20 ms to use now, in order; none, or several, where the line or a tone makes it so."""
        pieces = self._check.push(pcmu, chunk, timestamp_ms, now)
        return [frame for piece in pieces for frame in self._blanker.push(piece, now)]

    def key(self, now: float) -> None:
        """The carrier told of a key."""
        self._blanker.pressed(now)

    def figures(self, now: float) -> LineFigures:
        """Everything that has been wrong with the line so far."""
        return self._before.plus(replace(self._check.figures(now), blanked_ms=self._blanker.blanked_ms))
