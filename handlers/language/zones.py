"""Time zones, by their IANA name or by the city in it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

_SAID: Mapping[str, str] = {
    **dict.fromkeys(("beijing", "北京时间", "北京", "上海"), "Asia/Shanghai"),
    **dict.fromkeys(("新加坡", "sgt"), "Asia/Singapore"),
    **dict.fromkeys(("hkt", "香港"), "Asia/Hong_Kong"),
    **dict.fromkeys(("东京", "jst"), "Asia/Tokyo"),
    **dict.fromkeys(("utc", "gmt", "z"), "UTC"),
}


#: Shorter words are no cities by themselves.
_SHORTEST = 3


def find_zone(text: str) -> str | None:
    """Return the IANA name that *text* means, or ``None``.

    A city does where only one zone is named after it: ``singapore``.
    """
    word = text.strip().casefold().replace(" ", "_")
    return _SAID.get(text.strip().casefold()) or zone_names().get(word)


@cache
def zone_names() -> Mapping[str, str]:
    """Return every way to write a zone, in lower case → its IANA name."""
    cities: dict[str, set[str]] = {}
    names: dict[str, str] = {}
    for name in available_timezones():
        if "/" not in name or name.startswith(("Etc/", "SystemV/", "US/")):
            continue
        names[name.casefold()] = name
        city = name.rpartition("/")[2].casefold()
        # "act" is in Australia, and one letter away from "at".
        if len(city) > _SHORTEST:
            cities.setdefault(city, set()).add(name)
    for city, found in cities.items():
        if len(found) == 1:
            names.setdefault(city, found.pop())
    return names


def zone(name: str) -> ZoneInfo:
    """Return the zone called *name*; raises ``ValueError`` for an unknown name."""
    try:
        return ZoneInfo(name)
    except (KeyError, OSError):
        raise ValueError(f"{name!r} is not a time zone") from None
