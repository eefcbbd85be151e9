"""Custom bots of groups: of the YAML, of chats, and what each posts with.

What a robot posts with (its ``Hook``) is sealed, and kept apart from what people set:
nothing that is shown, or written to the audit log, has it. A robot of the YAML keeps
what the YAML sets (its baseline) beside what chat made of it; its hook and its group
are the YAML's alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import orjson

from store import lanes, rows, silences
from store.database import Row, Tx
from store.errors import StoreError
from store.times import from_ms, maybe_from_ms, to_ms
from store.values import Channel, Destination, Kind

YAML = "yaml"
#: What is replaced or removed is kept sealed for so long, so that it can be undone.
KEPT = timedelta(minutes=10)
#: What is given in a direct chat waits for its group so long.
DRAFTED = timedelta(hours=24)


@dataclass(frozen=True, slots=True, kw_only=True)
class Robot:
    """A custom bot as people set it. It holds no secret.

    ``hook`` is the number of what it posts with. ``keyword`` must be in every post, or
    Lark refuses it. ``allow`` and ``deny`` are words that decide what it is sent,
    ``per_hour`` is how much. ``draft_until`` is set while it waits for its group.
    """

    id: int = 0
    name: str
    platform: str = "lark"
    chat: str | None = None
    hook: int = 0
    keyword: str | None = None
    mention_all: bool = False
    allow: tuple[str, ...] = ()
    deny: tuple[str, ...] = ()
    per_hour: int | None = None
    paused: bool = False
    owner: str = YAML
    created_by: str = YAML
    created_at: datetime
    changed_by: str | None = None
    draft_until: datetime | None = None

    @property
    def destination(self) -> Destination:
        """Where rules send what it shall post."""
        return Destination(Kind.ROBOT, self.name)

    @property
    def rule(self) -> str:
        """Which rule of ours it was that stopped a message to it."""
        return f"robot:{self.id}"

    @property
    def from_yaml(self) -> bool:
        """Whether an admin wrote it in the YAML file."""
        return self.owner == YAML


@dataclass(frozen=True, slots=True)
class Hook:
    """What a robot posts with: credentials, both."""

    webhook: str = field(repr=False)
    secret: str | None = field(default=None, repr=False)


async def get(tx: Tx, number: int) -> Robot | None:
    """Return one robot or draft, or ``None``."""
    row = await tx.one("robot_get", id=number)
    return None if row is None else _robot(row)


async def named(tx: Tx, name: str) -> Robot | None:
    """Return the robot that posts under *name*, or ``None``."""
    row = await tx.one("robot_named", name=name)
    return None if row is None else _robot(row)


async def every(tx: Tx) -> list[Robot]:
    """Return every robot that posts, by name."""
    return [_robot(row) for row in await tx.all("robots_all")]


async def drafts(tx: Tx, person: Destination, *, now: datetime) -> list[Robot]:
    """Return what *person* gave in a direct chat, and what waits for its group."""
    found = await tx.all("robot_drafts", owner=str(person), now=to_ms(now))
    return [_robot(row) for row in found]


async def chats(tx: Tx) -> dict[str, str | None]:
    """Return the robots by name, with the group that each posts in."""
    return {row["name"]: row["chat"] for row in await tx.all("robot_chats")}


async def removed(tx: Tx) -> Mapping[str, tuple[str | None, datetime]]:
    """Return who was removed, by casefolded name: from which group, and when last."""
    found: dict[str, tuple[str | None, datetime]] = {}
    for row in await tx.all("robots_removed"):
        when = from_ms(row["removed_at"])
        found.setdefault(row["name"].casefold(), (row["chat"], when))
    return found


async def hook(tx: Tx, robot: Robot) -> Hook | None:
    """Return what *robot* posts with; ``None`` where it is forgotten.

    Raises ``StoreError`` when no key opens it.
    """
    row = await tx.one("hook_get", id=robot.hook)
    return None if row is None else _hook(tx, row)


async def holder(tx: Tx, webhook: str) -> int | None:
    """Return which robot or draft has this webhook already, or ``None``."""
    for row in await tx.all("hooks_in_use"):
        try:
            if tx.keyring.open(row["webhook"]) == webhook:
                return int(row["robot"])
        except StoreError:
            continue
    return None


async def add(tx: Tx, robot: Robot, given: Hook, *, now: datetime) -> Robot:
    """Keep a new robot, sealed; return it with its numbers."""
    made = await _insert(tx, robot, given, baseline=None, now=now)
    await settle(tx, made)
    return made


async def add_from_yaml(
    tx: Tx, robot: Robot, given: Hook, baseline: str, *, now: datetime
) -> None:
    """Keep a robot of the YAML, with what the YAML says of it."""
    await settle(tx, await _insert(tx, robot, given, baseline=baseline, now=now))


async def equip(tx: Tx, robot: Robot, given: Hook, *, now: datetime) -> Robot:
    """Return *robot* with another hook, which is sealed and written; it is not."""
    number = await _seal(tx, robot.id, given, now=now)
    return replace(robot, hook=number)


async def put(tx: Tx, robot: Robot, *, now: datetime) -> bool:
    """Make the robot what *robot* says, under the number it has or had.

    The hook it had is retired. Returns whether it could be: what it posts with may be
    forgotten, and another may have its name.
    """
    other = await named(tx, robot.name)
    taken = robot.draft_until is None and other is not None and other.id != robot.id
    if taken or await tx.one("hook_get", id=robot.hook) is None:
        return False
    await tx.run("robot_update", id=robot.id, now=to_ms(now), **_columns(robot))
    await tx.run("hook_move", id=robot.hook, robot=robot.id)
    await tx.run("hook_revive", id=robot.hook)
    await tx.run("hooks_retire", robot=robot.id, hook=robot.hook, now=to_ms(now))
    await settle(tx, robot)
    # What it takes may be more than it was.
    await silences.release_cause(tx, robot.rule, now=now)
    return True


async def remove(tx: Tx, robot: Robot, *, now: datetime) -> None:
    """Take the robot away; what waits for it stays as long as that can be undone."""
    await tx.run("robot_remove", id=robot.id, now=to_ms(now))
    await tx.run("hooks_retire", robot=robot.id, hook=0, now=to_ms(now))
    if robot.draft_until is None:
        await lanes.pause(tx, robot.destination, Channel.CHAT)


async def settle(tx: Tx, robot: Robot) -> None:
    """Let the lane of *robot* be as the robot is: paused, or open."""
    if robot.draft_until is None:
        if robot.paused:
            await lanes.pause(tx, robot.destination, Channel.CHAT)
        else:
            await lanes.resume(tx, robot.destination)


async def forget(tx: Tx, *, now: datetime) -> list[Destination]:
    """Forget what cannot be undone any more, and drafts that nobody took.

    Returns the destinations that are no more: nothing waits for their return.
    """
    before = to_ms(now - KEPT)
    for row in await tx.all("drafts_over", now=to_ms(now)):
        await tx.run("robot_remove", id=row["id"], now=0)
        await tx.run("hooks_retire", robot=row["id"], hook=0, now=0)
    closed = []
    for row in await tx.all("robots_gone", before=before):
        await tx.run("robot_emptied", id=row["id"])
        if row["draft_until"] is None and await named(tx, row["name"]) is None:
            closed.append(_robot(row).destination)
            await lanes.resume(tx, closed[-1])
    await tx.run("hooks_forget", before=before)
    return closed


async def prune(tx: Tx, *, before: datetime) -> int:
    """Free the names of robots that were removed before *before*; return how many."""
    return await tx.run("robots_prune", before=to_ms(before))


async def reseal(tx: Tx) -> int:
    """Seal every secret again with the first key; return how many robots had one."""
    found = await tx.all("hooks_all")
    for row in found:
        await tx.run(
            "hook_reseal",
            id=row["id"],
            webhook=tx.keyring.rotate(row["webhook"]),
            secret=row["secret"] and tx.keyring.rotate(row["secret"]),
        )
    return len({row["robot"] for row in found})


async def _insert(
    tx: Tx, robot: Robot, given: Hook, *, baseline: str | None, now: datetime
) -> Robot:
    columns = _columns(replace(robot, hook=0))
    number = await tx.value(
        "robot_insert",
        baseline=baseline,
        created_by=robot.created_by,
        created_at=to_ms(robot.created_at),
        **columns,
    )
    sealed = await _seal(tx, number, given, now=now)
    made = replace(robot, id=int(number), hook=sealed)
    await tx.run("robot_update", id=made.id, now=to_ms(now), **_columns(made))
    return made


async def _seal(tx: Tx, robot: int, given: Hook, *, now: datetime) -> int:
    secret = None if given.secret is None else tx.keyring.seal(given.secret)
    number: int = await tx.value(
        "hook_insert",
        robot=robot,
        webhook=tx.keyring.seal(given.webhook),
        secret=secret,
        now=to_ms(now),
    )
    return number


def _robot(row: Row) -> Robot:
    return Robot(
        id=row["id"],
        name=row["name"],
        platform=row["platform"],
        chat=row["chat"],
        hook=row["hook"],
        keyword=row["keyword"],
        mention_all=bool(row["mention_all"]),
        allow=tuple(orjson.loads(row["allow"])),
        deny=tuple(orjson.loads(row["deny"])),
        per_hour=row["per_hour"],
        paused=bool(row["paused"]),
        owner=row["owner"],
        created_by=row["created_by"],
        created_at=from_ms(row["created_at"]),
        changed_by=row["changed_by"],
        draft_until=maybe_from_ms(row["draft_until"]),
    )


def _hook(tx: Tx, row: Row) -> Hook:
    secret = None if row["secret"] is None else tx.keyring.open(row["secret"])
    return Hook(tx.keyring.open(row["webhook"]), secret)


def _columns(robot: Robot) -> dict[str, Any]:
    until = robot.draft_until
    return {
        "name": robot.name,
        "platform": robot.platform,
        "chat": robot.chat,
        "hook": robot.hook,
        "keyword": robot.keyword,
        "mention_all": int(robot.mention_all),
        "allow": rows.to_json(robot.allow),
        "deny": rows.to_json(robot.deny),
        "per_hour": robot.per_hour,
        "paused": int(robot.paused),
        "owner": robot.owner,
        "changed_by": robot.changed_by,
        "draft_until": None if until is None else to_ms(until),
    }
