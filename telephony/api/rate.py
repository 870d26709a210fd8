"""How often one may ask: a bucket of requests for each token, filled again as time goes by. PURE."""

from collections import OrderedDict
from dataclasses import dataclass
from typing import Final

MOST_KEYS: Final = 10_000
"""Buckets kept. Of more tokens than these, those that were not used for longest begin with a full one again."""


@dataclass(slots=True)
class Bucket:
    left: float
    at: float


class Rate:
    """`a_second` requests on the average, `burst` at once."""

    def __init__(self, a_second: float = 10.0, burst: int = 40, most: int = MOST_KEYS) -> None:
        if a_second <= 0 or burst < 1:
            raise ValueError("a rate lets something through")
        self._a_second = a_second
        self._burst = burst
        self._most = most
        self._buckets: OrderedDict[str, Bucket] = OrderedDict()

    def __len__(self) -> int:
        return len(self._buckets)

    def take(self, key: str, now: float) -> float:
        """Takes one request from the bucket of `key`: 0.0, or the seconds until there is one to take."""
        bucket = self._buckets.setdefault(key, Bucket(self._burst, now))
        self._buckets.move_to_end(key)
        if len(self._buckets) > self._most:
            self._buckets.popitem(last=False)
        bucket.left = min(self._burst, bucket.left + max(0.0, now - bucket.at) * self._a_second)
        bucket.at = max(bucket.at, now)
        if bucket.left < 1.0:
            return (1.0 - bucket.left) / self._a_second
        bucket.left -= 1.0
        return 0.0
