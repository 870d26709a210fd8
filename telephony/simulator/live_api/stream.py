"""What has arrived at a session: the last seconds of sound by sample number, and when each sample came."""

from array import array
from bisect import bisect_right

import numpy as np

from telephony.simulator.live_api.lines import Sound


class Tail:
    """The last `seconds` of an endless stream; samples are numbered from the first that ever arrived."""

    def __init__(self, seconds: float, rate: int) -> None:
        self._capacity = round(seconds * rate)
        self._sound = np.zeros(2 * self._capacity, dtype=np.float32)
        self._filled = 0
        self.end = 0
        """Samples that have arrived so far."""

    @property
    def start(self) -> int:
        """The oldest sample still kept."""
        return self.end - self._filled

    def add(self, block: Sound) -> None:
        if self._filled + block.size > self._sound.size:
            kept = self._sound[self._filled - self._capacity : self._filled].copy()
            self._sound[: self._capacity] = kept
            self._filled = self._capacity
        self._sound[self._filled : self._filled + block.size] = block
        self._filled += block.size
        self.end += block.size

    def part(self, start: int, end: int) -> Sound:
        """Samples `start` to `end` (not included), which must still be kept. The array is only good until `add`."""
        return self._sound[start - self.start : end - self.start]


class Arrivals:
    """When each sample arrived, by `now` of the chunk that brought it. Grows by 16 bytes a chunk."""

    def __init__(self) -> None:
        self._times = array("d")
        self._totals = array("q")

    @property
    def samples(self) -> int:
        """Samples that have arrived so far."""
        return self._totals[-1] if self._totals else 0

    def add(self, now: float, samples: int) -> None:
        self._totals.append(self.samples + samples)
        self._times.append(now)

    def at(self, sample: int) -> float:
        """When this sample came; samples before the first one came with it. IndexError for one still to come."""
        return self._times[bisect_right(self._totals, max(sample, 0))]

    def log(self) -> list[tuple[float, int]]:
        """For each chunk: when it came, and how many samples had come with it and before it."""
        return list(zip(self._times, self._totals, strict=True))
