"""When a post that failed is tried again: soon, then ever later, then never."""

from __future__ import annotations

from datetime import datetime, timedelta

SHORTEST = timedelta(seconds=1)
LONGEST = timedelta(minutes=5)
LIFETIME = timedelta(hours=24)

#: From here on doubling has long passed LONGEST.
_DOUBLINGS = 16


def next_attempt(
    attempts: int, *, now: datetime, first_attempt: datetime, chance: float
) -> datetime | None:
    """Return when to try again after *attempts* failures, or ``None`` for never.

    *chance*, a random number in [0, 1), makes full jitter: any moment within a ceiling
    that doubles from 1 s to 5 min, so that what failed together does not come back
    together. The last attempt is made 24 h after the first.
    """
    deadline = first_attempt + LIFETIME
    if now >= deadline:
        return None
    ceiling = min(SHORTEST * (1 << min(max(attempts, 1) - 1, _DOUBLINGS)), LONGEST)
    return min(now + ceiling * chance, deadline)
