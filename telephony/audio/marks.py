"""Marks in a queue of sound: where each stands, and which `clear` they were set before.

Twilio sends every outstanding mark back after a `clear`, and that cannot be told from "has been played"
(twilio.com/docs/voice/media-streams/websocket-messages). So the name on the wire carries the epoch, which `clear` ends.
"""

from collections import deque


class Marks:
    """Marks of one queue, by how many bytes must have left it before each. One `due` empties what has been reached."""

    def __init__(self) -> None:
        self._epoch = 0
        self._left = 0
        self._end = 0
        self._waiting: deque[tuple[int, str]] = deque()

    def add(self, label: str) -> str:
        """Set a mark at the end of the queue; returns its name on the wire."""
        name = f"{self._epoch}:{label}"
        self._waiting.append((self._end, name))
        return name

    def is_current(self, name: str) -> bool:
        """Whether the mark of this name was set since the last `clear`."""
        return name.startswith(f"{self._epoch}:")

    def entered(self, size: int) -> None:
        """`size` bytes were put at the end of the queue."""
        self._end += size

    def left(self, size: int) -> None:
        """`size` bytes were taken from its front."""
        self._left += size

    def cut(self, offset: int, size: int) -> None:
        """`size` bytes were taken out `offset` bytes behind its front."""
        place = self._left + offset
        moved = [(at if at <= place else max(place, at - size), name) for at, name in self._waiting]
        self._waiting = deque(moved)
        self._end -= size

    @property
    def ready(self) -> bool:
        """Whether `due` has something."""
        return bool(self._waiting) and self._waiting[0][0] <= self._left

    def due(self) -> list[str]:
        """The names of the marks with nothing left before them, in order."""
        names = []
        while self.ready:
            names.append(self._waiting.popleft()[1])
        return names

    def clear(self) -> None:
        """The queue is empty and a new epoch begins."""
        self._waiting.clear()
        self._left = self._end
        self._epoch += 1
