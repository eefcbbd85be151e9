"""Somebody who talks to us in a test, in a group or alone."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, TypeVar

from handlers.commands import answer, router
from handlers.context import ChatType, Context, Role
from handlers.errors import Unconfirmed, UserError
from handlers.language.text import Mention
from handlers.names import Names
from handlers.refusals import told
from handlers.reply import Reply
from handlers.rules.types import Types
from store.database import Database, Tx
from tests.conftest import MONDAY, HandClock

T = TypeVar("T")

OPS, DEV = "oc_ops", "oc_dev"
WEI, LIN, ADMIN = "ou_wei", "ou_lin", "ou_admin"

NAMES = Names(
    chats={"ops": OPS, "dev": DEV},
    robots={"ops-room": OPS, "night watch": OPS, "dev-room": DEV, "loose": None},
    people={"alice": "ou_alice", "bob": None},
    groups=frozenset({"finance"}),
)
LIN_MENTIONED = Mention("@_user_2", LIN, "Lin")
US = Mention("@_user_1", "ou_larkbell", "Larkbell", us=True)
TYPES = Types()


class NoTx:
    """A transaction that nobody may touch: reading a line needs none."""

    def __getattr__(self, name: str) -> Any:
        raise AssertionError("reading a line touched the database")


def context(
    *,
    tx: Any = None,
    now: datetime = MONDAY,
    chat: str = OPS,
    direct: bool = False,
    asker: str = WEI,
    roles: frozenset[Role] = frozenset({Role.MEMBER, Role.EDITOR}),
) -> Context:
    """The context of a line that Wei, an editor, types in the group ops."""
    return Context(
        tx=tx or NoTx(),
        now=now,
        chat=chat,
        chat_type=ChatType.DIRECT if direct else ChatType.GROUP,
        asker=asker,
        roles=roles,
        types=TYPES,
        names=NAMES,
        mentions=(US, LIN_MENTIONED),
    )


def choices(line: str, asked: Context | None = None) -> tuple[str, ...]:
    """The corrections that are offered for a line that cannot be read."""
    asked = asked or context()
    try:
        router.read(line, asked)
    except UserError as exc:
        return told(router, exc, line, asked).choices
    raise AssertionError(f"{line!r} was read")


@dataclass(frozen=True)
class Talk:
    """One person in one chat. Every line is a transaction of its own."""

    db: Database
    clock: HandClock
    chat: str = OPS
    direct: bool = False
    asker: str = WEI
    roles: frozenset[Role] = field(
        default_factory=lambda: frozenset({Role.MEMBER, Role.EDITOR})
    )

    sure: bool = True

    def by(self, asker: str, *roles: Role) -> Talk:
        """The same chat, with somebody else typing."""
        return replace(self, asker=asker, roles=frozenset({Role.MEMBER, *roles}))

    def within(self, chat: str) -> Talk:
        """The same person in another group."""
        return replace(self, chat=chat)

    def alone(self) -> Talk:
        """The same person in a direct chat."""
        return replace(self, chat=f"oc_with_{self.asker}", direct=True)

    async def say(self, line: str) -> Reply:
        """Type *line*; return the answer, or raise the refusal.

        What is broad and asks for a yes gets one, unless the talker is not ``sure``.
        """

        async def run(tx: Tx) -> Reply:
            return await answer(line, await self._known(tx))

        return await self.confirmed(run)

    async def confirmed(self, work: Callable[[Tx], Awaitable[Reply]]) -> Reply:
        """Do *work* in a transaction; say yes where it asks for that."""
        try:
            return await self.do(work)
        except Unconfirmed as exc:
            if not self.sure:
                raise
            asked = exc

        async def again(tx: Tx) -> Reply:
            context = replace(await self._known(tx), confirmed=True)
            return await answer(asked.line, context)

        return await self.do(again)

    async def said(self, line: str) -> tuple[str, ...]:
        """Type *line*; return the lines of the answer."""
        return (await self.say(line)).lines

    async def refused(self, line: str) -> UserError:
        """Type *line*; return why it was refused."""
        try:
            reply = await self.say(line)
        except UserError as exc:
            return exc
        raise AssertionError(f"{line!r} was answered: {reply.lines}")

    async def do(self, work: Callable[[Tx], Awaitable[T]]) -> T:
        """Do *work* in a transaction."""
        return await self.db.write(work)

    async def _known(self, tx: Tx) -> Context:
        return self._context(tx)

    def _context(self, tx: Tx) -> Context:
        return context(
            tx=tx,
            now=self.clock.now(),
            chat=self.chat,
            direct=self.direct,
            asker=self.asker,
            roles=self.roles,
        )
