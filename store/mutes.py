"""One-off silences as they are kept. One that was lifted is kept too, as ended."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime

from store.database import Row, Tx
from store.times import from_ms, to_ms
from store.values import Channel, Destination, Mute


async def get(tx: Tx, number: int, *, now: datetime) -> Mute | None:
    """Return a mute that was neither lifted nor is over, or ``None``."""
    row = await tx.one("mute_get", id=number, now=to_ms(now))
    return None if row is None else _mute(row)


async def of(tx: Tx, destination: Destination, *, now: datetime) -> list[Mute]:
    """Return the mutes of *destination* that are neither lifted nor over."""
    rows = await tx.all("mutes_of", target=str(destination), now=to_ms(now))
    return [_mute(row) for row in rows]


async def add(tx: Tx, mute: Mute) -> Mute:
    """Keep a new mute; return it with its number."""
    number = await tx.value(
        "mute_insert",
        target=str(mute.target),
        filter=mute.where,
        until=to_ms(mute.until),
        mutes=json.dumps(sorted(mute.mutes)),
        spare_critical=int(mute.spare_critical),
        reason=mute.reason,
        created_by=mute.created_by,
        created_at=to_ms(mute.created_at),
    )
    return replace(mute, id=int(number))


async def lift(tx: Tx, number: int, *, now: datetime) -> None:
    """End the mute now."""
    await tx.run("mute_lift", id=number, now=to_ms(now))


async def revive(tx: Tx, number: int) -> None:
    """Take back that the mute was lifted. Its end stays what it was."""
    await tx.run("mute_revive", id=number)


async def prune(tx: Tx, *, before: datetime) -> int:
    """Forget the mutes that ended before *before*; return how many."""
    return await tx.run("mutes_prune", before=to_ms(before))


def _mute(row: Row) -> Mute:
    return Mute(
        id=row["id"],
        target=Destination.parse(row["target"]),
        where=row["filter"],
        until=from_ms(row["until"]),
        mutes=frozenset(map(Channel, json.loads(row["mutes"]))),
        spare_critical=bool(row["spare_critical"]),
        reason=row["reason"],
        created_by=row["created_by"],
        created_at=from_ms(row["created_at"]),
    )
