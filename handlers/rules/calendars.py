"""Which days are workdays: weekends, public holidays and made-up workdays.

A calendar is a country code (``CN``), with a region where holidays differ (``DE-BY``).
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

from store.wording import _

_SATURDAY = 5
#: No holidays at all: Monday to Friday are workdays.
NONE = "none"


def parse_calendar(text: str) -> str:
    """Return the calendar that *text* names, ``CN`` for ``cn``.

    Raise ``ValueError`` when nobody knows its holidays.
    """
    if text.strip().lower() == NONE:
        return NONE
    country, dash, region = text.strip().partition("-")
    known = _known().get(country.upper())
    if known is None or (dash and region.upper() not in known):
        raise ValueError(
            _(
                "{calendar} is not a calendar. Write a country code such as CN or SG, "
                "a country and region such as DE-BY, or none.",
                calendar=repr(text),
            )
        )
    return country.upper() + (f"-{region.upper()}" if dash else "")


def is_workday(day: date, *, calendar: str) -> bool:
    """Say whether people work on *day*.

    A calendar that is not known has no holidays: a wrong word in a rule must not keep
    messages from being sent.
    """
    return day in _year(calendar, day.year)[0]


def is_weekend(day: date, *, calendar: str) -> bool:
    """Say whether *day* is of the weekend, and no made-up workday.

    A public holiday in the week is neither workday nor weekend.
    """
    return day in _year(calendar, day.year)[1]


@lru_cache(maxsize=1)
def _known() -> dict[str, list[str]]:
    import holidays

    return holidays.list_supported_countries(include_aliases=True)


@lru_cache(maxsize=256)
def _year(calendar: str, year: int) -> tuple[frozenset[date], frozenset[date]]:
    """Return workdays and weekend of *year*. Kept: the library is slow to ask."""
    first = date(year, 1, 1)
    length = (date(year, 12, 31) - first).days + 1
    days = [first + timedelta(days=after) for after in range(length)]
    try:
        country, _, region = parse_calendar(calendar).partition("-")
    except ValueError:
        country = NONE
    if country == NONE:
        working = frozenset(day for day in days if day.weekday() < _SATURDAY)
        return working, frozenset(days) - working
    import holidays

    # The library knows what one year makes up for, or observes, for the next.
    known = holidays.country_holidays(country, subdiv=region or None, years=year)
    working = frozenset(day for day in days if known.is_working_day(day))
    return working, frozenset(day for day in days if known.is_weekend(day)) - working
