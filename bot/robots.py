"""Robots beside the requests: the YAML's, written down; those removed, forgotten."""

from __future__ import annotations

from datetime import datetime

from bot.config import Config, Directory
from bot.telling import Telling
from store import lanes, outbox, robot_baseline, robots
from store.database import Tx
from store.lanes import Waking
from store.robots import Hook, Robot
from store.values import Channel, Destination, Kind
from store.wording import _

#: What becomes of messages to a robot that is no more.
REMOVED = _("this robot was removed")


async def apply(tx: Tx, config: Config, telling: Telling, *, now: datetime) -> None:
    """Write the YAML's robots in place of those that were there.

    What was changed is tried again at once. Admins are told where chat had changed the
    same, or had a robot of that name.
    """
    applied = await robot_baseline.apply(tx, list(_wanted(config, now)), now=now)
    for name in applied.changed:
        robot = Destination(Kind.ROBOT, name)
        if await lanes.unpark_destination(tx, robot):
            await lanes.touch(tx, [Waking(robot, Channel.CHAT, now)])
    for name in applied.gone:
        await outbox.close_destination(
            tx, Destination(Kind.ROBOT, name), reason=REMOVED, now=now
        )
    for name in applied.beneath:
        await telling.tell(
            tx,
            _("The YAML changed {name}, which chat had changed", name=name),
            _("What chat made of it stays."),
            _("Take the YAML's version with: /robot reset {name}", name=name),
            now=now,
        )
    for name in applied.taken:
        await telling.tell(
            tx,
            _("The YAML has a robot {name} now, as chat had", name=name),
            _("The YAML's takes its place; the other is gone."),
            now=now,
        )


async def forget(tx: Tx, *, now: datetime) -> None:
    """Forget what robots posted with once nobody can undo their removal any more."""
    for destination in await robots.forget(tx, now=now):
        await outbox.close_destination(tx, destination, reason=REMOVED, now=now)


def _wanted(config: Config, now: datetime) -> list[tuple[Robot, Hook]]:
    names = Directory(config)
    return [
        (
            Robot(
                name=each.name,
                platform=each.platform,
                chat=each.chat and names.chat_id(each.chat),
                keyword=each.keyword,
                mention_all=each.mention_all,
                allow=each.allow,
                deny=each.deny,
                per_hour=each.per_hour,
                created_at=now,
            ),
            Hook(each.webhook.reveal(), each.secret.reveal() if each.secret else None),
        )
        for each in config.robots
    ]
