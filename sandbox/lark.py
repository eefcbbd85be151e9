"""A Lark tenant on loopback, and the hands of the people in it.

The methods make apps, users and chats, let people type and tap, and break things. What
came of it is read from ``chat.messages``, ``deliveries`` and ``answers``.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable
from datetime import datetime
from typing import Any

from aiohttp import web

from sandbox import lines, readable, serving, taps
from sandbox.clock import Clock, real_clock
from sandbox.control import Control
from sandbox.faults import Faults
from sandbox.filling import Client, action
from sandbox.gateway import Gateway
from sandbox.hearing import Hearing
from sandbox.platform import Platform
from sandbox.push import Chaos, Delivery, Push
from sandbox.refusal import Json
from sandbox.state import App, Chat, Member, Message, Robot, User
from sandbox.switches import Switches
from sandbox.tappable import Tappable, choose, tappables
from sandbox.taps import Tapped
from sandbox.tenant import Tenant


class Lark:
    """One tenant of Lark, with everything that can be done to it.

    With the real clock, failed events are redelivered by themselves while the app runs.
    With a clock moved by hand, :meth:`deliver_due` does it.
    """

    def __init__(self, clock: Clock | None = None) -> None:
        self.platform = Platform(clock=clock or real_clock)
        self.push = Push(self.platform)
        self._hearing = Hearing(self.platform, self.push)
        self._runs_by_itself = clock is None

    # Setting up

    def create_app(self, name: str = "Bot", **settings: Any) -> App:
        """Make a published app with a bot; *settings* are fields of :class:`App`."""
        app = App(name=name, **settings)
        self.tenant.apps[app.app_id] = app
        return app

    def create_user(self, name: str, **settings: Any) -> User:
        """Make a person; *settings* are fields of :class:`User`."""
        user = User(name=name, **settings)
        self.tenant.users[user.union_id] = user
        return user

    def create_chat(
        self, name: str, members: Iterable[Member] = (), **settings: Any
    ) -> Chat:
        """Make a group of *members*, people and bots; the first person owns it."""
        everybody = list(members)
        chat = Chat(name=name, created_at=self.now(), members=everybody, **settings)
        if chat.owner is None and chat.users:
            chat.owner = chat.users[0]
        self.tenant.chats[chat.chat_id] = chat
        return chat

    def create_robot(self, chat: Chat, name: str = "Robot", **settings: Any) -> Robot:
        """Make a custom bot in *chat*; *settings* are fields of :class:`Robot`."""
        robot = Robot(name=name, chat=chat, **settings)
        self.tenant.robots[robot.token] = robot
        return robot

    def create_image(self, app: App) -> str:
        """Return the key of an image that *app* has uploaded."""
        key = f"img_v3_{len(app.images):04d}_{app.app_id[4:]}"
        app.images.add(key)
        return key

    async def set_event_url(self, app: App, url: str) -> None:
        """Save where *app* takes events and card callbacks, as the console does.

        Raises :class:`~sandbox.push.ChallengeFailed` if the address does not answer.
        """
        await self.push.challenge(app, url)
        app.event_url = app.card_url = url

    # What people do

    async def say(
        self,
        chat: Chat,
        user: User,
        text: str,
        *,
        mention_bot: bool = False,
        bot: App | None = None,
        post: bool = False,
        reply_to: Message | None = None,
    ) -> Message:
        """Let *user* write into *chat*, and tell the bots that may hear it.

        ``<at user_id="…">`` in *text* mentions somebody by any id of theirs, or all.
        ``mention_bot`` puts a mention of *bot*, or of the first bot of the group, in
        front. ``post`` sends it the way clients send several lines. Raises
        ``ValueError`` for somebody who is not in the chat.
        """
        _check_present(user, chat)
        if mention_bot:
            target = bot or chat.apps[0]
            text = f'<at user_id="{target.app_id}">{target.name}</at> {text}'
        now = self.now()
        message = Message(
            chat=chat,
            sender=user,
            msg_type="post" if post else "text",
            versions=[lines.as_post(text) if post else lines.as_text(text)],
            created_at=now,
            updated_at=now,
            parent=reply_to,
            root=(reply_to.root or reply_to) if reply_to else None,
            thread_id=reply_to.thread_id if reply_to else None,
        )
        self._hearing.mentioned_by(message)
        self.tenant.post(message)
        if chat.mode == "p2p":
            # Writing to a bot is how one takes its messages again.
            user.stopped.difference_update(app.app_id for app in chat.apps)
        await self._hearing.said(message)
        return message

    async def direct_chat(self, user: User, app: App) -> Chat:
        """Return the direct chat of *user* with the bot; opening it tells the app."""
        chat = self.tenant.direct_chat(user, app)
        if chat is None:
            chat = self.tenant.open_direct_chat(user, app, now=self.now())
            await self._hearing.opened(chat, user, app)
        return chat

    async def tap(
        self,
        message: Message,
        user: User,
        button: str | int | Json,
        *,
        form: Json | None = None,
        option: Any = None,
        beside: str | None = None,
        timezone: str | None = None,
    ) -> Tapped:
        """Let *user* tap something on the card that *message* shows now.

        *button* is a label, a name, a callback value or a place in :meth:`buttons`;
        *beside* tells apart what reads the same, by a text in its row or the title of
        its panel. *form* holds what is filled in, by the names of the fields or what
        people read on them; *option* is what is chosen, typed or ticked outside of a
        form. Both hold what a person sees: the words of an option, a colleague, a time.

        Raises ``LookupError`` when the card shows no such thing, ``ValueError`` when a
        client would not take or send what was entered.
        """
        _check_present(user, message.chat)
        taps.check_alive(message, now=self.now())
        app = message.sender

        def colleague(who: Any) -> str | None:
            return taps.colleague(self.tenant, message.chat, app, who)

        client = Client(
            timezone=timezone or user.timezone,
            now=self.now(),
            find=colleague,
            tells_blanks=self.switches.tells_blanks,
        )
        chosen = choose(message.content, button, beside=beside)
        said = action(chosen, form=form, option=option, client=client)
        return await taps.tap(self.platform, self.push, message, user, said)

    async def add_bot(self, chat: Chat, app: App, by: User) -> None:
        """Let *by* add the bot to *chat*."""
        chat.members.append(app)
        await self._hearing.membership("im.chat.member.bot.added_v1", chat, app, by)

    async def remove_bot(self, chat: Chat, app: App, by: User) -> None:
        """Let *by* remove the bot from *chat*."""
        chat.members.remove(app)
        await self._hearing.membership("im.chat.member.bot.deleted_v1", chat, app, by)

    async def disband(
        self, chat: Chat, by: User, *, keep_history: bool = False
    ) -> None:
        """Let *by* disband *chat*. Nobody is told when its history is kept."""
        apps = chat.apps
        chat.status = "dissolved_save" if keep_history else "dissolved"
        if not keep_history:
            for app in apps:
                await self._hearing.membership("im.chat.disbanded_v1", chat, app, by)

    def recall(self, message: Message) -> None:
        """Take *message* back, as its sender may."""
        message.recalled = True

    # Reading and breaking

    @property
    def tenant(self) -> Tenant:
        """Who and what exists."""
        return self.platform.tenant

    @property
    def switches(self) -> Switches:
        """The knobs."""
        return self.platform.switches

    @property
    def faults(self) -> Faults:
        """What is to go wrong on the way in."""
        return self.platform.faults

    @property
    def chaos(self) -> Chaos:
        """What is to go wrong on the way out."""
        return self.push.chaos

    @property
    def deliveries(self) -> list[Delivery]:
        """Every attempt to deliver an event."""
        return self.push.deliveries

    @property
    def answers(self) -> Counter[tuple[str, int]]:
        """How often an operation answered a code: ``answers["send", 0]``."""
        return self.platform.answers

    @property
    def calls_this_month(self) -> int:
        """How many successful calls count against the monthly quota."""
        return self.platform.quota.this_month(self.now())

    def now(self) -> datetime:
        """Return the time on the sandbox's clock."""
        return self.platform.now()

    def buttons(self, message: Message) -> list[Tappable]:
        """Return what can be tapped on the card that *message* shows now."""
        return tappables(message.content)

    def text_of(self, message: Message) -> str:
        """Return *message* as people read it."""
        return readable.plain(message.msg_type, message.content)

    def revoke_tokens(self, app: App) -> None:
        """Make every token of *app* worthless: the next call answers 99991663."""
        self.platform.tokens.revoke(app)

    async def deliver_due(self) -> list[Delivery]:
        """Redeliver what is due by the clock; return the attempts that were made."""
        return await self.push.deliver_due()

    async def until(
        self, condition: Callable[[], bool], *, seconds: float = 10.0
    ) -> None:
        """Return once *condition* holds, looked at whenever an app was answered.

        Raises ``TimeoutError`` when it does not come true in time.
        """
        async with asyncio.timeout(seconds):
            while not condition():
                await self.platform.changes.wait()

    # Serving

    def app(self) -> web.Application:
        """Return the platform as an aiohttp application."""
        routes = (Control(self).add_routes, Gateway(self.platform).add_routes)
        return serving.application(
            self.platform, self.push, routes, redeliver=self._runs_by_itself
        )

    @contextlib.asynccontextmanager
    async def serve(self, host: str = "127.0.0.1", port: int = 0) -> AsyncIterator[str]:
        """Serve the platform on loopback while the context lasts; yield its address.

        Raises ``ValueError`` for any other host: it is no place for real secrets.
        """
        async with serving.listening(self.app(), host, port) as url:
            yield url


def _check_present(user: User, chat: Chat) -> None:
    if user not in chat or chat.status != "normal":
        raise ValueError(f"{user.name} cannot act in {chat.name}")
