"""How far behind a phone hears what is meant for it, by what the carrier confirms.

A mark comes back when everything sent before it has been played (twilio.com/docs/voice/media-streams/websocket-
messages), so marks among the sound tell two things that cannot be known on this side: when a sound was really heard,
and how much of what was sent still waits at the carrier.
"""

from dataclasses import dataclass

from telephony.audio.format import PCMU_8K
from telephony.audio.playout import FRAME_S, Frame, Mark, Playout
from telephony.audio.stretch import QUIET

EVERY = PCMU_8K.bytes_in(625)
"""Bytes of sound from one mark to the next: half a second at a speed of 1.25, so never more than two a second."""

MOST = 100
"""Marks that are waited for; beyond that the oldest is given up. A minute of sound at least, and a queue holds half."""


@dataclass(slots=True)
class _Waiting:
    """A mark on its way: when the sound before it was queued, and the frames sent before it (None: it waits, too)."""

    queued: float
    sent: int | None = None


class Lag:
    """Sets marks in `playout`, none while there is silence, and tells `playout` what waits at the carrier.

    A mark that was set before a `clear` of the playout says nothing: the carrier sends it back though it was not heard.
    """

    def __init__(self, playout: Playout) -> None:
        self._playout = playout
        self._waiting: dict[str, _Waiting] = {}
        self._confirmed = 0.0
        self._sound = 0
        """Bytes of sound queued since the last mark."""
        self._marks = 0
        self._frames = 0

    def queued(self, pcmu: bytes, now: float) -> None:
        """`pcmu` has just been pushed."""
        self._sound += len(pcmu.translate(None, QUIET))
        if self._sound < EVERY:
            return
        self._sound = 0
        self._marks += 1
        if len(self._waiting) == MOST:
            del self._waiting[next(iter(self._waiting))]
        self._waiting[self._playout.mark(f"lag{self._marks}")] = _Waiting(now)

    def sent(self, item: Frame | Mark) -> None:
        """`item` of the playout is on its way."""
        if isinstance(item, Frame):
            self._frames += 1
        elif item.name in self._waiting:
            self._waiting[item.name].sent = self._frames

    def reached(self, name: str, now: float) -> None:
        """The mark `name` came back; it may be somebody else's."""
        mark = self._waiting.pop(name, None)
        if mark is None or mark.sent is None or not self._playout.is_current(name):
            return
        self._confirmed = now - mark.queued
        self._playout.unplayed = max(0.0, (self._frames - mark.sent) * FRAME_S - self._playout.lead)

    def reconnected(self) -> None:
        """The phone has a new stream: marks that were sent on the one before never come back."""
        self._waiting = {name: mark for name, mark in self._waiting.items() if mark.sent is None}
        self._playout.unplayed = 0.0

    def at(self, now: float) -> float:
        """Seconds from when the sound heard last was queued until it was heard, or more if a later one is overdue.

        In a call that keeps up this is one message of the engine, the cushion and the way to the phone and back: 0.4
        where messages have 250 ms. 0 until something has been confirmed.
        """
        current = (mark for name, mark in self._waiting.items() if self._playout.is_current(name))
        oldest = next(current, None)
        return max(self._confirmed, now - oldest.queued if oldest else 0.0)
