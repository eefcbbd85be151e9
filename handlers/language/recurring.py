"""What comes again and again: the slots that windows and scheduled digests share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache

from handlers.errors import Misunderstood, words_of
from handlers.language.cursor import Cursor
from handlers.language.days import read_days
from handlers.language.lexicon import DAY_WORDS, SPARES_CRITICAL, WEEKDAYS
from handlers.language.slots import One
from handlers.language.zones import find_zone, zone_names
from handlers.rules.calendars import parse_calendar
from handlers.rules.hours import WEEK
from store.wording import _

_DAYS = {
    **{said: WEEK[day] for said, day in WEEKDAYS.items()},
    **DAY_WORDS,
}


#: "singapore time" is a zone, and no hours.
_TIME = frozenset({"time", "时间"})


def days_slot() -> One[str]:
    """Return the slot for the days: ``workdays``, ``on mon,wed``."""
    return One(_("the days"), _days, words=_DAYS)


def critical_slot() -> One[bool]:
    """Return the slot for whether criticals pass."""
    return One(
        _("what becomes of criticals"),
        lambda at: at.phrase(SPARES_CRITICAL),
        words=same(SPARES_CRITICAL),
    )


def zone_slot() -> One[str]:
    """Return the slot for a time zone."""
    return One(_("the time zone"), _zone, words=_zone_words())


def calendar_slot() -> One[str]:
    """Return the slot for whose holidays count: ``calendar SG``."""
    return One(_("the calendar"), _calendar, words={"calendar": "calendar"})


def same(words: Iterable[str]) -> dict[str, str]:
    """Return what can be typed, each written best as it is."""
    return {word: word for word in words}


def _days(cursor: Cursor) -> str | None:
    cursor.option("days")
    return cursor.reading(read_days)


def _zone(cursor: Cursor) -> str | None:
    led = cursor.option("zone")
    for count in range(len(cursor.ahead(3)), 0, -1):
        tokens = cursor.ahead(count)
        if any(each.comma for each in tokens[1:]):
            continue
        found = find_zone(" ".join(each.text for each in tokens))
        if found is not None:
            cursor.take(count)
            cursor.one_of(_TIME)
            return found
    if led:
        raise Misunderstood(_("Which time zone? Write it as Asia/Shanghai."), count=0)
    return None


def _calendar(cursor: Cursor) -> str | None:
    if not cursor.option("calendar") or cursor.done:
        return None
    try:
        found = parse_calendar(cursor.here.text)
    except ValueError as exc:
        raise Misunderstood(words_of(exc)) from None
    cursor.take()
    return found


@cache
def _zone_words() -> Mapping[str, str]:
    """Short names of towns are near to everything, and so never suggested."""
    return {
        word: name
        for word, name in zone_names().items()
        if "/" in word or len(word) >= 6
    }
