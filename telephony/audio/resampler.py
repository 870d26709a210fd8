"""From one sampling rate to another: a streaming polyphase FIR for whole-number ratios, soxr for files and the rest.

The filter is a windowed sinc, cut off (-6 dB) at half the lower of the two rates. It reaches `SPAN` samples of that
rate to either side, so it delays by 2.25 ms at 8 kHz. Kaiser window, beta 8: flat to 3.4 kHz, -81 dB from 4.6 kHz on.

Chunked output is bit-identical to one-shot output whatever the chunks. The taps are whole multiples of 2**-24 and the
samples whole numbers, so every product and every partial sum fits the 53 bits of a double: nothing is rounded before
the one rounding at the end, and the order in which a matrix product adds up cannot matter.
"""

from functools import cache

import numpy as np
import numpy.typing as npt
import soxr

SPAN = 18
"""Samples of the lower rate that the filter looks ahead, and back."""

BETA = 8.0
"""Kaiser's beta: trades the width of the transition band for the depth of the stop band."""

STEP = 2.0**-24
"""What every tap is a whole multiple of."""

BLOCK = 8
"""Samples of the lower rate that one row of the matrix product yields (or takes, going up)."""

SLAB = 128
"""Rows at a time: keeps the product under the size from which BLAS starts threads that cost more than they save."""

LOWEST, HIGHEST = np.array(-32768.0), np.array(32767.0)
"""Arrays, because numpy converts plain numbers anew at every call."""

Doubles = npt.NDArray[np.float64]


def resample(pcm: bytes, source_rate: int, target_rate: int) -> bytes:
    """A whole recording at another rate, any ratio, mono PCM16. Not for streams: soxr holds back up to 150 ms."""
    if source_rate == target_rate:
        return pcm
    samples = np.frombuffer(pcm, "<i2").astype(np.float64)
    return _to_pcm(soxr.resample(samples, source_rate, target_rate, quality="VHQ"))


class Resampler:
    """One stream of mono PCM16 from `source_rate` to `target_rate`, which must be a whole multiple or fraction of it.

    Keeps the filter's memory from chunk to chunk, holds nothing back: each sample in yields what it completes. Too loud
    is clipped. Raises ValueError for any other ratio.
    """

    def __init__(self, source_rate: int, target_rate: int) -> None:
        lower, higher = sorted((source_rate, target_rate))
        if lower < 1 or higher % lower:
            raise ValueError(f"no streaming from {source_rate} to {target_rate} Hz: expected a whole-number ratio")
        self._lower = lower
        self._up = target_rate // lower
        self._down = source_rate // lower
        self._matrix = _matrix(self._up, self._down)
        self._width = self._matrix.shape[0]
        self._step = BLOCK * self._down
        self._memory = self._width - self._step + self._down - 1
        self._held = np.zeros(self._memory)

    @property
    def delay(self) -> float:
        """Seconds by which the output lags the input."""
        return 0.0 if self._up == self._down else SPAN / self._lower

    def push(self, pcm: bytes) -> bytes:
        """The next chunk, resampled. Raises ValueError where `pcm` ends inside a sample."""
        samples = np.frombuffer(pcm, "<i2")
        if self._up == self._down:
            return pcm
        held = len(self._held)
        size = held + len(samples)
        ready = (size - self._memory + self._down - 1) // self._down
        rows = -(-ready // BLOCK)
        stream = np.zeros(max(size, self._width + (rows - 1) * self._step))
        stream[:held] = self._held
        stream[held:size] = samples
        self._held = stream[ready * self._down : size].copy()
        return _to_pcm(self._filter(stream, rows)[: ready * self._up])

    def flush(self) -> bytes:
        """The rest of what the filter remembers, as if silence followed. Then as new."""
        tail = b"" if self._up == self._down else self.push(bytes(2 * self._memory))
        self.reset()
        return tail

    def reset(self) -> None:
        """As new: the next chunk has nothing to do with the last."""
        self._held = np.zeros(self._memory)

    def _filter(self, stream: Doubles, rows: int) -> Doubles:
        """Filter `rows` blocks out of `stream`: each row of the product is a window that overlaps the next."""
        windows: Doubles = np.ndarray((rows, self._width), np.float64, stream, 0, (8 * self._step, 8))
        if rows <= SLAB:
            blocks: Doubles = windows.copy() @ self._matrix
        else:
            slabs = (windows[start : start + SLAB].copy() for start in range(0, rows, SLAB))
            blocks = np.concatenate([slab @ self._matrix for slab in slabs])
        return blocks.ravel()


def _to_pcm(samples: Doubles) -> bytes:
    """Round once, clip, write. Scribbles over `samples`."""
    np.rint(samples, out=samples)
    samples.clip(LOWEST, HIGHEST, out=samples)
    return samples.astype("<i2").tobytes()


def taps(ratio: int) -> Doubles:
    """The filter at the higher rate, with a gain of 1 at 0 Hz, as whole multiples of STEP."""
    reach = SPAN * ratio
    time = np.arange(-reach, reach + 1) / ratio
    shape = np.sinc(time) * np.kaiser(2 * reach + 1, BETA)
    whole: Doubles = np.rint(shape / shape.sum() / STEP)
    return whole * STEP


@cache
def _matrix(up: int, down: int) -> Doubles:
    """Turns a window of samples into a block of output: column j holds the taps of output j, shifted to its place."""
    phases = [_phase(up, phase) if down == 1 else taps(down)[::-1] for phase in range(up)]
    reach = len(phases[0])
    matrix = np.zeros((down * (BLOCK - 1) + reach, BLOCK * up))
    for column in range(BLOCK * up):
        first = column // up * down
        matrix[first : first + reach, column] = phases[column % up]
    return matrix


def _phase(ratio: int, phase: int) -> Doubles:
    """Every `ratio`-th tap from `phase` on, last one first, with a gain of 1: a constant comes out constant."""
    every = np.zeros(2 * SPAN + 1)
    own = taps(ratio)[phase::ratio]
    every[: len(own)] = np.rint(own / own.sum() / STEP) * STEP
    return every[::-1]
