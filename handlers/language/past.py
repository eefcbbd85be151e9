"""A moment of the past: ``since mon``, ``since 2h``, ``yesterday``, ``最近2小时``."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from handlers.language.clocks import NOON, read_clock
from handlers.language.durations import read_duration
from handlers.language.lexicon import WEEKDAYS
from handlers.language.moments import read_date
from handlers.language.scan import Reading, Scanner
from handlers.rules.hours import DAY

_DAYS: Mapping[str, int] = {
    **dict.fromkeys(("today", "今天", "今日"), 0),
    **dict.fromkeys(("yesterday", "昨天", "昨日"), 1),
    **dict.fromkeys(("the day before yesterday", "前天", "前日"), 2),
}
_WEEK = r"(last(?![a-z])|this(?![a-z])|上个?|本|这个?)"


def read_past(
    text: str, at: int = 0, *, now: datetime, zone: ZoneInfo
) -> Reading[datetime] | None:
    """Return the moment that begins at *at*, in UTC and not later than *now*.

    A day without a time is its midnight; a weekday is the last one. ``None`` where
    there is no moment.
    """
    long = read_duration(text, at)
    if long is not None and long.value is not None:
        scanner = Scanner(text, long.end)
        scanner.take(r"ago(?![a-z])|以?内|之内|以来|来|前")
        return Reading(scanner.at, now - long.value)
    scanner = Scanner(text, at)
    local = now.astimezone(zone)
    day = _day(scanner, local.date())
    scanner.take(r"at(?![a-z])")
    clock = read_clock(scanner)
    if day is None and clock is None:
        return None
    minutes = [0]
    if clock is not None:
        minutes = [clock.minute % DAY]
        if clock.loose:
            minutes.append((clock.minute + NOON) % DAY)
    scanner.take(r"以来")
    on = day or local.date()
    moments = [_moment(on, minute, zone) for minute in minutes]
    if day is None and min(moments) > now:
        moments = [each - timedelta(days=1) for each in moments]
    past = [each for each in moments if each <= now]
    if not past:
        return None
    return Reading(scanner.at, max(past) if day is None else min(past))


def _day(scanner: Scanner, today: date) -> date | None:
    word = scanner.take_word(_DAYS)
    if word is not None:
        return today - timedelta(days=_DAYS[word])
    start = scanner.at
    which = scanner.take(_WEEK)
    named = scanner.take_word(WEEKDAYS)
    if named is not None:
        back = (today.weekday() - WEEKDAYS[named]) % 7
        earlier = which is not None and which.group(1) in ("上", "上个")
        monday = today - timedelta(days=today.weekday())
        if earlier:
            return monday + timedelta(days=WEEKDAYS[named] - 7)
        return today - timedelta(days=back)
    scanner.at = start
    found = read_date(scanner, today)
    if found is None:
        return None
    return found if found <= today else found.replace(year=found.year - 1)


def _moment(on: date, minute: int, zone: ZoneInfo) -> datetime:
    local = datetime.combine(on, time()) + timedelta(minutes=minute)
    return local.replace(tzinfo=zone).astimezone(UTC)
