"""All rules as they are now, those of the YAML first: to be exported and compared."""

from __future__ import annotations

from dataclasses import dataclass

from store import robots, rows
from store.database import Tx
from store.robots import Robot
from store.values import Schedule, Subscription, Window


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What holds now, whoever made it. Robots come without what they post with.

    ``signed`` names the robots that have a secret.
    """

    subscriptions: tuple[Subscription, ...]
    windows: tuple[Window, ...]
    schedules: tuple[Schedule, ...]
    robots: tuple[Robot, ...]
    signed: frozenset[str] = frozenset()


async def state(tx: Tx) -> State:
    """Return everything that holds now."""
    known = await robots.every(tx)
    hooks = {each.name: await robots.hook(tx, each) for each in known}
    return State(
        subscriptions=tuple(
            rows.subscription(row) for row in await tx.all("subscriptions_every")
        ),
        windows=tuple(rows.window(row) for row in await tx.all("windows_every")),
        schedules=tuple(rows.schedule(row) for row in await tx.all("schedules_every")),
        robots=tuple(known),
        signed=frozenset(
            name for name, hook in hooks.items() if hook is not None and hook.secret
        ),
    )
