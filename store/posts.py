"""What robots posted, and how that went: for their hourly cap, and for /robot list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from store import robots
from store.database import Tx
from store.lanes import Lane, lane_id
from store.robots import Robot
from store.times import from_ms, maybe_from_ms, to_ms
from store.values import Channel, Destination, Kind
from store.wording import read, written

#: What a cap counts.
HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Post:
    """One post of a robot, and whether it was about anything critical."""

    at: datetime
    critical: bool = False


@dataclass(frozen=True, slots=True)
class Reception:
    """A robot, and what it posted within the hour, newest first."""

    robot: Robot
    posts: tuple[Post, ...] = ()


@dataclass(frozen=True, slots=True)
class Health:
    """When a robot took a message last, when it did not, and why not."""

    worked_at: datetime | None = None
    failed_at: datetime | None = None
    words: str = ""


async def made(tx: Tx, lane: Lane, *, critical: bool, now: datetime) -> None:
    """Note that a robot posted."""
    await tx.run("post_insert", lane=lane.id, at=to_ms(now), critical=int(critical))
    await worked(tx, lane.destination, now=now)


async def prune(tx: Tx, *, now: datetime) -> int:
    """Forget what no cap counts any more; return how many posts that were."""
    return await tx.run("posts_forget", before=to_ms(now - HOUR))


async def worked(tx: Tx, robot: Destination, *, now: datetime) -> None:
    """Note that a robot took a message."""
    await tx.run("robot_worked", name=robot.name, now=to_ms(now))


async def failed(tx: Tx, robot: Destination, *, words: str, now: datetime) -> None:
    """Note that a robot took none, and why."""
    await tx.run("robot_failed", name=robot.name, words=written(words), now=to_ms(now))


async def of(tx: Tx, lane: str, *, now: datetime) -> tuple[Post, ...]:
    """Return what the robot of *lane* posted within the last hour, newest first."""
    found = await tx.all("posts_since", lane=lane, since=to_ms(now - HOUR))
    return tuple(Post(from_ms(row["at"]), bool(row["critical"])) for row in found)


async def reception(
    tx: Tx, destination: Destination, channel: Channel, *, now: datetime
) -> Reception | None:
    """Return what decides what a robot takes; ``None`` for whom nothing such does."""
    if destination.kind is not Kind.ROBOT or channel is not Channel.CHAT:
        return None
    robot = await robots.named(tx, destination.name)
    if robot is None:
        return None
    lane = lane_id(destination, channel)
    return Reception(robot, await of(tx, lane, now=now) if robot.per_hour else ())


async def health(tx: Tx, robot: Robot) -> Health:
    """Return how *robot* is doing."""
    row = await tx.one("robot_health", id=robot.id)
    if row is None:
        return Health()
    return Health(
        maybe_from_ms(row["worked_at"]),
        maybe_from_ms(row["failed_at"]),
        read(row["failed_words"]),
    )
