"""A chat with the matrix card in it: taps as Lark sends them, and what is delivered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import orjson

from bot.asking import Settings as Asking
from bot.hearing import Hearing
from bot.routing import Routing, Settings
from bot.telling import Telling
from bot.voice import Voice
from handlers.commands import router
from handlers.rules.types import Types
from sandbox.readable import card_lines
from sandbox.tappable import Tappable, choose, tappables
from store import directory, outbox, robots, subscriptions
from store.database import Database, Tx
from store.directory import Chat, Person
from store.lanes import Lane
from store.robots import Hook, Robot
from store.values import Channel, Destination, Json, Kind, Subscription
from tests.bot.room import DIRECT, GROUP, LIN, WEI, Room
from tests.conftest import MONDAY, HandClock
from tests.store.samples import accept, draft

HERE = Destination(Kind.CHAT, GROUP)
ROBOT = Destination(Kind.ROBOT, "ops-room")
TO_LIN, TO_WEI = Destination(Kind.PERSON, LIN), Destination(Kind.PERSON, WEI)
TEAM = Destination(Kind.GROUP, "team")
WAYS = frozenset(
    {
        (Kind.CHAT, Channel.CHAT),
        (Kind.ROBOT, Channel.CHAT),
        *((Kind.PERSON, each) for each in Channel if each is not Channel.CHAT),
    }
)
PEOPLE = (
    Person(name="lin", open_id=LIN, email="lin@example.com", verified=("email",)),
    Person(name="wei", open_id=WEI, email="wei@example.com", verified=("email",)),
)


class Desk:
    """A group with a robot, Lin and Wei, every channel set up, and the card.

    ``card`` is the matrix as it is shown, ``toast`` what the last tap said.
    """

    def __init__(
        self,
        db: Database,
        clock: HandClock,
        types: Types | None = None,
        **settings: Any,
    ) -> None:
        self.db, self.clock = db, clock
        self.types_known = types or Types()
        self.card: Json = {}
        self.toast: Mapping[str, str] = {}
        self.room = Room(db, clock)
        self.voice = Voice(types=self.types_known)
        self.hearing = Hearing(
            db,
            clock=clock,
            settings=Asking(
                voice=self.voice,
                types=self.types_known,
                channels=frozenset(Channel),
                **settings,
            ),
            book=router,
            queued=lambda: None,
        )
        self.routing = Routing(
            db,
            clock=clock,
            settings=Settings(
                types=self.types_known,
                telling=Telling(voice=self.voice, admins=()),
                ways=WAYS,
            ),
            routed=lambda: None,
        )

    async def open(self) -> Desk:
        """Let there be people and a robot."""

        async def write(tx: Tx) -> None:
            await directory.apply_people(tx, PEOPLE, {"team": ("lin", "wei")})
            await directory.put_chat(tx, Chat(id=GROUP), now=MONDAY)
            robot = Robot(name="ops-room", chat=GROUP, created_at=MONDAY)
            await robots.add(tx, robot, Hook("https://x"), now=MONDAY)

        await self.db.write(write)
        return self

    async def rule(
        self, *to: Destination, types: str, where: str = "", **settings: Any
    ) -> Subscription:
        """Keep a rule, of the group unless *owner* says otherwise."""
        rule = Subscription(
            **{
                "id": 0,
                "name": "",
                "owner": str(HERE),
                "patterns": tuple(types.split()),
                "where": where,
                "to": to,
                "created_by": WEI,
                "created_at": MONDAY,
                **settings,
            }
        )
        return await self.db.write(lambda tx: subscriptions.add(tx, rule))

    # The card

    async def types(self, line: str, *, by: str = LIN, alone: bool = False) -> None:
        """Let somebody type *line*; its answer is the card from here on."""
        asked = self.room.line(line, direct=alone, sender=by)
        await self.hearing.hear(asked)
        chat = DIRECT if alone else GROUP
        replies = await self.room.replies(chat)
        self.card = orjson.loads(replies[-1][1])

    async def shows(self, line: str, lang: str = "en", **how: Any) -> None:
        """Let the card show what *line* shows, as a tap in place does."""
        await self.heard({"show": line, "lang": lang}, **how)

    async def taps(
        self, label: str, *, by: str = LIN, alone: bool = False, **form: Any
    ) -> None:
        """Let somebody tap what is called *label*, with a *form* filled in."""
        found = choose(self.card, label)
        await self.heard(found.value, by=by, alone=alone, form_value=form)

    async def heard(
        self, value: Any, *, by: str = LIN, alone: bool = False, **settings: Any
    ) -> None:
        """Let Lark tell of a tap with *value*."""
        chat = DIRECT if alone else GROUP
        tap = self.room.tap(value, operator=by, chat_id=chat, **settings)
        answer = await self.hearing.hear(tap)
        self.toast = answer.get("toast", {})
        if "card" in answer:
            self.card = answer["card"]["data"]

    @property
    def labels(self) -> list[str]:
        """What can be tapped."""
        return [each.label for each in self.buttons]

    @property
    def buttons(self) -> list[Tappable]:
        """Everything that can be tapped."""
        return tappables(self.card)

    @property
    def lines(self) -> list[str]:
        """What is read."""
        return [line.strip() for line in card_lines(self.card)]

    def cells(self) -> dict[str, str]:
        """Return the mark of each column of the open type, by its name."""
        found = {}
        for name in ("Inbox", "Group", "DM", "Email", "SMS", "Voice", "Do not disturb"):
            for mark in "●○◐✓–":
                if f"{mark} {name}" in self._texts():
                    found[name] = mark
        return found

    def _texts(self) -> set[str]:
        return set(_texts(self.card))

    # What comes

    async def comes(self, type_id: str, **settings: Any) -> set[str]:
        """Return where a message of a type goes: ``chat:oc_ops/chat``."""
        (added,) = await accept(self.db, draft("Something", type=type_id, **settings))
        await self.routing.run_once()
        async with self.db.reading() as tx:
            found = await outbox.deliveries_of(tx, added.number)
        return {f"{each.destination}/{each.channel}" for each in found}

    async def told(self, whom: Destination) -> list[str]:
        """Return the titles of the notes that wait for somebody."""
        lane = Lane(f"{whom}/dm", whom, Channel.DM)
        async with self.db.reading() as tx:
            found = await outbox.due(tx, lane, now=MONDAY.replace(year=2100), batch=99)
        cards = (orjson.loads(each.payload) for each in found if each.payload)
        return [card["header"]["title"]["content"] for card in cards]

    async def rules(self, owner: str = str(HERE)) -> list[Subscription]:
        """Return the rules of the group."""
        async with self.db.reading() as tx:
            return await subscriptions.owned_by(tx, owner)


def _texts(card: Any) -> Iterable[str]:
    if isinstance(card, list):
        for each in card:
            yield from _texts(each)
    elif isinstance(card, dict):
        if card.get("tag") == "button":
            yield card["text"]["content"]
        for each in card.values():
            yield from _texts(each)
