"""When a window is open: local hours and days, as instants.

An edge that the clock skips in spring is the next minute that exists; one that it
repeats in autumn is taken the first time. So every opening is one stretch of time, its
start before its end, and an end that is asked for is always later than now.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from handlers.rules import hours
from handlers.rules.calendars import is_weekend, is_workday
from handlers.rules.hours import DAY, WEEK, parse_days
from store.values import Destination, Window

__all__ = [
    "LONGEST",
    "closes_after",
    "covers",
    "ends_after",
    "next_start",
    "parse_days",
    "spread",
    "upcoming",
]

#: Ends of windows are spread over this long: Lark asks to avoid :00 and :30.
SPREAD = timedelta(seconds=90)

#: A window that stays open for longer is open for good, as far as anybody cares.
LONGEST = timedelta(days=8)

#: No calendar has a longer stretch without a workday, nor without a weekend.
_FAR = 60


def covers(window: Window, now: datetime) -> bool:
    """Say whether *now* lies in the window. Its end is outside."""
    return ends_after(window, now) is not None


def ends_after(window: Window, now: datetime) -> datetime | None:
    """Return when the opening that covers *now* ends, or ``None`` outside.

    Always later than *now*. Openings that touch end one by one: a whole day ends at
    midnight, and what it kept is decided again.
    """
    today = now.astimezone(_zone(window.zone)).date()
    for start, end in _openings(window, today - timedelta(days=1), days=3):
        if start <= now < end:
            return end
    return None


def closes_after(window: Window, now: datetime) -> datetime | None:
    """Return when the window is open no more, or ``None`` when it is not open now.

    Openings that touch count as one. What is still open after ``LONGEST`` may never
    close: then the end of the last opening that was looked at is returned.
    """
    end = None
    following = ends_after(window, now)
    while following is not None:
        end = following
        following = ends_after(window, end) if end - now < LONGEST else None
    return end


def next_start(window: Window, now: datetime) -> datetime | None:
    """Return when the window opens next, later than *now*.

    ``None`` when it will not open for two months.
    """
    today = now.astimezone(_zone(window.zone)).date()
    openings = _openings(window, today - timedelta(days=1), days=_FAR)
    return next((start for start, _ in openings if start > now), None)


def upcoming(
    window: Window, now: datetime, days: int
) -> list[tuple[datetime, datetime]]:
    """Return the openings of the next *days* days, the present one first."""
    today = now.astimezone(_zone(window.zone)).date()
    horizon = now + timedelta(days=days)
    return [
        (start, end)
        for start, end in _openings(window, today - timedelta(days=1), days=days + 3)
        if end > now and start < horizon
    ]


def spread(destination: Destination, hold_end: datetime) -> timedelta:
    """Return how long after *hold_end* this destination's messages are let go.

    The same in every process, so that replicas agree.
    """
    moment = f"{destination}@{int(hold_end.timestamp())}"
    share = zlib.crc32(moment.encode()) / 2**32
    return timedelta(milliseconds=int(SPREAD / timedelta(milliseconds=1) * share))


def _openings(
    window: Window, first: date, *, days: int
) -> Iterator[tuple[datetime, datetime]]:
    """Yield the openings that start on *first* and the days after it, in order."""
    zone = _zone(window.zone)
    opens = window.start or 0
    closes = DAY
    if window.start is not None and window.end is not None:
        closes = window.end if window.end > window.start else window.end + DAY
    for after in range(days):
        day = first + timedelta(days=after)
        if not _falls_on(window, day):
            continue
        start, end = _instant(day, opens, zone), _instant(day, closes, zone)
        if start < end:  # else the clock skipped all of it
            yield start, end


def _falls_on(window: Window, day: date) -> bool:
    match parse_days(window.days):
        case hours.DAILY:
            return True
        case hours.WORKDAYS:
            return is_workday(day, calendar=window.calendar)
        case hours.WEEKENDS:
            return is_weekend(day, calendar=window.calendar)
        case listed:
            return WEEK[day.weekday()] in listed.split(",")


def _instant(day: date, minutes: int, zone: ZoneInfo) -> datetime:
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
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)
