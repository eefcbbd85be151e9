"""Who and what we know: people, groups of people, chats."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import orjson

from store.database import Row, Tx
from store.rows import to_json
from store.times import from_ms, to_ms
from store.values import Destination


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A person of the YAML. ``verified`` names the contacts that are proved."""

    name: str
    open_id: str | None = None
    email: str | None = None
    phone: str | None = None
    verified: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Chat:
    """A Lark chat. ``alias`` is its name in the YAML, ``name`` its name in Lark."""

    id: str
    kind: str = "group"
    name: str = ""
    alias: str | None = None
    person: str | None = None
    state: str = "present"


#: Lark delivers an event again for about 7.1 hours (Lark docs: Event Overview).
HEARD_FOR = timedelta(hours=8)


async def apply_people(
    tx: Tx, wanted: Sequence[Person], groups: dict[str, tuple[str, ...]]
) -> None:
    """Write the YAML's people and groups in place of those that were there."""
    await tx.run("forget_people")
    for each in wanted:
        await tx.run(
            "put_person",
            name=each.name,
            open_id=each.open_id,
            email=each.email,
            phone=each.phone,
            verified=to_json(each.verified),
        )
    await tx.run("forget_groups")
    for name, members in groups.items():
        await tx.run("put_group", name=name, members=to_json(members))


async def people(tx: Tx) -> list[Person]:
    """Return every person of the YAML."""
    return [
        Person(
            name=row["name"],
            open_id=row["open_id"],
            email=row["email"],
            phone=row["phone"],
            verified=tuple(orjson.loads(row["verified"])),
        )
        for row in await tx.all("people_all")
    ]


async def groups(tx: Tx) -> dict[str, tuple[str, ...]]:
    """Return every group of people: its members by name."""
    found = await tx.all("groups_all")
    return {row["name"]: tuple(orjson.loads(row["members"])) for row in found}


async def apply_aliases(tx: Tx, aliases: dict[str, str], *, now: datetime) -> None:
    """Write the YAML's names for chats (name → chat id) in place of the old ones."""
    known = {each.id: each for each in await chats(tx)}
    await tx.run("forget_aliases")
    for alias, chat_id in aliases.items():
        was = known.get(chat_id, Chat(id=chat_id))
        await put_chat(
            tx,
            Chat(id=chat_id, kind=was.kind, alias=alias, state=was.state),
            now=now,
        )


async def put_chat(tx: Tx, chat: Chat, *, now: datetime) -> None:
    """Write what is known of a chat; what is not said keeps what was known."""
    await tx.run(
        "put_chat",
        id=chat.id,
        kind=chat.kind,
        name=chat.name,
        alias=chat.alias,
        person=chat.person,
        state=chat.state,
        now=to_ms(now),
    )


async def chat(tx: Tx, chat_id: str) -> Chat | None:
    """Return one chat, or ``None`` when we never heard of it."""
    row = await tx.one("chat_get", id=chat_id)
    return None if row is None else _chat(row)


async def managers(tx: Tx, chat_id: str) -> tuple[frozenset[str] | None, datetime]:
    """Return who manages a chat, by open_id, and when Lark said so.

    ``None`` stands for a chat that Lark was not asked about yet.
    """
    row = await tx.one("chat_managers", id=chat_id)
    if row is None or row["managers"] is None:
        return None, from_ms(0)
    return frozenset(orjson.loads(row["managers"])), from_ms(row["asked_at"])


async def put_managers(
    tx: Tx, chat_id: str, *, name: str, managers: Sequence[str], now: datetime
) -> None:
    """Keep what Lark says of a chat: its name, its owner and managers."""
    if await chat(tx, chat_id) is None:
        await put_chat(tx, Chat(id=chat_id), now=now)
    await tx.run(
        "put_managers",
        id=chat_id,
        name=name,
        managers=to_json(list(managers)),
        now=to_ms(now),
    )


async def doubt_managers(tx: Tx, chat_id: str) -> None:
    """Ask Lark again: the chat has changed."""
    await tx.run("doubt_managers", id=chat_id)


async def chats(tx: Tx) -> list[Chat]:
    """Return every chat that we know."""
    return [_chat(row) for row in await tx.all("chats_all")]


async def greet(tx: Tx, whom: Destination) -> bool:
    """Remember that somebody was greeted; return whether it is the first time."""
    return await tx.run("meta_put_once", name=f"greeted {whom}", value="yes") == 1


async def direct_chat(tx: Tx, person: str) -> str | None:
    """Return the direct chat with *person* (open_id), where we know it."""
    found: str | None = await tx.value("direct_chat", person=person)
    return found


async def hear(tx: Tx, event: str, *, now: datetime) -> bool:
    """Remember *event*; return whether this is the first time we hear it."""
    return await tx.run("hear", id=event, until=to_ms(now + HEARD_FOR)) == 1


async def forget_heard(tx: Tx, *, now: datetime) -> int:
    """Forget what Lark does not deliver again any more."""
    return await tx.run("forget_heard", now=to_ms(now))


def _chat(row: Row) -> Chat:
    return Chat(
        id=row["id"],
        kind=row["kind"],
        name=row["name"],
        alias=row["alias"],
        person=row["person"],
        state=row["state"],
    )
