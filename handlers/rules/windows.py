"""When a window is open: local hours and days, as instants.

An edge that the clock skips in spring is the next minute that exists; one that it
repeats in autumn is taken the first time. So every opening is one stretch of time, its
start before its end, and an end that is asked for is always later than now.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from handlers.rules.hours import DAY, parse_days
from handlers.rules.instants import FAR, falls_on, instant, zone_named
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


def covers(window: Window, now: datetime) -> bool:
    """Say whether *now* lies in the window. Its end is outside."""
    return ends_after(window, now) is not None


def ends_after(window: Window, now: datetime) -> datetime | None:
    """Return when the opening that covers *now* ends, or ``None`` outside.

    Always later than *now*. Openings that touch end one by one: a whole day ends at
    midnight, and what it kept is decided again.
    """
    today = now.astimezone(zone_named(window.zone)).date()
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
    today = now.astimezone(zone_named(window.zone)).date()
    openings = _openings(window, today - timedelta(days=1), days=FAR)
    return next((start for start, _ in openings if start > now), None)


def upcoming(
    window: Window, now: datetime, days: int
) -> list[tuple[datetime, datetime]]:
    """Return the openings of the next *days* days, the present one first."""
    today = now.astimezone(zone_named(window.zone)).date()
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
    zone = zone_named(window.zone)
    opens = window.start or 0
    closes = DAY
    if window.start is not None and window.end is not None:
        closes = window.end if window.end > window.start else window.end + DAY
    for after in range(days):
        day = first + timedelta(days=after)
        if not falls_on(day, window.days, calendar=window.calendar):
            continue
        start, end = instant(day, opens, zone), instant(day, closes, zone)
        if start < end:  # else the clock skipped all of it
            yield start, end
