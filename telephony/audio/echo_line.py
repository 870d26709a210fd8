"""Sound on a time axis: the last seconds of one direction of a leg, each sample under its number on the clock."""

import numpy as np
import numpy.typing as npt

Samples = npt.NDArray[np.float32]
"""Linear samples, 32768 being full scale."""

LONG_AGO = -(10**15)


class EchoLine:
    """Keeps at least `keep` samples; what was never put is silence."""

    def __init__(self, keep: int) -> None:
        self._keep = keep
        self._sound = np.zeros(2 * keep, np.float32)
        self._base = LONG_AGO
        """The number of the first sample of `_sound`."""
        self.end = LONG_AGO
        """The number after the last sample put."""

    def put(self, samples: Samples, at: int) -> None:
        """Lay `samples` (at most `keep`) from number `at` on, which is not before `end`."""
        if at + len(samples) - self._base > len(self._sound):
            self._make_room(at)
        place = at - self._base
        self._sound[place : place + len(samples)] = samples
        self.end = at + len(samples)

    def between(self, first: int, last: int) -> Samples:
        """The samples from number `first` up to but not including `last`; not to be written to."""
        start, stop = first - self._base, last - self._base
        if start >= 0 and stop <= len(self._sound):
            return self._sound[start:stop]
        found = np.zeros(last - first, np.float32)
        low, high = max(start, 0), min(stop, len(self._sound))
        if low < high:
            found[low - start : high - start] = self._sound[low:high]
        return found

    def _make_room(self, at: int) -> None:
        """Move what is kept to the front, so that as much fits behind `at` as before it."""
        base = at - self._keep
        kept = self._sound[max(0, base - self._base) : max(0, self.end - self._base)].copy()
        self._sound[:] = 0
        self._sound[: len(kept)] = kept
        self._base = base
