"""What a session makes of the sound that arrives: which known line it is hearing, piece by piece, and what is strange.

A half-second window is looked up in all lines (`search.py`) as long as no line is being followed; a place that the full
band at 16 kHz confirms is followed (`following.py`) until the line ends. So a line is found from any part of it.
"""

from collections.abc import Iterator, Sequence

import numpy as np

from telephony.simulator.live_api.following import Following, Missing, RunEnded, RunGrew, likeness
from telephony.simulator.live_api.lines import HEARD_RATE, KnownLine, Sound
from telephony.simulator.live_api.search import STEP, WINDOW, LineSearch, Narrowing
from telephony.simulator.live_api.stream import Tail
from telephony.simulator.live_api.unknown import FRAME, Unknown, UnknownSpeech

Step = RunGrew | RunEnded | Missing | Unknown

_KEPT_S = 8.0
_BLOCK = HEARD_RATE // 10
_EVERY = HEARD_RATE // 5
"""Samples between two searches."""

_AUDIBLE = 10 ** (-60 / 10)
_LEAST_FRAMES = 10
"""Audible 20 ms frames that a window needs to be worth a search."""

_LIKE = 0.85
"""Likeness at 16 kHz from which a guess is followed."""

_TIE = 0.02
"""Guesses so close to the best are as good; among those a line not yet heard is preferred."""

_SHIFT = 6
"""How far, in samples at 16 kHz, a guess may be off."""


class Hearing:
    """One session's ear."""

    def __init__(self, lines: Sequence[KnownLine], search: LineSearch) -> None:
        self._lines = lines
        self._search = search
        self._narrowing = Narrowing()
        self._stream = Tail(_KEPT_S, HEARD_RATE)
        self._narrow = np.zeros(WINDOW, dtype=np.float32)
        self._rest = b""
        self._following: Following | None = None
        self._counted: dict[KnownLine, int] = {}
        """For each line heard before: the sample of the stream up to which sound has counted for it."""
        self._looked_at = 0
        self._fresh_from = 0
        """Sound before this sample belonged to a line that is over, and is not looked up again."""
        self._unknown = UnknownSpeech()

    def hear(self, pcm: bytes) -> Iterator[Step]:
        """The next sound, 16 kHz 16-bit little-endian mono, of any length; less than 20 ms of it may wait for more."""
        data = self._rest + pcm
        whole = len(data) // (2 * FRAME) * 2 * FRAME
        self._rest = data[whole:]
        sound = np.frombuffer(data[:whole], dtype="<i2").astype(np.float32) / np.float32(32768)
        for at in range(0, sound.size, _BLOCK):
            yield from self._hear(sound[at : at + _BLOCK])

    def end(self) -> Iterator[Step]:
        """The session is over: what was under way has ended."""
        if self._following:
            yield from self._following.end()
            self._following = None
        yield from self._unknown.end()

    def _hear(self, block: Sound) -> Iterator[Step]:
        self._stream.add(block)
        self._narrow = np.concatenate([self._narrow, self._narrowing.of(block)])[-WINDOW:]
        yield from self._follow()
        if self._is_searching() and self._stream.end - self._looked_at >= _EVERY:
            self._looked_at = self._stream.end
            yield from self._look()
        yield from self._unknown.hear(block)

    def _is_searching(self) -> bool:
        return self._following is None or self._following.doubtful

    def _follow(self) -> Iterator[Step]:
        following = self._following
        if following is None:
            return
        for step in following.advance(self._stream):
            if isinstance(step, RunGrew):
                pieces = following.line.pieces
                self._unknown.know(following.start + pieces[0].start, following.start + pieces[-1].end)
            yield step
        if following.over(self._stream):
            yield from self._leave(following)

    def _leave(self, following: Following) -> Iterator[Step]:
        yield from following.end()
        if following.heard_any:
            self._counted[following.line] = following.counted
            self._fresh_from = following.counted
        self._following = None

    def _look(self) -> Iterator[Step]:
        window = self._fresh_window()
        frames = window[window.size % (FRAME // STEP) :].reshape(-1, FRAME // STEP)
        if np.count_nonzero(np.square(frames).mean(axis=1) > _AUDIBLE) < _LEAST_FRAMES:
            return
        found = self._confirmed(window)
        if found is None or self._is_followed(*found):
            return
        yield from self._take_up(*found)

    def _fresh_window(self) -> Sound:
        old = WINDOW - (self._stream.end - self._fresh_from) // STEP
        if old <= 0:
            return self._narrow
        window = self._narrow.copy()
        window[:old] = 0
        return window

    def _confirmed(self, window: Sound) -> tuple[KnownLine, int] | None:
        """The line that the full band confirms, and the sample of the stream at which it begins."""
        begin = self._stream.end - WINDOW * STEP
        confirmed: list[tuple[float, bool, KnownLine, int]] = []
        for guess in self._search.guesses(window):
            line = self._lines[guess.line]
            start, alike = self._closer(line, begin - guess.offset)
            if alike >= _LIKE:
                confirmed.append((alike, line not in self._counted, line, start))
        best = max((alike for alike, *_ in confirmed), default=0.0)
        for new in (True, False):
            for alike, is_new, line, start in confirmed:
                if is_new is new and alike >= best - _TIE:
                    return line, start
        return None

    def _closer(self, line: KnownLine, start: int) -> tuple[int, float]:
        """The start near `start` at which the window is most like the line at 16 kHz, and how like."""
        begin = max(self._stream.end - WINDOW * STEP, self._fresh_from, start + _SHIFT, self._stream.start)
        end = min(self._stream.end, start - _SHIFT + line.sound.size)
        if end - begin < _LEAST_FRAMES * FRAME:
            return start, 0.0
        heard = self._stream.part(begin, end)
        shifts = range(-_SHIFT, _SHIFT + 1)
        alike = [likeness(heard, line.sound[begin - start - by : end - start - by]) for by in shifts]
        best = int(np.argmax(alike))
        return start + shifts[best], alike[best]

    def _is_followed(self, line: KnownLine, start: int) -> bool:
        following = self._following
        return following is not None and following.line is line and abs(following.start - start) <= 1

    def _take_up(self, line: KnownLine, start: int) -> Iterator[Step]:
        former, counted = self._following, self._counted.get(line, 0)
        if former and former.line is line and former.heard_any:
            yield from former.break_off()
            self._following = former.moved(start)
        else:
            if former:
                yield from self._leave(former)
            self._following = Following(line, start, counted=counted, reached=self._expected_from(line, start))
        yield from self._follow()

    def _expected_from(self, line: KnownLine, start: int) -> int | None:
        """The first piece whose absence would be a loss: not what was said before the session, nor of a repetition."""
        if line in self._counted:
            return None
        return sum(start + piece.start < 0 for piece in line.pieces)
