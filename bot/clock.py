"""The one clock of the process, made in ``app.py``. The rest is told the time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Something that knows what time it is."""

    def now(self) -> datetime:
        """Return the present moment, in UTC."""
        ...


class SystemClock:
    """The machine's clock, corrected by how far another clock is ahead of it.

    Replicas share the clock of their database, so that they agree on leases.
    """

    def __init__(self, ahead: timedelta = timedelta(0)) -> None:
        self._ahead = ahead

    def now(self) -> datetime:
        """Return the present moment, in UTC."""
        return datetime.now(UTC) + self._ahead

    def on_machine(self, moment: datetime) -> datetime:
        """Return what the machine's own clock shows at *moment*."""
        return moment - self._ahead
