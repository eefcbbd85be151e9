"""Notifications: what was accepted, once each, and what still waits to be routed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import orjson

from store import rows
from store.database import TRIES, Insertion, Tx
from store.errors import Collided
from store.times import from_ms, to_ms
from store.values import Field, Notification


@dataclass(slots=True)
class Draft:
    """A notification that has no number yet, and what identifies it, if anything."""

    notification: Notification
    key: str | None = None
    key_lasts: timedelta = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Accepted:
    """What became of a draft: its number, and whether it had been accepted before."""

    number: int
    duplicate: bool = False

    @property
    def id(self) -> str:
        """The id that doors answer with: ``n_123``."""
        return f"n_{self.number}"


@dataclass(frozen=True, slots=True)
class Waiting:
    """Messages of one type that nobody has routed. *source* sent the oldest."""

    type: str
    source: str
    numbers: Sequence[int]


def insertion(drafts: Sequence[Draft], *, now: datetime) -> Insertion:
    """Return the work that writes *drafts* if none of them was accepted before.

    It answers their numbers, in their order. It raises ``Taken``, and writes nothing,
    when the key of one of them is known: ``add`` can tell what that means.
    """
    numbers = [0] * len(drafts)  # The statement counts for itself.
    payload = _payload(numbers, drafts, now)
    if "\\u0000" in payload:
        payload = _payload(numbers, list(map(_without_nul, drafts)), now)
    return Insertion("insert_new_notifications", {"rows": payload})


async def add(tx: Tx, drafts: Sequence[Draft], *, now: datetime) -> list[Accepted]:
    """Write *drafts* in one statement; return what became of each, in their order."""
    if not drafts:
        return []
    drafts = list(map(_without_nul, drafts))
    numbers = orjson.loads(await tx.value("reserve_numbers", count=len(drafts)))
    payload = _payload(numbers, drafts, now)
    if await tx.run("insert_notifications", rows=payload) == len(drafts):
        return [Accepted(number) for number in numbers]
    found = await tx.all("numbers_written", numbers=rows.to_json(numbers))
    new = {row["id"] for row in found}
    return [
        Accepted(number) if number in new else await _again(tx, draft, number, now=now)
        for number, draft in zip(numbers, drafts, strict=True)
    ]


async def get(tx: Tx, number: int) -> Notification | None:
    """Return message *number*, or ``None``."""
    row = await tx.one("notification_get", number=number)
    return None if row is None else rows.notification(row)


async def get_all(tx: Tx, numbers: Sequence[int]) -> list[Notification]:
    """Return those of these messages that there are, oldest first."""
    found = await tx.value("notifications_get", numbers=rows.to_json(list(numbers)))
    return [rows.notification(row) for row in orjson.loads(found or "[]")]


async def routing_state(tx: Tx, number: int) -> str | None:
    """Return ``waiting``, ``routed`` or ``unrouted``, or ``None`` for no message."""
    row = await tx.one("notification_get", number=number)
    return None if row is None else str(row["routing"])


async def waiting(tx: Tx, *, batch: int) -> list[Notification]:
    """Return the oldest messages that nobody has routed yet."""
    found = await tx.all("notifications_waiting", batch=batch)
    return [rows.notification(row) for row in found]


async def waiting_by_type(tx: Tx, *, batch: int) -> list[Waiting]:
    """Return the oldest messages that nobody has routed yet, by their type."""
    found = await tx.all("waiting_by_type", batch=batch)
    return [
        Waiting(row["type"], row["source"], orjson.loads(row["numbers"]))
        for row in found
    ]


async def count_waiting(tx: Tx) -> int:
    """Return how many messages wait to be routed."""
    return int(await tx.value("count_waiting"))


async def mark_routed(
    tx: Tx, *, routed: Sequence[int], unrouted: Sequence[int]
) -> None:
    """Close the routing of these messages."""
    if routed:
        await tx.run("mark_routed", numbers=rows.to_json(list(routed)))
    if unrouted:
        await tx.run("mark_unrouted", numbers=rows.to_json(list(unrouted)))


async def firing_was_shown(tx: Tx, notification: Notification, *, lane: str) -> bool:
    """Whether *lane* showed the firing that *notification* resolves."""
    if notification.fingerprint is None:
        return False
    shown = await tx.value(
        "firing_shown",
        source=notification.source,
        fingerprint=notification.fingerprint,
        number=notification.number,
        lane=lane,
    )
    return shown is not None


async def ended_among(tx: Tx, numbers: Sequence[int]) -> set[int]:
    """Return which of these messages belong to an incident that has ended since."""
    if not numbers:
        return set()
    found = await tx.all("ended_among", numbers=rows.to_json(list(numbers)))
    return {row["number"] for row in found}


async def prune(tx: Tx, *, before: datetime, batch: int = 500) -> int:
    """Forget up to *batch* messages older than *before*; return how many went."""
    return await tx.run("prune_notifications", before=to_ms(before), batch=batch)


async def _again(tx: Tx, draft: Draft, number: int, *, now: datetime) -> Accepted:
    """The key is taken: by a message that still stands, or by one of long ago."""
    payload = _payload([number], [draft], now)
    for _ in range(TRIES):
        taken = await tx.one(
            "notification_by_key", source=draft.notification.source, key=draft.key
        )
        if taken is not None and from_ms(taken["key_until"]) > now:
            return Accepted(taken["id"], duplicate=True)
        if taken is not None:
            await tx.run("forget_key", id=taken["id"])
        # Another replica may have used the key meanwhile: then nothing is written.
        if await tx.run("insert_notifications", rows=payload):
            return Accepted(number)
    # Never for ever: everybody who writes waits behind this.
    raise Collided("a key was taken again and again while we looked")


def _payload(numbers: Sequence[int], drafts: Sequence[Draft], now: datetime) -> str:
    """Return the rows of *drafts* as a statement takes them."""
    return rows.to_json(
        [_row(*each, now) for each in zip(numbers, drafts, strict=True)]
    )


def _row(number: int, draft: Draft, now: datetime) -> tuple[object, ...]:
    seen = draft.notification
    key_until = None if draft.key is None else to_ms(now + draft.key_lasts)
    return (
        number,
        seen.source,
        seen.type,
        int(seen.severity),
        seen.status,
        seen.title,
        seen.fingerprint,
        rows.write_content(seen),
        draft.key,
        key_until,
        to_ms(seen.accepted_at),
    )


def _without_nul(draft: Draft) -> Draft:
    # PostgreSQL's text cannot hold NUL, and nobody can see one.
    def clean(text: str) -> str:
        return text.replace("\x00", "")

    def maybe(text: str | None) -> str | None:
        return None if text is None else clean(text)

    seen = draft.notification
    cleaned = replace(
        seen,
        title=clean(seen.title),
        body=clean(seen.body),
        fingerprint=maybe(seen.fingerprint),
        link=maybe(seen.link),
        labels={clean(name): clean(value) for name, value in seen.labels.items()},
        fields=tuple(Field(clean(f.name), clean(f.value)) for f in seen.fields),
    )
    return replace(draft, notification=cleaned, key=maybe(draft.key))
