"""A routing worker over a database, for tests: rules in, deliveries out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson

from bot.routing import Routing, Settings
from bot.telling import Telling
from bot.voice import Voice
from handlers.rules.types import Types
from store import directory, notifications, outbox, subscriptions
from store.database import Database
from store.directory import Chat, Person
from store.lanes import Lane
from store.values import Channel, Destination, Kind, Subscription
from tests.conftest import MONDAY, HandClock
from tests.known_robots import know
from tests.store.samples import OPS, accept, draft

#: The ways out of a process with an app and robots.
WAYS = frozenset(
    {
        (Kind.CHAT, Channel.CHAT),
        (Kind.ROBOT, Channel.CHAT),
        (Kind.PERSON, Channel.DM),
    }
)
ADMIN = "ou_admin"


class Router:
    """A database with rules, and the worker that routes by them."""

    def __init__(self, db: Database, clock: HandClock) -> None:
        self.db = db
        self.clock = clock
        self.rung = 0
        self.routing = Routing(
            db, clock=clock, settings=self.settings(), routed=self._ring
        )

    def _ring(self) -> None:
        self.rung += 1

    def settings(self, **changes: Any) -> Settings:
        """Return what the worker is told, with *changes*."""
        types = Types()
        telling = Telling(voice=Voice(types=types), admins=(ADMIN,))
        return Settings(**{"types": types, "telling": telling, "ways": WAYS, **changes})

    async def rule(
        self, *to: Destination, types: str = "*", where: str = "", **settings: Any
    ) -> int:
        """Keep a rule; return its number."""
        rule = Subscription(
            id=0,
            name="",
            owner="chat:oc_ops",
            patterns=tuple(types.split()),
            where=where,
            to=to or (OPS,),
            created_by="ou_lin",
            created_at=MONDAY,
            **settings,
        )
        return (await self.db.write(lambda tx: subscriptions.add(tx, rule))).id

    async def robot(self, name: str, chat: str | None = None) -> Destination:
        """Let there be a robot; return where it is."""
        await self.db.write(lambda tx: know(tx, name, chat=chat))
        return Destination(Kind.ROBOT, name)

    async def people(
        self,
        known: Mapping[str, str | None],
        groups: Mapping[str, tuple[str, ...]] | None = None,
    ) -> None:
        """Let there be people, by name and open_id, and groups of them."""
        people = [Person(name=name, open_id=open_id) for name, open_id in known.items()]
        await self.db.write(
            lambda tx: directory.apply_people(tx, people, dict(groups or {}))
        )

    async def chat(self, chat_id: str, state: str) -> None:
        """Let a group be known."""
        chat = Chat(id=chat_id, state=state)
        await self.db.write(lambda tx: directory.put_chat(tx, chat, now=MONDAY))

    async def route(self, *titles: str, **settings: Any) -> list[int]:
        """Accept messages and route all that waits; return their numbers."""
        added = await accept(self.db, *(draft(title, **settings) for title in titles))
        await self.routing.run_once()
        return [each.number for each in added]

    async def state(self, number: int) -> str | None:
        """Return how far the routing of a message came."""
        async with self.db.reading() as tx:
            return await notifications.routing_state(tx, number)

    async def outcome(self, number: int) -> dict[str, str]:
        """Return where a message goes and how it stands: ``chat:oc_ops/chat``."""
        async with self.db.reading() as tx:
            found = await outbox.deliveries_of(tx, number)
        told = {
            f"{each.destination}/{each.channel}": (
                f"{each.state}: {each.reason}" if each.reason else str(each.state)
            )
            for each in found
        }
        assert len(told) == len(found), "one place got two deliveries"
        return told

    async def rules_of(self, number: int) -> dict[str, str]:
        """Return by which rule a message goes where."""
        async with self.db.reading() as tx:
            found = await outbox.deliveries_of(tx, number)
        return {f"{each.destination}/{each.channel}": each.rule for each in found}

    async def notices(self, person: str = ADMIN) -> list[tuple[str, str]]:
        """Return what waits to be told to somebody: title and text of each notice."""
        return await notices(self.db, Destination(Kind.PERSON, person))


async def notices(db: Database, to: Destination) -> list[tuple[str, str]]:
    """Return title and text of the notices that wait for *to*."""
    lane = Lane(f"{to}/dm", to, Channel.DM)
    async with db.reading() as tx:
        found = await outbox.due(tx, lane, now=MONDAY.replace(year=2100), batch=100)
    return [_read(orjson.loads(each.payload or "")) for each in found]


def _read(card: Any) -> tuple[str, str]:
    body = [each["text"] for each in card["body"]["elements"]]
    # Plain text alone: nothing in it mentions or formats.
    assert {each["tag"] for each in body} <= {"plain_text"}
    text = "\n".join(each["content"] for each in body)
    return card["header"]["title"]["content"], text
