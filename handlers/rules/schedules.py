"""When a scheduled digest is due, and which of several a delivery waits for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from functools import lru_cache

from handlers.rules.hours import WEEK, days_words, say_days, times_words
from handlers.rules.instants import FAR, falls_on, instant, zone_named
from handlers.rules.patterns import matches
from store.values import Channel, Destination, Schedule
from store.wording import Text, _

#: What can wait. A call or a text message that comes late helps nobody.
COLLECTABLE = frozenset({Channel.CHAT, Channel.DM, Channel.EMAIL})


def next_time(schedule: Schedule, after: datetime) -> datetime | None:
    """Return the first time of *schedule* that is later than *after*.

    ``None`` when there is none in the next two months.
    """
    return next((time for time in _times(schedule, after) if time > after), None)


def nearest(
    schedules: Sequence[Schedule],
    *,
    destination: Destination,
    channel: Channel,
    type_id: str,
) -> Schedule | None:
    """Return the one that a delivery waits for: the one that is most about it.

    One of the destination itself before one of its group, a type before its category
    before everything, one for fewer channels, the newest. So ``finance.*`` may come
    daily where all the rest comes weekly.
    """
    meant = [
        each
        for each in schedules
        if each.enabled
        and channel in each.collects
        and any(matches(pattern, type_id) for pattern in each.patterns)
    ]

    def about(schedule: Schedule) -> tuple[bool, tuple[bool, int], int, int]:
        closest = max(
            _closeness(pattern)
            for pattern in schedule.patterns
            if matches(pattern, type_id)
        )
        own = schedule.target == destination
        return own, closest, -len(schedule.collects), schedule.id

    return max(meant, key=about, default=None)


def schedule_words(days: str, times: Sequence[int]) -> str:
    """Return when one is due, as it is typed: ``daily 09:00``, ``weekly mon 09:30``."""
    weekly = "weekly " if days in WEEK else ""
    return f"{weekly}{days_words(days)} {times_words(times)}"


def say_schedule(schedule: Schedule) -> Text:
    """Return when it is due, in a sentence: ``daily 09:00 Asia/Shanghai``."""
    return _said(schedule.days, schedule.times, schedule.zone)


@lru_cache(maxsize=1024)
def _said(days: str, times: tuple[int, ...], zone: str) -> Text:
    named = say_days(days)
    if days in WEEK:
        named = _("weekly {day}", day=named)
    return _("{days} {times} {zone}", days=named, times=times_words(times), zone=zone)


def _closeness(pattern: str) -> tuple[bool, int]:
    return not pattern.endswith("*"), pattern.count(".")


def _times(schedule: Schedule, after: datetime) -> Iterator[datetime]:
    """Yield its times from about *after* on, in order."""
    zone = zone_named(schedule.zone)
    first = after.astimezone(zone).date() - timedelta(days=1)
    for days in range(FAR):
        day = first + timedelta(days=days)
        if falls_on(day, schedule.days, calendar=schedule.calendar):
            for at in schedule.times:
                yield instant(day, at, zone)
