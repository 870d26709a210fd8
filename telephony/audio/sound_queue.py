"""Sound that waits for a phone, with the marks in it, bounded."""

from telephony.audio import silence
from telephony.audio.marks import Marks


class SoundQueue:
    """At most `bound` bytes of PCMU, first in, first out."""

    def __init__(self, bound: int) -> None:
        self._bound = bound
        self._held = bytearray()
        self.marks = Marks()
        """What is marked in the queue; empties itself as sound is taken."""

    def __len__(self) -> int:
        return len(self._held)

    def append(self, pcmu: bytes) -> None:
        """Put sound at the end. `make_room` first."""
        self._held += pcmu
        self.marks.entered(len(pcmu))

    def take(self, size: int) -> bytes:
        """Remove and return the first `size` bytes, or all there is."""
        taken = bytes(self._held[:size])
        del self._held[:size]
        self.marks.left(len(taken))
        return taken

    def peek(self, size: int) -> bytes:
        """The first `size` bytes, or all there is."""
        return bytes(self._held[:size])

    def splice(self, at: int, blend: bytes, cut: int) -> None:
        """Put `blend` in place of what stands at `at`, and take out the `cut` bytes that follow it.

        A mark among those stands behind `blend` afterwards. With `cut` below 0 `blend` replaces so many bytes fewer
        than it has, and the queue gets longer; marks behind what is replaced stay behind `blend`.
        """
        end = at + len(blend)
        self._held[at : end + cut] = blend
        self.marks.cut(end + min(cut, 0), cut)

    def starts_silent(self, size: int) -> bool:
        """Whether nothing can be heard in the first `size` bytes."""
        return silence.is_silent(self._held[:size])

    def leading_silence(self) -> int:
        """Bytes before the first sound."""
        return silence.leading(self._held)

    def trailing_silence(self) -> int:
        """Bytes behind the last sound."""
        return silence.trailing(self._held)

    def silence_within(self, size: int) -> tuple[int, int]:
        """Where the silence begins that lies at the end of the first `size` bytes, or behind them; and its length."""
        begins = min(size, len(self._held)) - silence.trailing(self._held[:size])
        return begins, silence.length_at(self._held, begins)

    def make_room(self, size: int) -> int | None:
        """Remove the oldest silence so that `size` more bytes fit; returns how much went. None: not enough silence."""
        over = len(self._held) + size - self._bound
        if over <= 0:
            return 0
        runs = silence.runs(self._held)
        if sum(end - start for start, end in runs) < over:
            return None
        gone = 0
        for start, end in runs:
            cut = min(over - gone, end - start)
            self.marks.cut(start - gone, cut)
            del self._held[start - gone : start - gone + cut]
            gone += cut
        return gone

    def clear(self) -> None:
        """Drop everything and begin a new epoch of marks."""
        self._held.clear()
        self.marks.clear()
