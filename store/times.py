"""How times are written: integer milliseconds since 1970, UTC."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


def to_ms(moment: datetime) -> int:
    """Return *moment* as the database writes it."""
    return (moment - _EPOCH) // _MILLISECOND


def from_ms(written: int) -> datetime:
    """Return the moment that the database wrote as *written*."""
    return _EPOCH + written * _MILLISECOND


def maybe_from_ms(written: int | None) -> datetime | None:
    """Return the moment, or ``None`` where the column is empty."""
    return None if written is None else from_ms(written)
