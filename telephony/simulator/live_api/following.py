"""Follows one line through the stream, piece by piece: a piece counts as heard only if it came through intact."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from telephony.simulator.live_api.lines import HEARD_RATE, KnownLine, Sound
from telephony.simulator.live_api.stream import Tail

INTACT = 0.9
"""Likeness (normalised correlation at 16 kHz) from which a piece is intact: what disturbs it lies 6 dB below it."""

_FRAME = HEARD_RATE // 100
_FRAME_INTACT = 0.5
_FRAME_SHARE = 0.25
"""A hundredth of a second that holds at least this share of its piece's mean power must by itself be `_FRAME_INTACT`
alike: the loss of a single 20 ms packet covers one such frame whole."""

UNDERSTOOD_S = 1.0
"""How much of a line has to be heard without a break until it is understood."""

_PATIENCE = HEARD_RATE
"""Samples after the expected end of a broken line in which the rest of it may still turn up."""

_EARLY = HEARD_RATE // 1000
"""Samples by which a piece may begin in sound that already counted for the same line."""


class Run:
    """A stretch of a line that came through without a break: pieces `first` to `heard` (not included)."""

    def __init__(self, line: KnownLine, start: int, first: int, *, goes_on: bool) -> None:
        self.line = line
        self.start = start
        """The sample of the stream at which the line's recording begins; negative: before the session did."""
        self.first = first
        self.heard = first
        self.goes_on = goes_on
        """The line had been understood already when this run began."""
        self.understood = False

    @property
    def whole(self) -> bool:
        """It has come to the line's end."""
        return self.heard == len(self.line.pieces)

    @property
    def seconds(self) -> float:
        return (self.line.pieces[self.heard - 1].end - self.line.pieces[self.first].start) / HEARD_RATE

    def share(self, piece: int) -> float:
        """How much of what is said in the line lies before this piece, 0 to 1."""
        pieces = self.line.pieces
        end = pieces[piece].start if piece < len(pieces) else pieces[-1].end
        return (end - pieces[0].start) / (pieces[-1].end - pieces[0].start)


@dataclass(frozen=True, slots=True)
class RunGrew:
    """One more piece of the run was heard."""

    run: Run


@dataclass(frozen=True, slots=True)
class RunEnded:
    """Nothing more will be heard of this run: the line is at its end, or broke off."""

    run: Run


@dataclass(frozen=True, slots=True)
class Missing:
    """Pieces of a line, from `from_s` seconds into its recording on, did not come or were damaged."""

    line: KnownLine
    from_s: float


Step = RunGrew | RunEnded | Missing


class Following:
    """One line, supposed to begin at sample `start` of the stream.

    `counted` is the sample of the stream up to which sound has counted for this line before; `reached` the first piece
    that is not accounted for: what lies before it was heard, or is not expected (None: nothing is, before a first
    piece is heard).
    """

    def __init__(self, line: KnownLine, start: int, *, counted: int = 0, reached: int | None = 0) -> None:
        self.line = line
        self.start = start
        self.counted = counted
        self.reached = reached
        self.heard_any = False
        self.understood = False
        self.doubtful = False
        """The last piece was damaged: a better place for the line, or another line, may be looked for."""
        self._next = 0
        self._run: Run | None = None

    def advance(self, stream: Tail) -> Iterator[Step]:
        """Judges every piece that has arrived whole."""
        while self._next < len(self.line.pieces):
            piece = self.line.pieces[self._next]
            start, end = self.start + piece.start, self.start + piece.quiet_from
            if end > stream.end:
                return
            if start >= max(self.counted - _EARLY, stream.start):
                intact = _intact(stream.part(start, end), self.line.sound[piece.start : piece.quiet_from])
                yield from self._heard(end) if intact else self._damaged()
            self._next += 1

    def over(self, stream: Tail) -> bool:
        """Nothing more can come of it."""
        if self.reached == len(self.line.pieces):
            return True
        return self.start + self.line.pieces[-1].end + _PATIENCE <= stream.end

    def end(self) -> Iterator[Step]:
        """To be taken when it is over, or something else is followed instead."""
        yield from self.break_off()
        if self.heard_any and self.reached is not None and self.reached < len(self.line.pieces):
            yield self._missing(self.reached)

    def break_off(self) -> Iterator[Step]:
        """Nothing more comes of the run that is being heard, if there is one."""
        if self._run:
            yield RunEnded(self._run)
            self._run = None

    def moved(self, start: int) -> "Following":
        """The same line supposed to begin elsewhere, with all that is known of it but the run."""
        moved = Following(self.line, start, counted=self.counted, reached=self.reached)
        moved.heard_any, moved.understood = self.heard_any, self.understood
        return moved

    def _heard(self, end: int) -> Iterator[Step]:
        reached = self._next if self.reached is None else self.reached
        if self._run is None:
            if reached < self._next:
                yield self._missing(reached)
            self._run = Run(self.line, self.start, self._next, goes_on=self.understood)
        run = self._run
        run.heard = self._next + 1
        self.counted, self.reached = end, max(reached, run.heard)
        self.heard_any, self.doubtful = True, False
        run.understood = self.understood = self.understood or run.whole or run.seconds >= UNDERSTOOD_S
        yield RunGrew(run)
        if run.whole:
            yield from self.break_off()

    def _damaged(self) -> Iterator[Step]:
        self.doubtful = True
        yield from self.break_off()

    def _missing(self, piece: int) -> Missing:
        return Missing(self.line, self.line.pieces[piece].start / HEARD_RATE)


def likeness(heard: Sound, known: Sound) -> float:
    """Normalised correlation, 0 where either is silent."""
    power = float(heard @ heard) * float(known @ known)
    return float(heard @ known) / power**0.5 if power > 0 else 0.0


def _intact(heard: Sound, known: Sound) -> bool:
    if likeness(heard, known) < INTACT:
        return False
    whole = heard.size // _FRAME * _FRAME
    ours, theirs = heard[:whole].reshape(-1, _FRAME), known[:whole].reshape(-1, _FRAME)
    powers = np.square(theirs).sum(axis=1)
    products = (ours * theirs).sum(axis=1)
    alike = products >= _FRAME_INTACT * np.sqrt(np.square(ours).sum(axis=1) * powers)
    lively = powers >= _FRAME_SHARE * powers.mean()
    return bool(np.all((alike & (products > 0)) | ~lively))
