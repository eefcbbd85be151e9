"""Moments and durations as people read them."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.cards.words import Words


def stamp(moment: datetime, zone: str) -> str:
    """Return *moment* on the clock of *zone*: ``2026-10-02 08:00 Asia/Shanghai``."""
    return f"{moment.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M} {zone}"


def short_stamp(moment: datetime, zone: str) -> str:
    """Return *moment* for a list whose zone is said beside it: ``10-02 08:00``."""
    return f"{moment.astimezone(ZoneInfo(zone)):%m-%d %H:%M}"


def lasting(duration: timedelta, words: Words) -> str:
    """Return *duration* in its two largest units, rounded down: ``9 h 12 min``."""
    days, hours, minutes = words.units
    total = int(duration.total_seconds()) // 60
    if total < 60:
        return f"{total} {minutes}"
    if total < 24 * 60:
        return _two(total // 60, hours, total % 60, minutes)
    return _two(total // (24 * 60), days, total // 60 % 24, hours)


def _two(large: int, name: str, small: int, smaller_name: str) -> str:
    return f"{large} {name} {small} {smaller_name}" if small else f"{large} {name}"
