"""Speech that belongs to no known line: told from noise by its level, and from lines by where those were heard."""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from telephony.simulator.live_api.lines import HEARD_RATE, Sound

FRAME = HEARD_RATE // 50
"""Samples of one judged frame, 20 ms."""

_SPEECH = 10 ** (-45 / 10)
"""Mean square (full scale 1) above which a frame is speech: noise of a line and comfort noise lie below."""

_DELAY = 2 * HEARD_RATE // FRAME
"""Frames after which a frame is judged: by then a line it may belong to has been recognised."""

_LEAST_S = 0.5
"""Shorter stretches are clicks, breaths and key tones."""

_GAP_S = 0.5
"""A silence so long ends a stretch."""

_MARGIN = round(0.3 * HEARD_RATE)
"""Samples around the heard part of a line that still belong to it."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """A stretch of speech that matched no line: from which sample of the stream, and how many seconds of speech."""

    sample: int
    seconds: float


class UnknownSpeech:
    """Judges the stream frame by frame, two seconds late."""

    def __init__(self) -> None:
        self._speech: deque[bool] = deque()
        self._known: deque[tuple[int, int]] = deque(maxlen=32)
        self._judged = 0
        self._began: int | None = None
        self._frames = 0
        self._quiet = 0

    def know(self, start: int, end: int) -> None:
        """Samples `start` to `end` of the stream belong to a line."""
        self._known.append((start - _MARGIN, end + _MARGIN))

    def hear(self, block: Sound) -> Iterable[Unknown]:
        """The next samples, a whole number of frames. Says which stretches have ended."""
        powers = np.square(block.reshape(-1, FRAME)).mean(axis=1)
        self._speech.extend((powers > _SPEECH).tolist())
        while len(self._speech) > _DELAY:
            yield from self._judge(self._speech.popleft())

    def end(self) -> Iterable[Unknown]:
        """The stream is over: judges what has not been judged yet."""
        while self._speech:
            yield from self._judge(self._speech.popleft())
        yield from self._ended()

    def _judge(self, speech: bool) -> Iterable[Unknown]:
        sample = self._judged * FRAME
        self._judged += 1
        if speech and not any(start <= sample < end for start, end in self._known):
            self._began = sample if self._began is None else self._began
            self._frames, self._quiet = self._frames + 1, 0
        elif self._began is not None:
            self._quiet += 1
            if self._quiet * FRAME >= _GAP_S * HEARD_RATE:
                yield from self._ended()

    def _ended(self) -> Iterable[Unknown]:
        began, seconds = self._began, self._frames * FRAME / HEARD_RATE
        self._began, self._frames, self._quiet = None, 0, 0
        if began is not None and seconds > _LEAST_S:
            yield Unknown(began, seconds)
