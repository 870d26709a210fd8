"""How a carrier plays what it is sent over a media stream: buffered, in order, 20 ms at a time, with marks and clear.

Sources: Twilio's websocket messages page ("media messages are buffered and played in the order received"; a mark comes
back "when the audio ends (or if there is no audio buffered)"; clear "empties all buffered audio and causes any mark
messages to be sent back") and the page of warning 31931 (more than ten minutes of buffered audio are discarded).

PURE: the caller ticks every 20 ms.
"""

from collections import deque

FRAME_BYTES = 160
"""20 ms of mu-law at 8 kHz."""

_RATE = 8000
_SILENT = b"\xff"
_QUIET = bytes(byte for byte in range(256) if byte & 0x7F >= 0x70)
"""The characters of the innermost mu-law segment: at most 120 of 32124, 48 dB below full scale."""

_MARKS = 10_000
"""Marks waiting at most; a further one is dropped and counts as discarded."""


class Playback:
    """One stream's buffer and playhead."""

    def __init__(self, limit_seconds: float = 600.0) -> None:
        self.underruns = 0
        """How often the buffer ran dry in the middle of sound, counted once each time."""
        self.discarded = False
        """Whether something was dropped because the buffer was full (warning 31931, said once a stream)."""
        self._limit = int(limit_seconds * _RATE)
        self._audio = bytearray()
        self._played = 0
        self._marks: deque[tuple[int, str]] = deque()
        self._last = b""

    @property
    def buffered(self) -> int:
        """Bytes that wait to be played."""
        return len(self._audio)

    def media(self, audio: bytes) -> None:
        """Queue sound of any size; what would go beyond the limit is not accepted."""
        if len(self._audio) + len(audio) > self._limit:
            self.discarded = True
            return
        self._audio += audio

    def mark(self, name: str) -> list[str]:
        """Queue a mark behind the sound so far. Returns it at once when there is no sound buffered."""
        if not self._audio:
            return [name]
        if len(self._marks) >= _MARKS:
            self.discarded = True
            return []
        self._marks.append((self._played + len(self._audio), name))
        return []

    def clear(self) -> list[str]:
        """Drop the buffered sound. Returns every waiting mark, in order."""
        names = [name for _, name in self._marks]
        self._marks.clear()
        self._audio.clear()
        self._last = b""
        return names

    def tick(self) -> tuple[bytes, list[str]]:
        """The next 20 ms as the party hears them, and the marks that were reached by their end."""
        taken = bytes(self._audio[:FRAME_BYTES])
        del self._audio[:FRAME_BYTES]
        self._played += len(taken)
        self._watch(taken)
        return taken.ljust(FRAME_BYTES, _SILENT), self._reached()

    def _watch(self, taken: bytes) -> None:
        """Keep the last 20 ms that were sound, and count the moment in which sound breaks off."""
        last = (self._last + taken)[-FRAME_BYTES:]
        ran_dry = len(taken) < FRAME_BYTES
        if ran_dry and last.translate(None, _QUIET):
            self.underruns += 1
        self._last = b"" if ran_dry else last

    def _reached(self) -> list[str]:
        names = []
        while self._marks and self._marks[0][0] <= self._played:
            names.append(self._marks.popleft()[1])
        return names
