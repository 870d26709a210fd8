"""How late the event loop was over the last seconds, so that a long block weighs as much as it lasted. PURE

A heartbeat that is blocked for 400 ms comes once, 400 ms late, and the twenty that were due meanwhile never come: a
percentile over those that came would hardly see it. So each late one stands for those it kept from coming, too.
"""

import math
from collections import deque

WINDOW_S = 10.0
JUDGED_FROM_S = 2.0
"""Seconds of heartbeats without which nothing is said: starting up loads code, which is no sign of load."""

LEAST_TICK_S = 0.005


class LoopLag:
    """Heartbeats every `tick_s`. Keeps those of WINDOW_S, a bounded number; beyond it the oldest go."""

    def __init__(self, tick_s: float) -> None:
        self._tick_s = max(tick_s, LEAST_TICK_S)
        self._beats: deque[tuple[float, float]] = deque(maxlen=math.ceil(WINDOW_S / self._tick_s))
        self._began: float | None = None

    def add(self, now: float, late_s: float) -> tuple[float, ...]:
        """A heartbeat came `late_s` seconds after it was due; the lags it stands for, its own first."""
        if self._began is None:
            self._began = now
        missed = min(int(late_s / self._tick_s), int(WINDOW_S / self._tick_s))
        lags = (late_s, *(late_s - place * self._tick_s for place in range(1, missed + 1)))
        self._beats.extend((now, lag) for lag in reversed(lags))
        return lags

    def p99(self, now: float) -> float:
        """Seconds; 0 before JUDGED_FROM_S."""
        return self._quantile(0.99, now)

    def p90(self, now: float) -> float:
        """The same, exceeded for a tenth of the time: it takes more than one block to raise it."""
        return self._quantile(0.9, now)

    def _quantile(self, share: float, now: float) -> float:
        if self._began is None or now - self._began < JUDGED_FROM_S:
            return 0.0
        lags = sorted(lag for at, lag in self._beats if at > now - WINDOW_S)
        return lags[math.ceil(share * len(lags)) - 1] if lags else 0.0
