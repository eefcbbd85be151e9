"""Moments and durations as people read them."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from store.wording import Text, _


def stamp(moment: datetime, zone: str) -> str:
    """Return *moment* on the clock of *zone*: ``2026-10-02 08:00 Asia/Shanghai``."""
    return f"{moment.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M} {zone}"


def short_stamp(moment: datetime, zone: str) -> str:
    """Return *moment* for a list whose zone is said beside it: ``10-02 08:00``."""
    return f"{moment.astimezone(ZoneInfo(zone)):%m-%d %H:%M}"


def lasting(duration: timedelta) -> Text:
    """Return *duration* in its two largest units, rounded down: ``9 h 12 min``."""
    days, minutes = divmod(int(duration.total_seconds()) // 60, 24 * 60)
    hours, minutes = divmod(minutes, 60)
    match days, hours, minutes:
        case 0, 0, _minutes:
            return _("{minutes} min", minutes=minutes)
        case 0, _hours, 0:
            return _("{hours} h", hours=hours)
        case 0, _hours, _minutes:
            return _("{hours} h {minutes} min", hours=hours, minutes=minutes)
        case _days, 0, _minutes:
            return _("{days} d", days=days)
        case _:
            return _("{days} d {hours} h", days=days, hours=hours)
