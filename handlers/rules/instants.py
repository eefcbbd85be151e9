"""When the clocks of a place show a minute of a day, and which days a rule means.

A minute that the clock skips in spring is the next one that exists; one that it repeats
in autumn is taken the first time.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from handlers.rules import hours
from handlers.rules.calendars import is_weekend, is_workday
from handlers.rules.hours import WEEK, parse_days

#: No calendar has a longer stretch without a workday, nor without a weekend.
FAR = 60


def falls_on(day: date, days: str, *, calendar: str) -> bool:
    """Say whether *day* is one of *days*; *calendar* knows what a workday is."""
    match parse_days(days):
        case hours.DAILY:
            return True
        case hours.WORKDAYS:
            return is_workday(day, calendar=calendar)
        case hours.WEEKENDS:
            return is_weekend(day, calendar=calendar)
        case listed:
            return WEEK[day.weekday()] in listed.split(",")


def instant(day: date, minutes: int, zone: ZoneInfo) -> datetime:
    """Return when the clocks of *zone* first show that minute, or one after it."""
    shown = datetime.combine(day, datetime.min.time()) + timedelta(minutes=minutes)
    late = shown.replace(tzinfo=zone).astimezone(UTC)
    if late.astimezone(zone).replace(tzinfo=None) == shown:
        return late
    # Skipped: the clock jumped somewhere between the two readings of that minute.
    early = shown.replace(tzinfo=zone, fold=1).astimezone(UTC)
    before = early.astimezone(zone).utcoffset()
    while late - early > timedelta(seconds=1):
        middle = early + (late - early) // 2
        middle = middle.replace(microsecond=0)
        if middle.astimezone(zone).utcoffset() == before:
            early = middle
        else:
            late = middle
    return late


@lru_cache(maxsize=1024)
def zone_named(name: str) -> ZoneInfo:
    """Return the zone of that IANA name; raises for one that nobody knows."""
    return ZoneInfo(name)
