"""What time it is. The sandbox asks one clock, so tests can move time by hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

#: Returns the time now: an aware datetime, or seconds since 1970.
Clock = Callable[[], datetime | float]


def real_clock() -> datetime:
    """Return the time of this machine, in UTC."""
    return datetime.now(UTC)


def read(clock: Clock) -> datetime:
    """Return what *clock* shows, in UTC; raise ``ValueError`` for a naive time."""
    shown = clock()
    if not isinstance(shown, datetime):
        return datetime.fromtimestamp(shown, UTC)
    if shown.tzinfo is None:
        raise ValueError("the sandbox's clock must show an aware time")
    return shown.astimezone(UTC)


def milliseconds(when: datetime) -> str:
    """Return *when* as Lark writes the time of messages: milliseconds, as text."""
    return str(int(when.timestamp() * 1000))


def microseconds(when: datetime) -> str:
    """Return *when* as Lark writes the time of card callbacks."""
    return str(int(when.timestamp()) * 1_000_000 + when.microsecond)
