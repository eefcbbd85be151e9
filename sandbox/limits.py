"""How often one may call: the gateway's windows, the chat's, the month's.

Windows slide and count what was admitted. A client that keeps under the limits by this
measure keeps under them by any.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Hashable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sandbox.refusal import Refusal

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)

#: Tier 4, which nearly every call of a bot belongs to.
PER_API = ((50, SECOND), (1000, MINUTE))
#: A chat's messages a second, whichever bots send them; the same for a person.
PER_CHAT = ((5, SECOND),)
PER_USER = ((5, SECOND),)
#: Updates of one card.
PER_MESSAGE = ((5, SECOND),)
#: Posts of one custom bot.
PER_ROBOT = ((5, SECOND), (100, MINUTE))

Ceilings = tuple[tuple[int, timedelta], ...]


@dataclass(frozen=True, slots=True)
class Exceeded:
    """Which ceiling was reached, and how long until there is room again."""

    ceiling: int
    wait: timedelta


@dataclass(slots=True)
class Limits:
    """What was admitted lately, by whatever is being limited."""

    admitted: dict[Hashable, deque[datetime]] = field(default_factory=dict)

    def admit(
        self, key: Hashable, ceilings: Ceilings, *, now: datetime
    ) -> Exceeded | None:
        """Count one more under *key*, or return what it exceeds."""
        times = self.admitted.setdefault(key, deque())
        longest = max(window for _, window in ceilings)
        while times and times[0] <= now - longest:
            times.popleft()
        for ceiling, window in ceilings:
            if len(times) >= ceiling and times[-ceiling] > now - window:
                return Exceeded(ceiling, times[-ceiling] + window - now)
        times.append(now)
        return None

    def gateway(self, app_id: str, operation: str, *, now: datetime) -> None:
        """Admit a call of one API by one app, or raise 99991400 with both headers."""
        exceeded = self.admit(("api", app_id, operation), PER_API, now=now)
        if exceeded is not None:
            seconds = max(1, math.ceil(exceeded.wait.total_seconds()))
            raise Refusal(
                99991400,
                status=429,
                headers={
                    "x-ogw-ratelimit-limit": str(exceeded.ceiling),
                    "x-ogw-ratelimit-reset": str(seconds),
                },
            )

    def pace(self, kind: str, whom: str, ceilings: Ceilings, *, now: datetime) -> None:
        """Admit one message to a chat or user, or one update, or raise 230020."""
        if self.admit((kind, whom), ceilings, now=now) is not None:
            raise Refusal(230020)


@dataclass(slots=True)
class Quota:
    """Calls that the tenant's plan counts, by calendar month."""

    used: dict[tuple[int, int], int] = field(default_factory=dict)

    def this_month(self, now: datetime) -> int:
        """Return how many counted calls succeeded in the month of *now*."""
        return self.used.get((now.year, now.month), 0)

    def check(self, allowed: int | None, *, now: datetime) -> None:
        """Raise 99991403 when the month's calls are used up."""
        if allowed is not None and self.this_month(now) >= allowed:
            raise Refusal(99991403, status=429)

    def count(self, *, now: datetime) -> None:
        """Count one successful call."""
        self.used[now.year, now.month] = self.this_month(now) + 1
