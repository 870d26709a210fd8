"""The words of a call in bubbles: what one party says in one go, as heard, or as spoken on to the other. PURE."""

from collections import deque
from dataclasses import dataclass, field
from typing import Final

from telephony.calls.observer import Caption, Role
from telephony.engines.base import Side

MOST_BUBBLES: Final = 40
"""Of one call. Older ones are forgotten."""

MOST_LETTERS: Final = 400
"""A bubble that has grown to so many is followed by another."""

MOST_AT_ONCE: Final = 4000
"""Letters of one caption; what is beyond is left out."""

PAUSE_S: Final = 2.0
"""After so many seconds without a word the next begins a new bubble."""


@dataclass(slots=True)
class Bubble:
    """Numbered in the order in which bubbles began. `last` is when its newest words came, in monotonic seconds."""

    number: int
    speaker: Role
    side: Side
    language: str
    last: float
    text: str = field(default="", repr=False)

    def takes(self, caption: Caption, now: float) -> bool:
        """Whether these words go on with it."""
        return (
            caption.language == self.language and now - self.last < PAUSE_S and len(self.text) < MOST_LETTERS
        )  # fmt: skip


class Words:
    """Takes a call's captions, which come a few letters at a time."""

    def __init__(self) -> None:
        self._bubbles: deque[Bubble] = deque(maxlen=MOST_BUBBLES)
        self._open: dict[tuple[Role, Side], Bubble] = {}
        self._begun = 0

    def take(self, caption: Caption, now: float) -> int:
        """The number of the bubble that these words are in."""
        bubble = self._open.get((caption.speaker, caption.side))
        if bubble is None or not bubble.takes(caption, now) or self.find(bubble.number) is None:
            bubble = self._begin(caption, now)
        bubble.text += caption.text[:MOST_AT_ONCE]
        bubble.last = now
        return bubble.number

    def find(self, number: int) -> Bubble | None:
        """None for one that is forgotten."""
        place = number - self._bubbles[0].number if self._bubbles else -1
        return self._bubbles[place] if 0 <= place < len(self._bubbles) else None

    @property
    def numbers(self) -> tuple[int, ...]:
        """Of all bubbles that are kept, the oldest first."""
        return tuple(bubble.number for bubble in self._bubbles)

    def _begin(self, caption: Caption, now: float) -> Bubble:
        bubble = Bubble(self._begun, caption.speaker, caption.side, caption.language, now)
        self._begun += 1
        self._bubbles.append(bubble)
        self._open[caption.speaker, caption.side] = bubble
        return bubble
