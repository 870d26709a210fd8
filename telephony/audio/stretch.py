"""Speech made shorter or longer without changing its pitch: WSOLA at 8 kHz, done by single pieces.

Waveform-similarity overlap-add (Verhelst and Roelands, ICASSP 1993) joins pieces of sound where they resemble each
other most. Up to 1.25 times the speed most pieces join on to their own successor, so here only the others are touched:
now and then the sound skips about a pitch period, across a fade of 10 ms to where it goes on most alike. Everything
between the skips stays bit for bit what it was, nothing is delayed, and at speed 1.0 nothing is done. Below 1.0 it is
the other way round: now and then about a pitch period is heard twice.
"""

from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
import numpy.typing as npt

from telephony.audio import g711

OVERLAP = 80
"""Samples (10 ms) that a fade takes: a period of a 100 Hz voice."""

SHORTEST, LONGEST = 40, 160
"""Samples that one skip leaves out: 5 to 20 ms, one period of a voice or several. One skip a frame of 20 ms is enough
for a speed of 1.25."""

STEP = 40
PLACES = range(0, 4 * STEP, STEP)
"""Samples into the window at which a skip may begin."""

WINDOW = PLACES[-1] + LONGEST + OVERLAP
"""Samples that are looked at for a skip: 45 ms."""

ALIKE = 0.5
"""Likeness below which a skip is put off, as inside a plosive ..."""

PUT_OFF = 160
"""... until so many samples are owed."""

PAUSE = 3200
"""Samples (400 ms) that are looked at for a quiet pause ..."""

KEPT = 480
"""... and the 60 ms that it keeps."""

FLOOR = OVERLAP * 8.0**2
"""Energy of a fade below which everything is alike: that of the smallest step of mu-law."""

QUIET = bytes(
    byte for byte in range(256) if abs(int.from_bytes(g711.decode(bytes([byte])), "little", signed=True)) < 164
)
"""The mu-law bytes of pauses that are not quite silent: below -46 dBFS, where no speech of a level to be sent is."""

Samples = npt.NDArray[np.float64]

_RISE = 0.5 - 0.5 * np.cos(np.pi * (np.arange(OVERLAP) + 0.5) / OVERLAP)
_FALL = 1.0 - _RISE


class Queue(Protocol):
    """Where mu-law sound waits; `SoundQueue` is one."""

    def peek(self, size: int) -> bytes:
        """The first `size` bytes, or all there is."""
        ...

    def splice(self, at: int, blend: bytes, cut: int) -> None:
        """Put `blend` in place of what stands at `at`, and take out the `cut` bytes that follow it.

        With `cut` below 0 `blend` replaces so many bytes fewer than it has.
        """
        ...


@dataclass(frozen=True, slots=True)
class Skip:
    """From sample `at` on, OVERLAP samples of `blend` replace OVERLAP + `cut`. `likeness` is 1 at best."""

    at: int
    cut: int
    likeness: float
    blend: Samples = field(repr=False)


def best_skip(window: Samples) -> Skip:
    """The skip within WINDOW samples that is heard least."""
    products = np.empty((len(PLACES), LONGEST - SHORTEST + 1))
    for row, at in enumerate(PLACES):
        products[row] = np.correlate(window[at + SHORTEST : at + LONGEST + OVERLAP], window[at : at + OVERLAP])
    summed = np.zeros(WINDOW + 1)
    np.cumsum(window * window, out=summed[1:])
    energy = summed[OVERLAP:] - summed[:-OVERLAP] + FLOOR / 2
    before = energy[: PLACES[-1] + 1 : STEP, None]
    after: Samples = np.ndarray(products.shape, np.float64, energy, 8 * SHORTEST, (8 * STEP, 8))
    likeness = (2 * products + FLOOR) / (before + after)
    row, column = divmod(int(likeness.argmax()), likeness.shape[1])
    return _skip(window, PLACES[row], SHORTEST + column, float(likeness[row, column]))


def repeated(window: Samples, skip: Skip) -> Samples:
    """What replaces the OVERLAP samples from `skip.at + skip.cut` on so that the piece before them is heard twice."""
    late, early = skip.at + skip.cut, skip.at
    blend = window[late : late + OVERLAP] * _FALL + window[early : early + OVERLAP] * _RISE
    return np.concatenate((blend, window[early + OVERLAP : late + OVERLAP]))


def _skip(window: Samples, at: int, cut: int, likeness: float) -> Skip:
    before, after = window[at : at + OVERLAP], window[at + cut : at + cut + OVERLAP]
    return Skip(at, cut, likeness, before * _FALL + after * _RISE)


class Stretch:
    """Shortens or lengthens a queue of mu-law sound frame by frame, just ahead of where it is taken from."""

    def __init__(self) -> None:
        self._owed = 0.0
        """Samples that ought to have been left out, or put in, by now."""
        self._longer = False
        """Whether it is put in."""

    def shorten(self, queue: Queue, frame: int, speed: float, spare: int) -> int:
        """Leave out what makes the next `frame` bytes leave at `speed`; returns how many bytes that was.

        At more than 1.0 a pause that is quiet but not silent is shortened first, to KEPT, by no more than `spare`
        bytes. At less than 1.0 sound is put in, and the bytes returned are below 0. Where the queue holds too little to
        look ahead nothing is done.
        """
        if speed == 1.0 or self._longer != (speed < 1.0):
            self._owed, self._longer = 0.0, speed < 1.0
        self._owed = min(self._owed + frame * abs(speed - 1.0), 2.0 * PUT_OFF)
        if speed > 1.0 and (left_out := _shorten_pause(queue, spare)):
            return left_out
        if self._owed < SHORTEST:
            return 0
        return self._change(queue, queue.peek(WINDOW))

    def _change(self, queue: Queue, ahead: bytes) -> int:
        if len(ahead) < WINDOW:
            return 0
        window = _decoded(ahead)
        skip = best_skip(window)
        if skip.likeness < ALIKE and self._owed < PUT_OFF:
            return 0
        self._owed -= skip.cut
        return _repeat(queue, window, skip) if self._longer else _leave_out(queue, skip)


def _shorten_pause(queue: Queue, spare: int) -> int:
    """Shorten a quiet pause at the front of the queue; returns by how many bytes."""
    ahead = queue.peek(PAUSE)
    cut = min(len(ahead) - len(ahead.lstrip(QUIET)) - KEPT, spare)
    if cut < SHORTEST:
        return 0
    return _leave_out(queue, _skip(_decoded(ahead[: cut + KEPT]), KEPT - OVERLAP, cut, 1.0))


def _encoded(samples: Samples) -> bytes:
    return g711.encode(np.rint(samples).astype("<i2").tobytes())


def _decoded(pcmu: bytes) -> Samples:
    return np.frombuffer(g711.decode(pcmu), "<i2").astype(np.float64)


def _leave_out(queue: Queue, skip: Skip) -> int:
    queue.splice(skip.at, _encoded(skip.blend), skip.cut)
    return skip.cut


def _repeat(queue: Queue, window: Samples, skip: Skip) -> int:
    queue.splice(skip.at + skip.cut, _encoded(repeated(window, skip)), -skip.cut)
    return -skip.cut
