"""Somebody who talks to us about robots: names and drafts are read from the store."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any

from handlers.commands import answer, router
from handlers.context import Context
from handlers.filled import Filled
from handlers.reply import Reply
from handlers.view import Words
from store import directory, robots
from store.database import Tx
from store.directory import Chat
from store.robots import Hook, Robot
from store.tasks import Task
from store.values import Destination, Kind
from tests.handlers.talk import DEV, NAMES, OPS, Talk

HOSTS = frozenset({"open.larksuite.com", "open.feishu.cn", "127.0.0.1"})
HOOK = "https://open.larksuite.com/open-apis/bot/v2/hook/"
WEBHOOK = f"{HOOK}f00dfeed-4f6a-41d2-9d0e-0a1b2c3d4e5f"
OTHER = f"{HOOK}0badcafe-1111-2222-3333-444455556666"
SECRET = "q5Kx7LmN0pRsTuVwXyZ12a"


class Host(Talk):
    """A person in a chat, whose names are those that the store has."""

    async def say(self, line: str) -> Reply:
        """Type *line*; return the answer, or raise the refusal."""
        return await self.with_context(lambda context: answer(line, context))

    async def confirmed(self, line: str) -> Reply:
        """Type *line*, and say yes to the question that it asks."""
        asked = await self.say(line)
        return await self.say(asked.canonical)

    async def fill(self, kind: str, *, given: Any = None, **fields: str) -> Reply:
        """Fill a form of *kind* in; return the answer to the line that it makes."""
        filled = Filled(fields=fields, given=given or {})

        async def run(context: Context) -> Reply:
            return await answer(router.line_of(kind, filled, context), context)

        return await self.with_context(run)

    async def performed(self, details: Mapping[str, Any], outcome: Any) -> Reply:
        """Return the answer to a test that came to *outcome*."""
        task = Task("robot.test", dict(details))
        return await self.with_context(
            lambda context: router.performed(task, outcome, context)
        )

    async def with_context(self, work: Callable[[Context], Awaitable[Reply]]) -> Reply:
        """Do *work* in a transaction, as this person here."""

        async def run(tx: Tx) -> Reply:
            me = Destination(Kind.PERSON, self.asker)
            given = await robots.drafts(tx, me, now=self.clock.now())
            names = replace(
                NAMES,
                robots=await robots.chats(tx),
                drafts=tuple(each.name for each in given),
            )
            return await work(replace(self._context(tx), names=names, hosts=HOSTS))

        return await self.do(run)

    async def robots(self) -> list[Robot]:
        """Return every robot that posts."""
        async with self.db.reading() as tx:
            return await robots.every(tx)

    async def robot(self, name: str = "ops-hook") -> Robot:
        """Return one of them."""
        (found,) = [each for each in await self.robots() if each.name == name]
        return found

    async def know_groups(self, *managers: str) -> None:
        """Let us know the groups ops and dev, and who manages ops."""

        async def write(tx: Tx) -> None:
            for name, chat in (("ops", OPS), ("dev", DEV)):
                known = Chat(id=chat, alias=name, name=name)
                await directory.put_chat(tx, known, now=self.clock.now())
            await directory.put_managers(
                tx, OPS, name="ops", managers=managers, now=self.clock.now()
            )

        await self.do(write)


ADD = f"/robot add ops-hook {WEBHOOK} secret {SECRET}"


async def hook_of(talk: Host, name: str = "ops-hook") -> Hook | None:
    """Return what a robot posts with."""
    robot = await talk.robot(name)
    async with talk.db.reading() as tx:
        return await robots.hook(tx, robot)


def shown(reply: Reply) -> list[str]:
    """Return the words of a reply's view."""
    return [str(each.text) for each in reply.view if isinstance(each, Words)]


def said(reply: Reply) -> str:
    """Return all words of a reply, its buttons' lines too."""
    buttons = [f"{each.label} {each.line}" for each in reply.buttons]
    words = [reply.title, *reply.lines, *shown(reply), reply.canonical, *buttons]
    return "\n".join(words)
