"""How hours and days are written: ``22:00-08:00``, ``workdays``, ``mon-fri``."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from store.wording import Text, _

DAY = 24 * 60
WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAILY, WORKDAYS, WEEKENDS = "daily", "workdays", "weekends"

_WORDS = {
    **dict.fromkeys(["daily", "everyday", "every day", "all", "每天", "每日"], DAILY),
    **dict.fromkeys(["workdays", "workday", "working days", "工作日"], WORKDAYS),
    **dict.fromkeys(["weekends", "weekend", "周末"], WEEKENDS),
}
_FULL = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_DAY_WORDS = {
    **{word: at for at, word in enumerate(WEEK)},
    **{word: at for at, word in enumerate(_FULL)},
    **{f"{word}s": at for at, word in enumerate(_FULL)},
    **{
        f"{week}{day}": at
        for week in ("周", "星期", "礼拜")
        for at, day in enumerate("一二三四五六日")
    },
    **{f"{week}天": 6 for week in ("周", "星期", "礼拜")},
    "tues": 1,
    "weds": 2,
    "thur": 3,
    "thurs": 3,
}
_SAID: Mapping[str, Text] = {
    each: each
    for each in (
        *(_("daily"), _("workdays"), _("weekends")),
        *(_("mon"), _("tue"), _("wed"), _("thu"), _("fri"), _("sat"), _("sun")),
    )
}
_WHOLE_DAY = frozenset({"whole day", "wholeday", "all day", "allday", "全天", "整天"})
_TO = re.compile(r"\s*(?:-|‐|‑|–|—|−|~|\.\.|\bto\b|至|到)\s*")
_LISTED = re.compile(r"\s*(?:[,;、]|\band\b|和)\s*|\s+")
_CLOCK = re.compile(r"(\d{1,2})(?:[:点时.](\d{2})?分?)?\s*(am|pm)?")


def parse_hours(text: str) -> tuple[int, int] | tuple[None, None]:
    """Return start and end in minutes after midnight; two ``None`` for whole days.

    Raise ``ValueError`` when *text* is neither hours nor ``whole day``.
    """
    typed = _plain(text)
    if typed in _WHOLE_DAY:
        return None, None
    edges = _TO.split(typed)
    if len(edges) != 2:
        raise ValueError(f"{text!r} is not hours. Write 22:00-08:00, or whole day.")
    start, end = map(_clock, edges)
    if (start, end) == (0, DAY):
        return None, None
    if start % DAY == end % DAY:
        raise ValueError(f"{text!r} has no length. For 24 hours write whole day.")
    return start % DAY, end % DAY


def hours_words(start: int | None, end: int | None) -> str:
    """Return the hours as ``parse_hours`` reads them."""
    if start is None or end is None:
        return "whole day"
    return "-".join(f"{at // 60:02}:{at % 60:02}" for at in (start, end))


@lru_cache(maxsize=512)
def parse_days(text: str) -> str:
    """Return the days in their one form: a word, or a list such as ``mon,tue``.

    Raise ``ValueError`` when *text* names no days.
    """
    typed = _plain(text)
    if typed in _WORDS:
        return _WORDS[typed]
    if typed in ("weekdays", "weekday"):
        typed = "mon-fri"
    chosen = set(_weekdays(_TO.sub("-", typed), text))
    if not chosen:
        raise _no_days(text)
    if len(chosen) == len(WEEK):
        return DAILY
    return ",".join(day for at, day in enumerate(WEEK) if at in chosen)


def days_words(days: str) -> str:
    """Return the days as people would type them: ``mon-fri`` for five in a row."""
    named = [WEEK.index(day) for day in days.split(",") if day in WEEK]
    if len(named) > 2 and named[-1] - named[0] == len(named) - 1:
        return f"{WEEK[named[0]]}-{WEEK[named[-1]]}"
    return days


def parse_times(text: str) -> tuple[int, ...]:
    """Return times of day in minutes after midnight, in order, each once.

    Raise ``ValueError`` when *text* is no list of times such as ``09:00,18:00``.
    """
    parts = [part for part in _LISTED.split(_plain(text)) if part]
    times = sorted({_clock(part) for part in parts})
    if not times or times[-1] == DAY:
        raise ValueError(f"{text!r} is no time of day. Write 09:00, or 09:00,18:00.")
    return tuple(times)


def times_words(times: Sequence[int]) -> str:
    """Return times of day as ``parse_times`` reads them: ``09:00,18:00``."""
    return ",".join(f"{at // 60:02}:{at % 60:02}" for at in times)


def say_hours(start: int | None, end: int | None) -> str:
    """Return the hours in a sentence: ``22:00-08:00``, ``whole day``."""
    written = hours_words(start, end)
    return _("whole day") if start is None or end is None else written


def say_days(days: str) -> str:
    """Return the days in a sentence: ``workdays``, ``mon-fri``, ``sat,sun``."""
    first, through, last = days_words(days).partition("-")
    if through:
        return _("{first_day}-{last_day}", first_day=_SAID[first], last_day=_SAID[last])
    first, more, rest = days.partition(",")
    if more:
        return _("{day},{more_days}", day=_SAID[first], more_days=say_days(rest))
    return _SAID.get(first, days)


def _weekdays(typed: str, shown: str) -> Iterator[int]:
    for part in filter(None, _LISTED.split(typed)):
        first, dash, last = part.partition("-")
        if first not in _DAY_WORDS or (dash and last not in _DAY_WORDS):
            raise _no_days(shown)
        yield _DAY_WORDS[first]
        at = _DAY_WORDS[first]
        while dash and at != _DAY_WORDS[last]:
            at = (at + 1) % len(WEEK)
            yield at


def _no_days(shown: str) -> ValueError:
    return ValueError(
        f"{shown!r} is not days. Write daily, workdays, weekends, mon-fri, "
        "or a list such as mon,wed."
    )


def _clock(typed: str) -> int:
    found = _CLOCK.fullmatch(typed)
    if not found:
        raise ValueError(f"{typed!r} is not a time of day. Write it as 22:00.")
    hour, minute, half = int(found[1]), int(found[2] or 0), found[3]
    if half:
        if not 1 <= hour <= 12:
            raise ValueError(f"{typed!r} is not a time of day. Write it as 10pm.")
        hour = hour % 12 + (12 if half == "pm" else 0)
    if minute >= 60 or hour * 60 + minute > DAY:
        raise ValueError(f"{typed!r} is not a time of day. Write it as 22:00.")
    return hour * 60 + minute


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())
