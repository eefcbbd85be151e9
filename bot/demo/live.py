"""After the play: whatever people and senders do now is shown as it happens."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import timedelta

from bot.demo.play import Chats
from bot.demo.screen import Screen
from bot.demo.stage import Stage
from store.ledger import ledger

#: How often the chats are looked at.
LOOK = timedelta(milliseconds=200)


async def follow(stage: Stage, screen: Screen, chats: Chats) -> None:
    """Show what is new in the chats, and note what no chat shows; for ever."""
    last = await _counts(stage)
    while True:
        chats.show()
        counts = await _counts(stage)
        for words in remarks(last, counts):
            screen.remark(words)
        last = counts
        await asyncio.sleep(LOOK.total_seconds())


def remarks(was: Mapping[str, int], now: Mapping[str, int]) -> list[str]:
    """Return what to say about notifications that appear in no chat."""
    said = []
    if now["unrouted"] > was["unrouted"]:
        said.append("Nobody subscribed to that: it is kept, and counted as unrouted.")
    if now["held"] > was["held"]:
        said.append(f"Held: {now['held']} in all. /dnd off or /unmute lets it out.")
    if now["dead"] > was["dead"]:
        said.append(f"Given up: {now['dead']} in all. /why tells the reason.")
    return said


async def _counts(stage: Stage) -> Mapping[str, int]:
    async with stage.larkbell.db.reading() as tx:
        found = await ledger(tx)
    counts = {"unrouted": 0, "held": 0, "dead": 0}
    return {**counts, **found.messages, **found.deliveries}
