"""One-off silences as they are kept. One that was lifted is kept too, as ended."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from store import rows
from store.database import Tx
from store.times import to_ms
from store.values import Destination, Mute


async def get(tx: Tx, number: int, *, now: datetime) -> Mute | None:
    """Return a mute that was neither lifted nor is over, or ``None``."""
    row = await tx.one("mute_get", id=number, now=to_ms(now))
    return None if row is None else rows.mute(row)


async def of(tx: Tx, destination: Destination, *, now: datetime) -> list[Mute]:
    """Return the mutes of *destination* that are neither lifted nor over."""
    found = await tx.all("mutes_of", target=str(destination), now=to_ms(now))
    return [rows.mute(row) for row in found]


async def add(tx: Tx, mute: Mute) -> Mute:
    """Keep a new mute; return it with its number."""
    number = await tx.value(
        "mute_insert",
        target=str(mute.target),
        filter=mute.where,
        until=to_ms(mute.until),
        mutes=rows.to_json(sorted(mute.mutes)),
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


async def over(tx: Tx, *, since: datetime, now: datetime) -> list[Mute]:
    """Return those that ended by themselves since *since*, and nobody was told so."""
    found = await tx.all("mutes_over", since=to_ms(since), now=to_ms(now))
    return [rows.mute(row) for row in found]


async def mark_told(tx: Tx, mute: Mute, *, now: datetime) -> bool:
    """Say that people are told; ``False`` when somebody else did so before."""
    return await tx.run("mute_told", id=mute.id, now=to_ms(now)) > 0


async def was_digested(tx: Tx, mute: Mute) -> bool:
    """Return whether a digest told what *mute* held: its headline names the mute."""
    row = await tx.one(
        "mute_digest",
        target=str(mute.target),
        rule=f"mute:{mute.id}",
        since=to_ms(mute.created_at),
    )
    return row is not None


async def prune(tx: Tx, *, before: datetime) -> int:
    """Forget the mutes that ended before *before*; return how many."""
    return await tx.run("mutes_prune", before=to_ms(before))
