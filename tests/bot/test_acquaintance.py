"""Who may change a group's settings, where only its managers may."""

from __future__ import annotations

from bot.acquaintance import Acquaintance
from bot.asking import Settings
from bot.hearing import Hearing
from bot.lark.client import LarkClient
from bot.lark.values import ChatUpdated, Line
from bot.secret import Secret
from handlers.context import Context, Role
from handlers.errors import Forbidden
from handlers.reply import Reply
from handlers.router import Router


class _Book(Router):
    """A book with one command, for editors alone."""

    async def answer(self, line: str, context: Context) -> Reply:
        if Role.EDITOR not in context.roles:
            raise Forbidden("Only editors of this group and admins can change this.")
        return Reply(lines=("Changed.",))


class Group:
    """A group in Lark with an owner and a member, and the bot that hears them."""

    def __init__(self, house):
        self.house = house
        lark = house.lark
        self.owner, self.member = lark.create_user("Olga"), lark.create_user("Max")
        self.chat = lark.create_chat("team", [self.owner, self.member, house.app])
        client = LarkClient(
            house.session,
            base=house.url,
            app_id=house.app.app_id,
            app_secret=Secret(house.app.secret),
            clock=house.clock,
        )
        self.acquaintance = Acquaintance(house.db, client=client, clock=house.clock)
        self.hearing = Hearing(
            house.db,
            clock=house.clock,
            settings=Settings(
                voice=house.voice,
                types=house.voice.types,
                editors=frozenset(),
                managers_edit=True,
            ),
            book=_Book(),
            queued=lambda: None,
            acquaint=self.acquaintance.meet,
        )
        self.lines = 0

    async def say(self, user) -> str:
        """Return what the bot answers to a line of *user*."""
        self.lines += 1
        await self.hearing.hear(
            Line(
                event_id=f"e{self.lines}",
                message_id=f"om_{self.lines}",
                chat_id=self.chat.chat_id,
                chat_type="group",
                sender=self.house.app.open_id_of(user),
                sender_name=None,
                text="/sub add finance.refund",
                mentions={},
                names_us=True,
                names_all=False,
                root_id=None,
                parent_id=None,
                thread_id=None,
                created_at=self.house.clock.now(),
            )
        )
        async with self.house.db.reading() as tx:
            rows = await tx.all(
                "outbox_due",
                lane=f"chat:{self.chat.chat_id}/chat",
                now=2**53,
                batch=100,
            )
        return rows[-1]["payload"]


ASKING = "I am asking Lark who manages this group. Please send it again in a moment."


async def test_managers_may_change_things_once_lark_said_who_they_are(house):
    group = Group(house)

    assert ASKING in await group.say(group.owner)
    await group.acquaintance.run_once()

    assert "Changed." in await group.say(group.owner)
    assert "Only editors" in await group.say(group.member)


async def test_lark_is_asked_again_when_the_group_has_changed(house):
    group = Group(house)
    await group.say(group.owner)
    await group.acquaintance.run_once()
    group.chat.owner = group.member

    await group.hearing.hear(
        ChatUpdated(
            event_id="u1",
            created_at=house.clock.now(),
            chat_id=group.chat.chat_id,
            operator=None,
            name=None,
            owner=None,
        )
    )
    assert "Only editors" in await group.say(group.member)
    await group.acquaintance.run_once()

    assert "Changed." in await group.say(group.member)


async def test_a_lark_that_does_not_answer_makes_nobody_an_editor(house):
    group = Group(house)
    house.app.published = False

    assert ASKING in await group.say(group.owner)
    await group.acquaintance.run_once()

    assert ASKING in await group.say(group.owner)
