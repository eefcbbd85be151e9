"""Lanes: a destination and a channel, with its lease, its pace and its parking."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from store.database import Tx
from store.times import from_ms, maybe_from_ms, to_ms
from store.values import Channel, Destination
from store.wording import read, written

#: How long a worker may hold a lane. Longer than any single send may take.
LEASE = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Lane:
    """A lane that this worker holds."""

    id: str
    destination: Destination
    channel: Channel


@dataclass(frozen=True, slots=True)
class Parking:
    """A lane that is closed to us: since when, why, and when it is tried again."""

    destination: Destination
    channel: Channel
    since: datetime
    words: str
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Waking:
    """Something waits in a lane from ``due`` on. ``rank``: 0 is the most urgent."""

    destination: Destination
    channel: Channel
    due: datetime
    rank: int = 2


def lane_id(destination: Destination, channel: Channel) -> str:
    """Return the name of a lane: ``chat:oc_a1/chat``."""
    return f"{destination}/{channel}"


async def touch(tx: Tx, wakings: Iterable[Waking]) -> None:
    """Make these lanes due, no later than they were."""
    earliest: dict[str, Waking] = {}
    for each in wakings:
        name = lane_id(each.destination, each.channel)
        known = earliest.get(name, each)
        earliest[name] = Waking(
            each.destination,
            each.channel,
            min(known.due, each.due),
            min(known.rank, each.rank),
        )
    # In one order everywhere: two replicas must not lock each other out.
    await tx.many(
        "touch_lane",
        [
            {
                "id": name,
                "destination": str(waking.destination),
                "channel": str(waking.channel),
                "due_at": to_ms(waking.due),
                "rank": waking.rank,
            }
            for name, waking in sorted(earliest.items())
        ],
    )


async def claim(tx: Tx, *, worker: str, now: datetime, batch: int) -> list[Lane]:
    """Lease up to *batch* lanes that are due, the most urgent first."""
    found = await tx.all(
        "claim_lanes",
        worker=worker,
        now=to_ms(now),
        lease_until=to_ms(now + LEASE),
        batch=batch,
    )
    # RETURNING promises no order.
    found.sort(key=lambda row: (row["rank"], row["due_at"], row["id"]))
    return [
        Lane(row["id"], Destination.parse(row["destination"]), Channel(row["channel"]))
        for row in found
    ]


async def renew(tx: Tx, lane: Lane, *, worker: str, now: datetime) -> bool:
    """Lengthen the lease; return whether the lane is still this worker's."""
    touched = await tx.run(
        "renew_lane",
        lane=lane.id,
        worker=worker,
        now=to_ms(now),
        lease_until=to_ms(now + LEASE),
    )
    return touched == 1


async def release(tx: Tx, lane: Lane, *, worker: str, pace_until: datetime) -> bool:
    """Give the lane back, closed until *pace_until*; return whether it was ours."""
    touched = await tx.run(
        "release_lane", lane=lane.id, worker=worker, pace_until=to_ms(pace_until)
    )
    if touched:
        await tx.run("reckon_lane", lane=lane.id)
    return touched == 1


async def return_leases(tx: Tx) -> int:
    """Take every lease back; return how many there were. For a single process."""
    return await tx.run("return_leases")


async def return_leases_of(tx: Tx, worker: str) -> int:
    """Give back what *worker* holds; return how many lanes that were."""
    return await tx.run("return_leases_of", worker=worker)


async def next_due(tx: Tx) -> datetime | None:
    """Return when the next lane can be claimed, or ``None`` when nothing waits."""
    return maybe_from_ms(await tx.value("next_due"))


async def park(
    tx: Tx, lane: Lane, *, words: str, until: datetime, now: datetime
) -> bool:
    """Close *lane* until *until*; return whether it was open before."""
    was_open = await tx.value("is_parked", lane=lane.id) is None
    await tx.run(
        "park_lane",
        lane=lane.id,
        words=written(words),
        now=to_ms(now),
        parked_until=to_ms(until),
    )
    return was_open


async def unpark(tx: Tx, lane: Lane) -> bool:
    """Open *lane*; return whether it was parked."""
    return await tx.run("unpark_lane", lane=lane.id) == 1


async def is_any_parked(tx: Tx, channel: Channel) -> bool:
    """Return whether some lane of *channel* is parked."""
    return bool(await tx.value("is_channel_parked", channel=str(channel)))


async def unpark_channel(tx: Tx, channel: Channel) -> int:
    """Open every lane of *channel*; return how many were parked."""
    return await tx.run("unpark_channel", channel=str(channel))


async def probe_channel(tx: Tx, channel: Channel, *, now: datetime) -> None:
    """Try the parked lanes of *channel* now; they stay parked if that fails."""
    await tx.run("probe_channel", channel=str(channel), now=to_ms(now))


async def probe(tx: Tx, destination: Destination, *, now: datetime) -> None:
    """Try the parked lanes of *destination* now; they stay parked if that fails."""
    await tx.run("probe_destination", destination=str(destination), now=to_ms(now))


async def unpark_destination(tx: Tx, destination: Destination) -> bool:
    """Open every lane of *destination*; return whether one was parked."""
    return await tx.run("unpark_destination", destination=str(destination)) > 0


async def pause(tx: Tx, destination: Destination, channel: Channel) -> None:
    """Let nothing out in this lane, which need not be there yet."""
    await tx.run(
        "pause_lane",
        id=lane_id(destination, channel),
        destination=str(destination),
        channel=str(channel),
    )


async def resume(tx: Tx, destination: Destination) -> bool:
    """Let out what waits for *destination*; return whether it was paused."""
    return await tx.run("resume_destination", destination=str(destination)) > 0


async def exist_for(tx: Tx, destination: Destination) -> bool:
    """Return whether anything was ever to be sent to *destination*."""
    return bool(await tx.all("lane_of", destination=str(destination)))


async def parked(tx: Tx) -> list[Parking]:
    """Return every lane that is closed to us."""
    return [
        Parking(
            Destination.parse(row["destination"]),
            Channel(row["channel"]),
            from_ms(row["parked"]),
            read(row["parked_words"]),
            maybe_from_ms(row["parked_until"]),
        )
        for row in await tx.all("lanes_parked")
    ]
