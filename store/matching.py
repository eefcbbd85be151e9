"""Which subscriptions name a type: found by index, whatever their number."""

from __future__ import annotations

from collections.abc import Sequence

from store import rows
from store.database import Tx
from store.values import Subscription


async def rules_naming(tx: Tx, patterns: Sequence[str]) -> list[Subscription]:
    """Return the enabled rules that hold one of *patterns*, oldest first."""
    found = await tx.all("subscriptions_for_patterns", patterns=rows.to_json(patterns))
    return [rows.subscription(row) for row in found]
