"""What a database knows of itself: its instance, its clock."""

from __future__ import annotations

import secrets
from datetime import datetime

from store.database import Tx
from store.times import from_ms


async def instance(tx: Tx) -> str:
    """Return the database's own id, made at first: numbers begin again in another."""
    await tx.run("meta_put_once", name="instance", value=secrets.token_hex(6))
    found: str = await tx.value("meta_get", name="instance")
    return found


async def clock(tx: Tx) -> datetime:
    """Return what time it is for the database."""
    return from_ms(await tx.value("clock"))


async def remember(tx: Tx, name: str, value: str) -> None:
    """Keep one fact."""
    await tx.run("meta_put", name=name, value=value)


async def recall(tx: Tx, name: str) -> str | None:
    """Return a fact that was kept, or ``None``."""
    found: str | None = await tx.value("meta_get", name=name)
    return found
