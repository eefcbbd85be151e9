"""Times as senders write them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

_RFC_3339 = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?"
    r"(?:[Zz]|[+-][0-9]{2}:[0-9]{2})"
)

#: China has had one zone and no summer time since 1991.
_BEIJING = timezone(timedelta(hours=8))


def rfc3339(text: str) -> datetime:
    """Return the instant that *text* names, in UTC; raise ``ValueError`` for none.

    A time without a zone names none.
    """
    if _RFC_3339.fullmatch(text) is None:
        raise ValueError("not a time of RFC 3339")
    try:
        return datetime.fromisoformat(text.upper()).astimezone(UTC)
    except OverflowError:
        raise ValueError("out of range") from None


def maybe_rfc3339(value: Any) -> datetime | None:
    """Return the instant, or ``None``. Go's zero time, year 1, means that too."""
    if not isinstance(value, str):
        return None
    try:
        instant = rfc3339(value)
    except ValueError:
        return None
    return instant if instant.year > 1 else None


def maybe_beijing(value: Any) -> datetime | None:
    """Return the instant of a Beijing wall clock, or ``None``: ``0`` means that too."""
    if not isinstance(value, str):
        return None
    try:
        local = datetime.fromisoformat(value.strip())
        if local.tzinfo is None:
            local = local.replace(tzinfo=_BEIJING)
        return local.astimezone(UTC) if local.year > 1970 else None
    except (ValueError, OverflowError):
        return None
