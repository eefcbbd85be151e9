"""Workdays and weekends, day by day, against tables of our own.

China 2026: notice of the General Office of the State Council on the arrangement of
holidays in 2026 (Xinhua, 4 November 2025). It names these stretches and these worked
days, and no others.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from handlers.rules.calendars import is_weekend, is_workday, parse_calendar
from handlers.rules.windows import covers
from store.values import Window
from tests.handlers.rules.test_windows import window

DAY = timedelta(days=1)
YEAR = [date(2026, 1, 1) + n * DAY for n in range(365)]

#: Days off: first and last of each stretch.
OFF = {
    "New Year": (date(2026, 1, 1), date(2026, 1, 3)),
    "Spring Festival": (date(2026, 2, 15), date(2026, 2, 23)),
    "Tomb-Sweeping Day": (date(2026, 4, 4), date(2026, 4, 6)),
    "Labour Day": (date(2026, 5, 1), date(2026, 5, 5)),
    "Dragon Boat Festival": (date(2026, 6, 19), date(2026, 6, 21)),
    "Mid-Autumn Festival": (date(2026, 9, 25), date(2026, 9, 27)),
    "National Day": (date(2026, 10, 1), date(2026, 10, 7)),
}
#: Saturdays and Sundays that are worked for them.
MADE_UP = {
    date(2026, 1, 4),
    date(2026, 2, 14),
    date(2026, 2, 28),
    date(2026, 5, 9),
    date(2026, 9, 20),
    date(2026, 10, 10),
}


def off(day: date) -> bool:
    return any(first <= day <= last for first, last in OFF.values())


def worked(day: date) -> bool:
    return day in MADE_UP or (day.weekday() < 5 and not off(day))


def test_the_table_is_that_of_the_notice():
    lengths = [(last - first).days + 1 for first, last in OFF.values()]

    assert lengths == [3, 9, 3, 5, 3, 3, 7]
    assert all(day.weekday() >= 5 and not off(day) for day in MADE_UP)
    assert sum(map(worked, YEAR)) == 248


def test_each_day_of_2026_in_china_is_what_the_notice_says():
    assert [day for day in YEAR if is_workday(day, calendar="CN")] == [
        day for day in YEAR if worked(day)
    ]


def test_a_weekend_that_is_worked_is_none():
    assert [day for day in YEAR if is_weekend(day, calendar="CN")] == [
        day for day in YEAR if day.weekday() >= 5 and day not in MADE_UP
    ]


@pytest.mark.parametrize(
    ("days", "meant"),
    [
        ("workdays", worked),
        ("weekends", lambda day: day.weekday() >= 5 and day not in MADE_UP),
        ("daily", lambda day: True),
        ("mon,tue,wed,thu,fri", lambda day: day.weekday() < 5),
        ("sat,sun", lambda day: day.weekday() >= 5),
    ],
)
def test_a_window_opens_on_its_days_of_2026_and_no_others(days, meant):
    nights = window((22 * 60, 8 * 60), days)

    assert [day for day in YEAR if opens(nights, day)] == [
        day for day in YEAR if meant(day)
    ]


def opens(ruled: Window, day: date) -> bool:
    """Whether it is open that evening and the next morning, and then no more."""
    zone = ZoneInfo(ruled.zone)
    evening = datetime(day.year, day.month, day.day, 22, tzinfo=zone).astimezone(UTC)
    held = covers(ruled, evening)
    assert covers(ruled, evening + timedelta(hours=9, minutes=59)) == held
    assert not covers(ruled, evening + timedelta(hours=10))
    assert not covers(ruled, evening - timedelta(minutes=1))
    return held


@pytest.mark.parametrize(
    ("calendar", "days_off"),
    [
        # A week around 1 May 2026, a Friday.
        ("none", ["05-02", "05-03"]),
        ("SG", ["05-01", "05-02", "05-03"]),
        ("CN", ["05-01", "05-02", "05-03", "05-04", "05-05"]),
        ("US", ["05-02", "05-03"]),
        ("DE-BY", ["05-01", "05-02", "05-03"]),
        # Friday and Saturday are the weekend there.
        ("IL", ["05-01", "05-02"]),
    ],
)
def test_each_country_has_its_own_days_off(calendar, days_off):
    week = [date(2026, 4, 29) + n * DAY for n in range(7)]

    assert [
        f"{day:%m-%d}" for day in week if not is_workday(day, calendar=calendar)
    ] == days_off


def test_a_region_may_have_holidays_of_its_own():
    corpus_christi = date(2026, 6, 4)

    assert not is_workday(corpus_christi, calendar="DE-BY")
    assert is_workday(corpus_christi, calendar="DE-BE")


def test_a_public_holiday_in_the_week_is_neither_workday_nor_weekend():
    thursday = date(2026, 10, 1)

    assert not is_workday(thursday, calendar="CN")
    assert not is_weekend(thursday, calendar="CN")


@pytest.mark.parametrize(
    ("typed", "known"),
    [("cn", "CN"), (" sg ", "SG"), ("de-by", "DE-BY"), ("None", "none")],
)
def test_a_calendar_is_written_in_one_way(typed, known):
    assert parse_calendar(typed) == known


@pytest.mark.parametrize("typed", ["", "XX", "CN-XX", "china"])
def test_a_calendar_that_nobody_knows_is_refused(typed):
    with pytest.raises(ValueError, match="is not a calendar"):
        parse_calendar(typed)


def test_a_calendar_that_was_lost_has_no_holidays():
    assert is_workday(date(2026, 10, 1), calendar="XX")
