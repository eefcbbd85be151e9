"""A Lark tenant on loopback.

The methods make apps, users and chats, and break things; what people do is in
``hands.py``. What came of it is read from ``chat.messages``, ``deliveries`` and
``answers``.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable
from datetime import datetime
from typing import Any

from aiohttp import web

from sandbox import readable, serving
from sandbox.clock import Clock, real_clock
from sandbox.control import Control
from sandbox.faults import Faults
from sandbox.gateway import Gateway
from sandbox.hands import Hands
from sandbox.platform import Platform
from sandbox.push import Chaos, Delivery
from sandbox.reader import Reader
from sandbox.state import App, Chat, Member, Message, Robot, User
from sandbox.switches import Switches
from sandbox.tappable import Tappable, tappables
from sandbox.tenant import Tenant


class Lark(Hands):
    """One tenant of Lark, with everything that can be done in it and to it.

    With the real clock, failed events are redelivered by themselves while the app runs.
    With a clock moved by hand, :meth:`deliver_due` does it.
    """

    def __init__(self, clock: Clock | None = None) -> None:
        super().__init__(Platform(clock=clock or real_clock))
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

    def text_of(self, message: Message, reader: User | None = None) -> str:
        """Return *message* as people read it: *reader* in their language and zone."""
        if reader is None:
            return readable.plain(message.msg_type, message.content)
        client = Reader(locale=reader.locale, timezone=reader.timezone)
        return readable.plain(message.msg_type, message.shown_to(reader), client)

    def transcript(self, chat: Chat, reader: User | None = None) -> str:
        """Return all that *chat* shows now: who said what, a line under the other."""
        return "\n".join(
            f"{message.sender.name}: {line}" if place == 0 else f"  {line}"
            for message in chat.messages
            for place, line in enumerate(self._shown(message, reader).split("\n"))
        )

    def _shown(self, message: Message, reader: User | None) -> str:
        return "[recalled]" if message.recalled else self.text_of(message, reader)

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
