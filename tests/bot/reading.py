"""What came of it: the states in the database, and what people read in Lark."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sandbox import Chat, Lark
from store import dead_letters, lanes, outbox
from store.database import Database
from store.dead_letters import Dead
from store.ledger import Ledger, ledger
from store.values import Delivery
from tests.conftest import HandClock


class Reading:
    """Reads a house's database and its groups."""

    db: Database
    clock: HandClock
    lark: Lark
    ops: Chat
    told_admin: Chat

    async def deliveries(self, number: int) -> list[Delivery]:
        """Return the deliveries of one message."""
        async with self.db.reading() as tx:
            return await outbox.deliveries_of(tx, number)

    async def fate(self, number: int) -> tuple[str, str]:
        """Return the state of a message's only delivery, and its reason."""
        (told,) = await self.deliveries(number)
        return str(told.state), told.reason

    async def states(self, numbers: Iterable[int]) -> list[str]:
        """Return the states of the only deliveries of some messages."""
        return [(await self.fate(number))[0] for number in numbers]

    async def ledger(self) -> Ledger:
        """Return the account of everything."""
        async with self.db.reading() as tx:
            return await ledger(tx)

    async def ledger_states(self) -> dict[str, int]:
        """Return how many deliveries there are in each state."""
        return dict((await self.ledger()).deliveries)

    async def dead(self) -> list[Dead]:
        """Return what was given up."""
        async with self.db.reading() as tx:
            return await dead_letters.latest(tx)

    async def replay(self, number: int) -> bool:
        """Try a dead message again, as ``larkbell dead --replay`` does."""
        now = self.clock.now()
        return await self.db.write(lambda tx: dead_letters.replay(tx, number, now=now))

    async def parked(self) -> dict[str, str]:
        """Return the parked lanes and why, by destination."""
        async with self.db.reading() as tx:
            return {
                str(each.destination): each.words for each in await lanes.parked(tx)
            }

    def titles(self, chat: Chat | None = None) -> list[str]:
        """Return the titles of the cards that a group shows, oldest first.

        "Warning" is left out: it is what ``notify`` makes unless told otherwise.
        """
        return [
            title_of(each.content).removeprefix("Warning · ")
            for each in (chat or self.ops).messages
            if each.msg_type == "interactive"
        ]

    def notices(self) -> list[str]:
        """Return the titles of what the admin was told."""
        return self.titles(self.told_admin)

    def text(self, index: int = -1, chat: Chat | None = None) -> str:
        """Return one message of a group as people read it."""
        return self.lark.text_of((chat or self.ops).messages[index])


def title_of(card: Mapping[str, Any]) -> str:
    """Return the title in the header of a card."""
    return str(card["header"]["title"]["content"])
