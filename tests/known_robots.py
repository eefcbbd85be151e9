"""Robots for tests: written as if somebody had added, or changed, one in chat."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from store import robots
from store.database import Tx
from store.robots import Hook, Robot
from tests.conftest import MONDAY

WEBHOOK = "https://open.larksuite.com/open-apis/bot/v2/hook/f00dfeed-1234"


async def know(
    tx: Tx,
    name: str,
    *,
    webhook: str = WEBHOOK,
    secret: str | None = None,
    now: datetime = MONDAY,
    **settings: Any,
) -> Robot:
    """Write that there is a robot *name*, in place of the one that there was."""
    wanted = Robot(**{"name": name, "created_at": now, "owner": "test", **settings})
    given = Hook(webhook, secret)
    was = await robots.named(tx, name)
    if was is None:
        return await robots.add(tx, wanted, given, now=now)
    changed = replace(wanted, id=was.id, created_at=was.created_at)
    changed = await robots.equip(tx, changed, given, now=now)
    assert await robots.put(tx, changed, now=now)
    return changed


async def drop(tx: Tx, name: str, *, now: datetime = MONDAY) -> None:
    """Write that the robot is gone for good, with all that could be undone."""
    was = await robots.named(tx, name)
    assert was is not None
    await robots.remove(tx, was, now=now)
    await robots.forget(tx, now=now + robots.KEPT)
