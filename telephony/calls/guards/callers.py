"""When each caller called lately, by digest, in bounded memory. PURE."""

from collections import OrderedDict, deque
from typing import Final

HOUR: Final = 3600.0

MOST_CALLERS: Final = 20_000
"""Callers remembered. Of more than these in an hour, those who have not called for longest are forgotten."""

MOST_TIMES: Final = 200
"""Calls remembered of one caller: no limit is above this."""


class RecentCallers:
    """The times (monotonic seconds) of each caller's calls within the last hour."""

    def __init__(self, most: int = MOST_CALLERS) -> None:
        self._most = most
        self._times: OrderedDict[str, deque[float]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._times)

    def add(self, caller: str, now: float) -> None:
        times = self._times.setdefault(caller, deque(maxlen=MOST_TIMES))
        times.append(now)
        self._times.move_to_end(caller)
        self._forget(now)

    def within(self, seconds: float, caller: str, now: float) -> int:
        """How often `caller` called in the last `seconds` (an hour at most)."""
        return sum(now - at < seconds for at in self._times.get(caller, ()))

    def _forget(self, now: float) -> None:
        """The one who has not called for longest stands first."""
        while self._times and (len(self._times) > self._most or now - next(iter(self._times.values()))[-1] >= HOUR):
            self._times.popitem(last=False)
