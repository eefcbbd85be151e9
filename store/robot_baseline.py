"""The YAML's robots: what they are by default, beside what chat made of them.

Chat may pause such a robot, and change what it takes and how it speaks. Where it posts,
and with what, is the YAML's alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

import orjson

from store import robots, rows
from store.database import Tx
from store.errors import StoreError
from store.robots import Hook, Robot
from store.times import to_ms


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """What the YAML changed, by name. ``taken``: chat had made a robot of that name.

    ``beneath``: chat had changed what the YAML now says otherwise, and that stays.
    """

    changed: list[str] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    beneath: list[str] = field(default_factory=list)
    taken: list[str] = field(default_factory=list)


async def apply(
    tx: Tx, wanted: Sequence[tuple[Robot, Hook]], *, now: datetime
) -> Applied:
    """Write the YAML's robots, known by name.

    What no key opens any more is written anew: the YAML has it.
    """
    applied = Applied()
    for robot, given in wanted:
        was = await robots.named(tx, robot.name)
        if was is not None and not was.from_yaml:
            await _retire(tx, was, now=now)
            applied.taken.append(robot.name)
            was = None
        if was is None:
            await robots.add_from_yaml(tx, robot, given, _baseline(robot), now=now)
            applied.changed.append(robot.name)
        else:
            await _change(tx, was, robot, given, applied, now=now)
    names = {robot.name for robot, _ in wanted}
    for robot in await robots.every(tx):
        if robot.from_yaml and robot.name not in names:
            await _retire(tx, robot, now=now)
            applied.gone.append(robot.name)
    return applied


async def reset(tx: Tx, number: int, *, now: datetime) -> Robot | None:
    """Make a YAML robot what the YAML says; return it, or ``None`` for another."""
    row = await tx.one("robot_get", id=number)
    found = await robots.get(tx, number)
    if row is None or found is None or row["baseline"] is None:
        return None
    robot = _said(found, row["baseline"])
    await robots.put(tx, robot, now=now)
    return robot


async def _change(
    tx: Tx,
    was: Robot,
    wanted: Robot,
    given: Hook,
    applied: Applied,
    *,
    now: datetime,
) -> None:
    robot = replace(was, platform=wanted.platform, chat=wanted.chat)
    row = await tx.one("robot_get", id=was.id)
    written = _baseline(wanted)
    if row is not None and row["baseline"] != written:
        await tx.run("robot_rebase", id=was.id, baseline=written, now=to_ms(now))
        if was.changed_by is None:
            robot = _said(robot, written)
        else:
            applied.beneath.append(was.name)
    if await _opened(tx, was) != given:
        robot = await robots.equip(tx, robot, given, now=now)
    if robot != was:
        await robots.put(tx, robot, now=now)
        # The YAML remembers what was there before, if anybody does.
        await tx.run("hooks_drop", robot=robot.id, hook=robot.hook)
        applied.changed.append(robot.name)


async def _retire(tx: Tx, robot: Robot, *, now: datetime) -> None:
    """Take the robot away for good: what it posted with is forgotten at once."""
    await robots.remove(tx, robot, now=now)
    await tx.run("hooks_drop", robot=robot.id, hook=0)
    await tx.run("robot_emptied", id=robot.id)
    await robots.settle(tx, replace(robot, paused=False))


async def _opened(tx: Tx, robot: Robot) -> Hook | None:
    try:
        return await robots.hook(tx, robot)
    except StoreError:
        return None


def _baseline(robot: Robot) -> str:
    """Return what the YAML says of a robot that chat may change."""
    return rows.to_json(
        {
            "keyword": robot.keyword,
            "mention_all": robot.mention_all,
            "allow": robot.allow,
            "deny": robot.deny,
            "per_hour": robot.per_hour,
        }
    )


def _said(robot: Robot, written: str) -> Robot:
    said = orjson.loads(written)
    return replace(
        robot,
        keyword=said["keyword"],
        mention_all=said["mention_all"],
        allow=tuple(said["allow"]),
        deny=tuple(said["deny"]),
        per_hour=said["per_hour"],
        paused=False,
        changed_by=None,
    )
