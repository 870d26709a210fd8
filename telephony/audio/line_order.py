"""Sound messages in the order of their numbers: doubles left out, what overtook put back, what is lost told. PURE

A carrier numbers a stream's messages from 1 (twilio.com/docs/voice/media-streams/websocket-messages: `chunk`). They
come over one connection, and should be in order; of Telnyx' messages the documentation says that order is not
guaranteed (developers.telnyx.com, media streaming).
"""

from collections import deque

WAITS = 3
"""Messages (60 ms) that are held back for one that is missing; after that it counts as lost."""

FAR = 250
"""Messages (5 s) by which a number may be off; beyond that the far end counts anew."""

OLD_IN_A_ROW = 25
"""The same where so many messages in a row have numbers that came before."""

Piece = tuple[int, bytes]
"""How many messages are missing before this sound, and the sound."""


class Order:
    """One stream. Holds at most WAITS messages, and those only while one is missing."""

    def __init__(self) -> None:
        self.doubled = 0
        self.out_of_order = 0
        """Messages that came after a later one and were put back into their place."""
        self.late = 0
        """Those that came when they had been given up, and were left out."""
        self.lost = 0
        self.renumbered = 0
        """How often the far end began to count anew."""
        self._next: int | None = None
        self._held: dict[int, bytes] = {}
        self._given_up: deque[int] = deque(maxlen=FAR)
        self._old = 0

    def push(self, audio: bytes, chunk: int) -> list[Piece]:
        """What can be used now, in order. A `chunk` below 1 is no number: such sound is used as it comes."""
        if chunk < 1:
            return [(0, audio)]
        if self._next is None:
            self._next = chunk
        ahead = chunk - self._next
        if ahead < 0 or chunk in self._held:
            self._old += 1
        if abs(ahead) > FAR or self._old > OLD_IN_A_ROW:
            return self._count_anew(audio, chunk)
        if ahead < 0 or chunk in self._held:
            self._leave_out(chunk)
            return []
        self._old = 0
        self.out_of_order += ahead == 0 and bool(self._held)
        self._held[chunk] = audio
        return self._ready(self._next)

    def _leave_out(self, chunk: int) -> None:
        if chunk in self._given_up:
            self._given_up.remove(chunk)
            self.late += 1
        else:
            self.doubled += 1

    def _ready(self, following: int) -> list[Piece]:
        """Everything up to the first hole, and beyond it where waiting has been long enough."""
        pieces: list[Piece] = []
        while following in self._held or len(self._held) > WAITS:
            chunk = min(self._held)
            self._given_up.extend(range(following, chunk))
            self.lost += chunk - following
            pieces.append((chunk - following, self._held.pop(chunk)))
            following = chunk + 1
        self._next = following
        return pieces

    def _count_anew(self, audio: bytes, chunk: int) -> list[Piece]:
        held = [(0, self._held[known]) for known in sorted(self._held)]
        self._held.clear()
        self._given_up.clear()
        self.renumbered += 1
        self._next, self._old = chunk + 1, 0
        return [*held, (0, audio)]
