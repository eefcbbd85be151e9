"""How much one person may ask of us: courtesy only, so that memory will do."""

from __future__ import annotations

from datetime import datetime, timedelta

#: How many commands one person may give in a minute.
PER_MINUTE = 20

_MINUTE = timedelta(minutes=1)


class Patience:
    """Knows what each person asked within the last minute."""

    def __init__(self) -> None:
        self._asked: dict[str, dict[str, datetime]] = {}
        self._told: dict[str, datetime] = {}

    def ends(self, person: str, once: str, now: datetime) -> bool:
        """Return whether *person* asks too much. A redelivery of *once* asks nothing.

        Lark delivers at least once: what it sends again counts once.
        """
        recent = self._asked.setdefault(person, {})
        for old in [each for each, at in recent.items() if now - at >= _MINUTE]:
            del recent[old]
        if once in recent:
            return False
        if len(recent) >= PER_MINUTE:
            return True
        recent[once] = now
        return False

    def says_so(self, person: str, now: datetime) -> bool:
        """Return whether to answer that it has ended: once a minute.

        Answers go first in a chat, so one for each line would hold up its alerts.
        """
        told = self._told.get(person)
        if told is not None and now - told < _MINUTE:
            return False
        self._told[person] = now
        return True
