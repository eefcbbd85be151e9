"""Dead letters: messages that were given up, and how they are tried again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from store import lanes
from store.database import Tx
from store.lanes import Waking
from store.times import from_ms, to_ms
from store.values import Channel, Destination
from store.wording import _, read, written


@dataclass(frozen=True, slots=True)
class Dead:
    """A message that was given up."""

    id: int
    kind: str
    destination: str
    channel: str
    reason: str
    attempts: int
    at: datetime
    number: int | None
    title: str | None


async def latest(tx: Tx, *, batch: int = 100) -> list[Dead]:
    """Return what was given up, newest first."""
    return [
        Dead(
            row["id"],
            row["kind"],
            row["destination"],
            row["channel"],
            read(row["reason"]),
            row["attempts"],
            from_ms(row["changed_at"]),
            row["number"],
            row["title"],
        )
        for row in await tx.all("dead_list", batch=batch)
    ]


async def replay(tx: Tx, number: int, *, now: datetime) -> bool:
    """Try a dead message again; return whether it was dead."""
    row = await tx.one("outbox_get", id=number)
    again = {"reason": written(_("replayed")), "now": to_ms(now)}
    if row is None or await tx.run("revive", **again, id=number) == 0:
        return False
    await tx.run("revive_members", **again, digest=number)
    destination = Destination.parse(row["destination"])
    waking = Waking(destination, Channel(row["channel"]), now, row["rank"])
    await lanes.touch(tx, [waking])
    return True
