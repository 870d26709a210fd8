"""The last thing the interpreter said, for a listener who wants to hear it again."""

import math

from telephony.audio import g711, silence
from telephony.audio.format import PCMU_8K
from telephony.audio.stretch import QUIET

APART = 1.0
"""Seconds of silence, or of nothing, between one utterance and the next."""

LONGEST = PCMU_8K.bytes_in(20_000)
"""Bytes of an utterance that are kept: its end."""

_GAP = PCMU_8K.bytes_in(APART * 1000)


class LastSaid:
    """What was pushed to a playout as translation, PCMU of any length. Times are seconds of one clock."""

    def __init__(self) -> None:
        self._whole = b""
        """The last utterance that is over."""
        self._said = bytearray()
        """The one that is not."""
        self._quiet = 0
        """Bytes of silence at its end."""
        self._until = -math.inf
        """When what was pushed has been said, at its own speed."""

    def push(self, pcmu: bytes, now: float) -> None:
        """What has just been queued for the listener."""
        if now - self._until >= APART:
            self._end()
        self._until = max(self._until, now) + PCMU_8K.seconds_of(len(pcmu))
        for start in range(0, len(pcmu), _GAP // 2):
            self._add(pcmu[start : start + _GAP // 2])

    def sound(self, now: float = -math.inf) -> bytes:
        """The last utterance that is over, between slopes of 5 ms and before 20 ms of silence; b"" before the first.

        An utterance is over with APART of silence behind it, or when nothing more has come for so long by `now`.
        """
        if now - self._until >= APART:
            self._end()
        return self._whole

    def clear(self) -> None:
        """Forget everything."""
        self._end()
        self._whole = b""

    def _add(self, pcmu: bytes) -> None:
        quiet = _trailing(pcmu)
        if quiet == len(pcmu):
            self._quiet += quiet
        else:
            inside = len(pcmu) - len(pcmu.lstrip(QUIET))
            if self._quiet + inside >= _GAP:
                self._end()
            self._quiet = quiet
        self._said += pcmu
        del self._said[: max(0, len(self._said) - LONGEST - self._quiet)]
        if self._quiet >= _GAP:
            self._end()

    def _end(self) -> None:
        """Whatever was being said is over."""
        said = bytes(self._said).strip(QUIET)[-LONGEST:]
        self._said.clear()
        self._quiet = 0
        if said:
            self._whole = silence.RISE[said[0]] + said + silence.FALL[said[-1]] + g711.SILENCE * 160


def _trailing(pcmu: bytes) -> int:
    return len(pcmu) - len(pcmu.rstrip(QUIET))
