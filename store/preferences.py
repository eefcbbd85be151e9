"""What people chose for themselves or for their group: the language, the zone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from store.database import Tx
from store.times import to_ms
from store.values import Destination


@dataclass(frozen=True, slots=True, kw_only=True)
class Preferences:
    """What one person or group chose; ``None`` where nobody did."""

    locale: str | None = None
    zone: str | None = None

    def over(self, wider: Preferences) -> Preferences:
        """Return these, with what *wider* says where these say nothing."""
        return Preferences(
            locale=self.locale or wider.locale, zone=self.zone or wider.zone
        )


async def of(tx: Tx, subject: Destination) -> Preferences:
    """Return what was chosen for a person or a chat."""
    found = {
        row["name"]: row["value"]
        for row in await tx.all("preferences_of", subject=str(subject))
    }
    return Preferences(locale=found.get("lang"), zone=found.get("tz"))


async def put(
    tx: Tx, subject: Destination, wanted: Preferences, *, by: str, now: datetime
) -> None:
    """Write what was chosen; what *wanted* does not say is chosen no more."""
    for name, value in (("lang", wanted.locale), ("tz", wanted.zone)):
        if value is None:
            await tx.run("drop_preference", subject=str(subject), name=name)
        else:
            await tx.run(
                "put_preference",
                subject=str(subject),
                name=name,
                value=value,
                changed_by=by,
                now=to_ms(now),
            )
