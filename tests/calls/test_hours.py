from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from telephony.calls.hours import BadHours, Hours, find_zone, parse_line

BERLIN = ZoneInfo("Europe/Berlin")
NEW_YORK = ZoneInfo("America/New_York")

OFFICE = ("Mo-Fr 08:00-18:00", "Sa 09:00-13:00")


def hours(*lines: str, zone: ZoneInfo = BERLIN) -> Hours:
    return Hours(tuple(span for line in lines for span in parse_line(line)), zone)


def berlin(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("at", "is_open"),
    [
        ("2025-07-07 07:59:59", False),
        ("2025-07-07 08:00", True),
        ("2025-07-11 17:59:59", True),
        ("2025-07-11 18:00", False),
        ("2025-07-12 08:59", False),
        ("2025-07-12 09:00", True),
        ("2025-07-12 13:00", False),
        ("2025-07-13 10:00", False),
    ],
)
def test_an_office_is_open_on_its_days_from_the_first_minute_until_the_last(at: str, is_open: bool) -> None:
    assert hours(*OFFICE).open_at(berlin(at)) is is_open


def test_hours_are_those_of_their_own_zone_whatever_zone_asks() -> None:
    noon_in_berlin = utc("2025-07-07 10:00")
    assert hours("11:30-12:30").open_at(noon_in_berlin)
    assert not hours("11:30-12:30", zone=NEW_YORK).open_at(noon_in_berlin)
    assert hours("05:30-06:30", zone=NEW_YORK).open_at(noon_in_berlin.astimezone(ZoneInfo("Asia/Tokyo")))


@pytest.mark.parametrize(
    ("at", "is_open"),
    [
        ("2025-07-11 21:59", False),
        ("2025-07-11 22:00", True),
        ("2025-07-12 00:00", True),
        ("2025-07-12 05:59", True),
        ("2025-07-12 06:00", False),
        ("2025-07-12 22:00", False),
        ("2025-07-11 05:59", False),
    ],
)
def test_a_night_belongs_to_the_day_on_which_it_begins(at: str, is_open: bool) -> None:
    assert hours("Fr 22:00-06:00").open_at(berlin(at)) is is_open


def test_days_go_round_the_end_of_the_week_and_in_lists() -> None:
    line = hours("Sa-Mo,We 10:00-11:00")
    open_days = [day for day in range(7, 14) if line.open_at(berlin(f"2025-07-{day:02} 10:30"))]
    assert open_days == [7, 9, 12, 13]


def test_a_day_may_have_several_times_and_days_are_read_in_any_case() -> None:
    line = hours("mo - fr 08:00-12:00, 13:00-18:00")
    assert line.open_at(berlin("2025-07-07 11:59"))
    assert not line.open_at(berlin("2025-07-07 12:30"))
    assert line.open_at(berlin("2025-07-07 13:00"))


def test_the_whole_day_is_from_midnight_to_midnight() -> None:
    line = hours("Mo 00:00-24:00")
    assert line.open_at(berlin("2025-07-07 00:00"))
    assert line.open_at(berlin("2025-07-07 23:59:59"))
    assert not line.open_at(berlin("2025-07-08 00:00"))
    assert not line.open_at(berlin("2025-07-06 23:59:59"))


def minutes_open(line: Hours, first: datetime, last: datetime) -> int:
    """Of the minutes from `first` to before `last`, both in UTC."""
    count = int((last - first).total_seconds() // 60)
    return sum(line.open_at(first + timedelta(minutes=n)) for n in range(count))


DAYS_OF_BERLIN = {
    "an ordinary night": (utc("2025-07-05 12:00"), 480),
    "clocks put forward": (utc("2025-03-29 12:00"), 420),
    "clocks put back": (utc("2025-10-25 12:00"), 540),
}


@pytest.mark.parametrize("night", DAYS_OF_BERLIN)
def test_a_night_over_a_change_of_clocks_is_as_long_as_it_is(night: str) -> None:
    noon, minutes = DAYS_OF_BERLIN[night]
    assert minutes_open(hours("Sa 22:00-06:00"), noon, noon + timedelta(hours=24)) == minutes


def test_the_morning_after_a_change_of_clocks_begins_by_the_new_clock() -> None:
    line = hours("Su 08:00-18:00")
    assert not line.open_at(utc("2025-03-30 05:59"))
    assert line.open_at(utc("2025-03-30 06:00"))
    assert not line.open_at(utc("2025-10-26 06:59"))
    assert line.open_at(utc("2025-10-26 07:00"))


def test_a_time_that_comes_twice_is_the_first() -> None:
    early, late = hours("Su 00:00-02:30"), hours("Su 02:30-05:00")
    first, second = utc("2025-10-26 00:45"), utc("2025-10-26 01:15")
    assert (early.open_at(utc("2025-10-26 00:29")), late.open_at(utc("2025-10-26 00:29"))) == (True, False)
    for instant in (first, second):
        assert (early.open_at(instant), late.open_at(instant)) == (False, True)


def test_a_time_that_never_comes_counts_from_the_offset_before_the_gap() -> None:
    line = hours("Su 02:30-05:00")
    assert not line.open_at(utc("2025-03-30 01:29"))
    assert line.open_at(utc("2025-03-30 01:30"))


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="knows its zone"):
        hours(*OFFICE).open_at(datetime(2025, 7, 7, 12))


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("", "no days and times"),
        ("Mo-Fr", "no days and times"),
        ("Mo-Fr 8", 'write them like "08:00-18:00"'),
        ("Mo-Fr 08:00", 'write them like "08:00-18:00"'),
        ("Mo-Fr 8am-6pm", "no days and times"),
        ("Mo-Fr 08:00-25:00", "25:00, which no clock shows"),
        ("Mo-Fr 08:60-18:00", "08:60, which no clock shows"),
        ("Mo-Fr 08:00-24:01", "24:01, which no clock shows"),
        ("Mo-Fr 08:00-08:00", "the whole day is 00:00-24:00"),
        ("24:00-06:00", "begins at 00:00"),
        ("Mon-Fri 08:00-18:00", '"Mon" that is none; days are Mo Tu We Th Fr Sa Su'),
        ("Mo-Xx 08:00-18:00", '"Xx" that is none'),
        ("Mo--Fr 08:00-18:00", '"-Fr" that is none'),
        ("Mo, 08:00-18:00", '"" that is none'),
        ("Mo 08:00-12:00,", "hold no times"),
        ("٠٨:٠٠-١٨:٠٠", "no days and times"),
    ],
)
def test_hours_that_mean_nothing_are_refused_with_the_way_to_write_them(line: str, said: str) -> None:
    with pytest.raises(BadHours) as wrong:
        hours(line)
    assert said.replace("no days", "are not days") in str(wrong.value)


def test_a_zone_is_found_by_its_name_only() -> None:
    assert find_zone("Europe/Berlin") == BERLIN


@pytest.mark.parametrize(
    ("name", "nearest"),
    [("Europe/Berln", "Europe/Berlin"), ("europe/berlin", "Europe/Berlin"), ("Berlin", ""), ("../etc/passwd", "")],
)
def test_a_zone_that_is_none_is_refused_with_the_nearest(name: str, nearest: str) -> None:
    with pytest.raises(BadHours, match="no time zone of the IANA database") as wrong:
        find_zone(name)
    assert nearest in str(wrong.value)
