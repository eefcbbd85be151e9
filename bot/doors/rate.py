"""How much a source may send: a bucket that fills at its rate. Pure; takes *now*."""

from __future__ import annotations

from datetime import datetime, timedelta

#: The closest that two can be: time is counted in these.
_CLOSEST = timedelta(microseconds=1)


class Bucket:
    """*amount* in *per*: as much at once, and then as it fills again."""

    def __init__(self, amount: int, per: timedelta) -> None:
        self._amount = amount
        self._spacing = max(per / amount, _CLOSEST)
        self._full_at: datetime | None = None

    def take(self, count: int, *, now: datetime) -> timedelta | None:
        """Take *count*; return ``None``, or how long to wait when it is empty.

        A request of more than the whole bucket is let through when it is full: it could
        never be sent otherwise.
        """
        full_at = max(self._full_at or now, now)
        room = self._amount - (full_at - now) / self._spacing
        needed = min(count, self._amount)
        # A hair of tolerance: time is counted in microseconds.
        if needed > room + 1e-6:
            return (needed - room) * self._spacing
        self._full_at = full_at + count * self._spacing
        return None

    def follow(self, before: Bucket) -> None:
        """Go on where *before* stands, if that fills at the same rate."""
        if (before._amount, before._spacing) == (self._amount, self._spacing):
            self._full_at = before._full_at
