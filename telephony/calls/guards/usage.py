"""What a day (UTC) has used of interpretation, and what that costs. PURE.

Metered from our own sound: the usage that the Live API reports is missing at times.
"""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime


@dataclass(frozen=True, slots=True)
class Usage:
    """Seconds of sessions, all directions together, and their price in the currency of the price a minute."""

    day: date
    session_s: float = 0.0
    spend: float = 0.0


class Meter:
    """Adds up by day. Begins with `stored`, where that is of today."""

    def __init__(self, minute_price: float, stored: Usage | None = None) -> None:
        self._minute_price = minute_price
        self._usage = stored

    def add(self, session_s: float, wall: datetime) -> Usage:
        """What the day of `wall` has come to. ValueError for less than no seconds."""
        if session_s < 0:
            raise ValueError("a session does not last less than no time")
        before = self.usage(wall)
        spend = before.spend + session_s / 60 * self._minute_price
        self._usage = replace(before, session_s=before.session_s + session_s, spend=spend)
        return self._usage

    def usage(self, wall: datetime) -> Usage:
        """Of the day of `wall`; a clock put back past midnight goes on with the day it had."""
        today = wall.astimezone(UTC).date()
        if self._usage is None or self._usage.day < today:
            self._usage = Usage(today)
        return self._usage
