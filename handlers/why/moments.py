"""When a supposed message comes: any moment, before now or after it."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from handlers.context import Context
from handlers.errors import Misunderstood
from handlers.language.cursor import Cursor
from handlers.language.durations import read_duration, write_duration
from handlers.language.moments import read_moment
from handlers.language.past import read_past
from handlers.language.scan import Reading, Scanner
from handlers.language.text import clean
from store.wording import _

_SUCH = 'at "sat 03:00", at now, at "2h ago"'
_AGO = r"ago(?![a-z])|以?前|之前"
_LATER = r"(?:later|from now)(?![a-z])|以?后|之后"
_NOW = frozenset({"now", "right now", "现在", "此刻"})


def read_at(cursor: Cursor, context: Context) -> datetime | None:
    """Take a moment that the word for *at* leads in."""
    if not cursor.option("at"):
        return None
    return cursor.value("at", lambda at: _read(at, context), _SUCH)


def _read(cursor: Cursor, context: Context) -> datetime | None:
    now, zone = context.now, context.clock
    if cursor.one_of(_NOW):
        return now
    if cursor.done:
        return None
    if not cursor.here.quoted:
        return cursor.reading(
            lambda text, start: read_any(text, start, now=now, zone=zone)
        )
    said = clean(cursor.here.text).text.strip()
    if said.casefold() in _NOW:
        cursor.take()
        return now
    found = read_any(said, now=now, zone=zone)
    if found is None or said[found.end :].strip(" .,"):
        return None
    if found.value is None:
        lines = tuple(cursor.line_with(f'"{each}"') for each in found.choices)
        raise Misunderstood(found.problem, choices=lines)
    cursor.take()
    return found.value


def read_any(
    text: str, at: int = 0, *, now: datetime, zone: ZoneInfo
) -> Reading[datetime] | None:
    """Return the moment that begins at *at*: ``sat 03:00``, ``in 2h``, ``2h ago``.

    A weekday is the next one, unless the last is named. What can be read in two ways
    has choices instead of a value.
    """
    if (away := _away(text, at, now=now)) is not None:
        return away
    coming = read_moment(text, at, now=now, zone=zone, past=True)
    if coming is None:
        return read_past(text, at, now=now, zone=zone)
    choices = tuple(each.removeprefix("until ") for each in coming.choices)
    return Reading(coming.end, coming.value, coming.problem, choices)


def _away(text: str, at: int, *, now: datetime) -> Reading[datetime] | None:
    """Return how far from now: ``in 2h``, ``2h ago``, ``2小时后``."""
    scanner = Scanner(text, at)
    coming = scanner.take(r"in(?![a-z])") is not None
    long = read_duration(text, scanner.at)
    if long is None or long.value is None:
        return None
    behind = Scanner(text, long.end)
    if coming or behind.take(_LATER):
        return Reading(behind.at, now + long.value)
    if behind.take(_AGO):
        return Reading(behind.at, now - long.value)
    short = write_duration(long.value)
    return Reading(
        long.end,
        None,
        _("Before now, or after it?"),
        (f"in {short}", f"{short} ago"),
    )
