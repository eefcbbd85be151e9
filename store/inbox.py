"""What was routed to a group or person, and what each person has read of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from store import rows
from store.database import Tx
from store.times import to_ms
from store.values import Destination, Notification

#: Before everything and after everything.
EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
LATEST = datetime(9999, 1, 1, tzinfo=UTC)

#: The inbox of what nobody subscribed to, as marks name it.
UNROUTED = "unrouted"


@dataclass(frozen=True, slots=True)
class Entry:
    """One message of an inbox, and whether the person who looks has read it."""

    notification: Notification
    read: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """Who looks, how far down they are, and between which moments.

    ``below``: only messages with a smaller number; ``None`` begins with the newest.
    """

    person: str
    below: int | None = None
    since: datetime = EARLIEST
    until: datetime = LATEST


async def page(
    tx: Tx, inbox: Destination | None, look: Look, *, limit: int
) -> list[Entry]:
    """Return messages of *inbox*, newest first; of no inbox, what nobody wanted."""
    arguments = {
        "person": look.person,
        "upto": await _marked(tx, look.person, inbox),
        "latest": to_ms(look.until),
        "earliest": to_ms(look.since),
        "below": _ALL if look.below is None else look.below,
        "limit": limit,
    }
    if inbox is None:
        found = await tx.all("inbox_unrouted", **arguments)
    else:
        found = await tx.all("inbox_page", destination=str(inbox), **arguments)
    return [Entry(rows.notification(row), bool(row["was_read"])) for row in found]


async def holds(tx: Tx, inbox: Destination, number: int) -> bool:
    """Return whether a message was routed to *inbox*."""
    found = await tx.value("inbox_holds", number=number, destination=str(inbox))
    return found is not None


async def read(tx: Tx, person: str, numbers: Iterable[int]) -> None:
    """Mark messages as read by *person*."""
    await tx.many(
        "inbox_read", [{"person": person, "number": each} for each in sorted(numbers)]
    )


async def read_all(tx: Tx, person: str, inbox: Destination | None) -> None:
    """Mark everything in *inbox* as read by *person*, as of now."""
    newest = await tx.value("inbox_newest")
    await tx.run("inbox_mark", person=person, inbox=_name(inbox), upto=int(newest or 0))


async def _marked(tx: Tx, person: str, inbox: Destination | None) -> int:
    return int(await tx.value("inbox_marked", person=person, inbox=_name(inbox)) or 0)


def _name(inbox: Destination | None) -> str:
    return UNROUTED if inbox is None else str(inbox)


#: More than any message's number.
_ALL = 2**62
