"""Opening hours in the days and times of a place: "Mo-Fr 08:00-18:00", "Sa 09:00-13:00". PURE.

The writing is that of OpenStreetMap's `opening_hours` (its days, ranges and times only). Where a clock is put forward
or back, a time of day is the instant that RFC 5545 (iCalendar), section 3.3.5 gives it: one that comes twice is the
first, one that never comes counts from the offset before the gap.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from difflib import get_close_matches
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo, available_timezones

DAYS: Final = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
DAY: Final = 24 * 60

_PLACE: Final = {day.casefold(): place for place, day in enumerate(DAYS)}
_DAYS_AND_TIMES: Final = re.compile(r"(?:(?P<days>[A-Za-z][A-Za-z,\s-]*?)\s+)?(?P<times>[0-9][0-9:,\s-]*)", re.ASCII)
_TIMES: Final = re.compile(r"([0-9]{1,2}):([0-9]{2})\s*-\s*([0-9]{1,2}):([0-9]{2})", re.ASCII)


class BadHours(ValueError):
    """Hours that cannot be read. `str()` completes "hours ... ": what is wrong, and how to write it."""


@dataclass(frozen=True, slots=True)
class Span:
    """Open from `opens` to `closes` (minutes after midnight) on each of `days` (0 is Monday).

    `closes` before `opens` is a time of the next day.
    """

    days: frozenset[int]
    opens: int
    closes: int

    def on(self, day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """From when until when, in UTC, what begins on `day` lasts."""
        last = day + timedelta(days=1) if self.closes <= self.opens else day
        return _instant(day, self.opens, zone), _instant(last, self.closes, zone)


@dataclass(frozen=True, slots=True)
class Hours:
    """When somebody is there, by the clock of `zone`."""

    spans: tuple[Span, ...]
    zone: ZoneInfo

    def open_at(self, wall: datetime) -> bool:
        """Whether `wall` (a time with its zone) lies within. ValueError for a time without a zone."""
        if wall.tzinfo is None:
            raise ValueError("opening hours are asked with a time that knows its zone")
        today, instant = wall.astimezone(self.zone).date(), wall.astimezone(UTC)
        return any(opens <= instant < closes for opens, closes in _around(self, today))


@lru_cache(maxsize=1024)
def _around(hours: Hours, today: date) -> tuple[tuple[datetime, datetime], ...]:
    """From when until when it is open, of what begins today and of what began yesterday and may last until today."""
    days = (today, today - timedelta(days=1))
    return tuple(span.on(day, hours.zone) for day in days for span in hours.spans if day.weekday() in span.days)


@lru_cache(maxsize=1)
def _zones() -> frozenset[str]:
    """The names of the IANA database, which are read from its files."""
    return frozenset(available_timezones())


def parse_line(line: str) -> tuple[Span, ...]:
    """The spans of one line, such as "Mo-Fr 08:00-12:00,13:00-18:00" or "22:00-06:00" (each day). Raises BadHours."""
    match = _DAYS_AND_TIMES.fullmatch(line.strip())
    if match is None:
        raise BadHours('are not days and times; write them like "Mo-Fr 08:00-18:00"')
    days = _days_of(match["days"]) if match["days"] else frozenset(range(7))
    return tuple(_span(days, times.strip()) for times in match["times"].split(","))


def find_zone(name: str) -> ZoneInfo:
    """The time zone of that name in the IANA database. Raises BadHours with the nearest names."""
    if name in _zones():
        return ZoneInfo(name)
    by_folded = {known.casefold(): known for known in _zones()}
    near = get_close_matches(name.casefold()[:40], sorted(by_folded), n=2, cutoff=0.6)
    hint = f"; nearest: {', '.join(by_folded[folded] for folded in near)}" if near else ""
    raise BadHours(f'is no time zone of the IANA database{hint}; write it like "Europe/Berlin"')


def _days_of(text: str) -> frozenset[int]:
    days: set[int] = set()
    for part in text.split(","):
        first, _, last = (word.strip() for word in part.partition("-"))
        begin, end = _place_of(first), _place_of(last) if "-" in part else _place_of(first)
        days |= {(begin + n) % 7 for n in range((end - begin) % 7 + 1)}
    return frozenset(days)


def _place_of(day: str) -> int:
    if day.casefold() not in _PLACE:
        raise BadHours(f'name a day "{day[:12]}" that is none; days are {" ".join(DAYS)}')
    return _PLACE[day.casefold()]


def _span(days: frozenset[int], times: str) -> Span:
    match = _TIMES.fullmatch(times)
    if match is None:
        raise BadHours('hold no times from and to; write them like "08:00-18:00"')
    opens, closes = _minutes(match[1], match[2]), _minutes(match[3], match[4])
    if opens == DAY:
        raise BadHours("begin at 24:00; the day begins at 00:00")
    if opens == closes:
        raise BadHours("open and close at the same time; the whole day is 00:00-24:00")
    return Span(days, opens, closes)


def _minutes(hour: str, minute: str) -> int:
    minutes = int(hour) * 60 + int(minute)
    if int(minute) > 59 or minutes > DAY:
        raise BadHours(f"hold the time {hour}:{minute}, which no clock shows; times are 00:00 to 24:00")
    return minutes


def _instant(day: date, minutes: int, zone: ZoneInfo) -> datetime:
    """In UTC, because two times of one zone are compared by their clock faces. 24:00 is the next day's 00:00."""
    days, within = divmod(minutes, DAY)
    face = datetime.combine(day + timedelta(days=days), time(within // 60, within % 60), zone)
    return face.astimezone(UTC)
