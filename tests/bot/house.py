"""A small house for tests of delivery: a database, a Lark on loopback, a hand clock.

``House`` writes what routing would write, and runs the worker the way the scheduler
does: it moves the clock to the next due time, and lets it send.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import aiohttp

from bot.channels.buzz import BuzzChannel
from bot.channels.chat import AppChannel
from bot.channels.phone import PhoneChannel
from bot.channels.posting import Channel as WayOut
from bot.channels.robot import RobotChannel
from bot.delivery import Delivery
from bot.governor import Governor, Limits
from bot.lark.client import LarkClient
from bot.lark.http import TIMEOUT
from bot.outcome import Settings
from bot.phones.carrier import Carrier
from bot.secret import Secret
from bot.telling import Telling
from bot.voice import Voice
from handlers.rules.types import Types
from sandbox import Chat, Fault, Lark
from sandbox import Kind as Wrong
from sandbox import Robot as SandboxRobot
from store import lanes, notifications, outbox
from store.database import Database
from store.notifications import Draft
from store.outbox import Planned
from store.values import (
    Channel,
    Destination,
    Kind,
    Notification,
    Severity,
)
from tests.bot.reading import Reading
from tests.bot.reading import title_of as title_of
from tests.bot.ruling import Ruling
from tests.bot.watching import Attempt, Middling, Watched
from tests.conftest import HandClock
from tests.known_robots import drop, know

INFO, WARNING, CRITICAL = Severity
HOOK = "/open-apis/bot/v2/hook/"


class House(Ruling, Reading):
    """One process's delivery, and the hands of those around it."""

    def __init__(
        self,
        db: Database,
        clock: HandClock,
        lark: Lark,
        url: str,
        session: aiohttp.ClientSession,
        *,
        instance: str,
    ) -> None:
        self.db = db
        self.clock = clock
        self.lark = lark
        self.url = url
        self.session = session
        self.admin = lark.create_user("Ada")
        self.app = lark.create_app("Bell")
        self.ops = self.group("ops")
        self.told_admin = lark.tenant.open_direct_chat(
            self.admin, self.app, now=clock.now()
        )
        self.voice = Voice(types=Types(), zone="UTC")
        self.attempts: list[Attempt] = []
        self.admins: tuple[str, ...] = (self.person.name,)
        self.instance = instance
        self.timeout = TIMEOUT
        self.robots: dict[str, SandboxRobot] = {}
        #: Ways out beside Lark's, for workers that are made from here on.
        self.others: dict[tuple[Kind, Channel], WayOut] = {}
        self.carriers: dict[Channel, Carrier] = {}
        self.buzzes: dict[Channel, str] = {}
        self.delivery = self.worker("w1")

    # Where things go

    @property
    def person(self) -> Destination:
        """Ada, by direct message."""
        return Destination(Kind.PERSON, self.app.open_id_of(self.admin))

    async def robot(
        self, name: str = "bell", *, group: Chat | None = None, **settings: Any
    ) -> Destination:
        """Put a custom bot into a group, and into our directory; return where it is.

        *settings* are those of our ``Robot``, and its ``secret``. Lark guards it with
        the same.
        """
        self.robots[name] = self.lark.create_robot(
            group or self.ops,
            name,
            secret=settings.get("secret"),
            keywords=tuple(filter(None, [settings.get("keyword")])),
        )
        await self.know(name, **settings)
        return Destination(Kind.ROBOT, name)

    async def know(self, name: str, **settings: Any) -> None:
        """Write into our directory what we know of a robot."""
        webhook = self.url + HOOK + self.robots[name].token
        known = {"webhook": webhook, "now": self.clock.now(), **settings}
        await self.db.write(lambda tx: know(tx, name, **known))

    async def forget(self, name: str) -> None:
        """Take the robot out of our directory."""
        await self.db.write(lambda tx: drop(tx, name, now=self.clock.now()))

    def group(self, name: str) -> Chat:
        """Return a new group with the admin and the bot in it."""
        members = [self.admin, self.app]
        return self.lark.create_chat(name, members, chat_id=f"oc_{name}")

    # The worker

    def worker(
        self,
        name: str,
        db: Database | None = None,
        *,
        idle: Callable[[datetime | None], None] = lambda due: None,
    ) -> Delivery:
        """Return a worker, as another replica would have it."""
        client = LarkClient(
            self.session,
            base=self.url,
            app_id=self.app.app_id,
            app_secret=Secret(self.app.secret),
            clock=self.clock,
            timeout=self.timeout,
        )
        by_app = self._watched(AppChannel(client))
        ways = {
            (Kind.CHAT, Channel.CHAT): by_app,
            (Kind.PERSON, Channel.DM): by_app,
            (Kind.ROBOT, Channel.CHAT): self._watched(
                RobotChannel(self.session, clock=self.clock, timeout=self.timeout)
            ),
            **{way: self._watched(out) for way, out in self.others.items()},
        }
        for channel, how in self.buzzes.items():
            ways[Kind.PERSON, channel] = self._watched(BuzzChannel(client, how))
        for channel, carrier in self.carriers.items():
            by_phone = self._watched(PhoneChannel(carrier))
            ways[Kind.PERSON, channel] = by_phone
        return Delivery(
            db or self.db,
            clock=self.clock,
            settings=Settings(
                voice=self.voice,
                governor=Governor(Limits()),
                telling=Telling(voice=self.voice, admins=self.admins),
                buzzed=frozenset(self.buzzes),
            ),
            channels=ways,
            instance=self.instance,
            worker=name,
            rng=Middling(),
            idle=idle,
            pause=self.pause,
        )

    def _watched(self, channel: WayOut) -> Watched:
        return Watched(channel, self.attempts, self.clock)

    async def pause(self, seconds: float) -> None:
        """Let time pass on the hand clock."""
        self.clock.advance(seconds=max(0.0, seconds))

    async def run(self, **span: float) -> None:
        """Let the worker run for *span*, woken whenever something is due."""
        await self.run_until(self.clock.now() + timedelta(**span))

    async def run_until(self, end: datetime) -> None:
        """Let the worker run until *end*."""
        await self.delivery.run_once()
        while (due := await self.next_due()) is not None and due <= end:
            self.clock.set(max(self.clock.now(), due))
            await self.delivery.run_once()
        self.clock.set(max(self.clock.now(), end))

    async def next_due(self) -> datetime | None:
        """Return when the scheduler would wake the worker."""
        async with self.db.reading() as tx:
            return await lanes.next_due(tx)

    # What happens

    async def notify(self, title: str, **more: Any) -> int:
        """Let a notification be accepted and routed; return its number."""
        return (await self.notify_all([title], **more))[0]

    async def notify_all(
        self,
        titles: Iterable[str],
        *,
        to: Destination | None = None,
        via: Channel | None = None,
        **more: Any,
    ) -> list[int]:
        """Let several notifications be accepted and routed in one transaction.

        *more* are fields of ``Notification``; a warning of product.alarm unless told.
        """
        now = self.clock.now()
        destination = to or self.chat
        drafts = [
            Notification(
                number=0,
                source="test",
                title=title,
                accepted_at=now,
                **{"severity": WARNING, "type": "product.alarm", **more},
            )
            for title in titles
        ]

        async def write(tx: Any) -> list[int]:
            added = await notifications.add(
                tx, [Draft(draft) for draft in drafts], now=now
            )
            numbers = [each.number for each in added]
            planned = [
                Planned(
                    notification=replace(draft, number=number),
                    destination=destination,
                    channel=via or way_to(destination),
                    rule="subscription:1",
                )
                for number, draft in zip(numbers, drafts, strict=True)
            ]
            await outbox.enqueue_deliveries(tx, planned, now=now)
            await notifications.mark_routed(tx, routed=numbers, unrouted=[])
            return numbers

        return await self.db.write(write)

    async def say(
        self,
        title: str,
        *,
        to: Destination | None = None,
        kind: str = "notice",
        rank: int = outbox.ORDINARY,
        address: str = "",
        payload: str | None = None,
    ) -> int:
        """Queue what is no delivery: a notice, or a reply to *address*."""
        destination = to or self.chat
        by_robot = destination.kind is Kind.ROBOT
        said = payload or self.voice.notice(title, robot=by_robot)
        return await self.db.write(
            lambda tx: outbox.enqueue(
                tx,
                kind=kind,
                destination=destination,
                channel=way_to(destination),
                payload=said,
                rank=rank,
                address=address,
                now=self.clock.now(),
            )
        )

    def fail(self, kind: Wrong, target: str = "send", **more: Any) -> None:
        """Let Lark fail the next time, or as often as *times* says."""
        self.lark.faults.add(Fault(kind, target, **{"times": 1, **more}))

    def crowd(self, calls: int) -> None:
        """Let another program send as the same app."""
        limits = self.lark.platform.limits
        for _ in range(calls):
            limits.gateway(self.app.app_id, "send", now=self.clock.now())

    async def until(self, so: Callable[[], bool]) -> None:
        """Wait, in real time, for what Lark still does."""
        async with asyncio.timeout(5):
            while not so():  # noqa: ASYNC110 - Lark rings no bell
                await asyncio.sleep(0.005)

    def works_again(self) -> None:
        """Let nothing go wrong any more."""
        self.lark.faults.clear()


def way_to(destination: Destination) -> Channel:
    """Return the channel by which a destination is reached."""
    return Channel.DM if destination.kind is Kind.PERSON else Channel.CHAT


@asynccontextmanager
async def opened(
    db: Database, clock: HandClock, *, lark: Lark | None = None, instance: str = "i1"
) -> AsyncIterator[House]:
    """Open a house on a database, with a Lark of its own unless one is given."""
    lark = lark or Lark(clock=clock.now)
    async with lark.serve() as url, aiohttp.ClientSession() as session:
        yield House(db, clock, lark, url, session, instance=instance)
