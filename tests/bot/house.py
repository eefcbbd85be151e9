"""A small house for tests of delivery: a database, a Lark on loopback, a hand clock.

``House`` writes what routing would write, and runs the worker the way the scheduler
does: it moves the clock to the next due time, and lets it send.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import aiohttp

from bot.channels.chat import AppChannel
from bot.channels.posting import Channel as WayOut
from bot.channels.posting import Posting
from bot.channels.robot import RobotChannel
from bot.delivery import Delivery
from bot.errors import TransportError
from bot.governor import Governor, Limits
from bot.lark.client import LarkClient
from bot.outcome import Settings
from bot.secret import Secret
from bot.telling import Telling
from bot.voice import Voice
from handlers.rules.methods import ALL
from handlers.rules.types import Types
from sandbox import Chat, Fault, Lark
from sandbox import Kind as Wrong
from sandbox import Robot as SandboxRobot
from store import directory, lanes, mutes, notifications, outbox, silences, windows
from store.database import Database
from store.directory import Robot
from store.ledger import Ledger, ledger
from store.notifications import Draft
from store.outbox import Dead, Planned
from store.values import (
    Channel,
    Destination,
    Kind,
    Mute,
    Notification,
    Severity,
    Window,
)
from store.values import (
    Delivery as Told,
)
from tests.conftest import HandClock

INFO, WARNING, CRITICAL = Severity
HOOK = "/open-apis/bot/v2/hook/"
#: A call may take this long here: a test of slowness should not be slow itself.
TIMEOUT = 0.25


@dataclass(frozen=True, slots=True)
class Attempt:
    """One message on its way out: when, which, and what came of it."""

    at: datetime
    id: int
    uuid: str
    payload: str
    error: str


class Watched:
    """A channel, and the book in which it writes what it does."""

    def __init__(self, channel: WayOut, book: list[Attempt], clock: HandClock) -> None:
        self._channel = channel
        self._book = book
        self._clock = clock

    async def send(self, posting: Posting) -> str:
        """Send, and write it down."""
        error = ""
        try:
            return await self._channel.send(posting)
        except TransportError as exc:
            error = type(exc).__name__
            raise
        finally:
            self._book.append(
                Attempt(
                    self._clock.now(),
                    posting.outgoing.id,
                    posting.uuid,
                    posting.payload,
                    error,
                )
            )


class Middling(random.Random):
    """Always half of what could be."""

    def random(self) -> float:
        """Return a half."""
        return 0.5


class House:
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
        self.instance = instance
        self.robots: dict[str, SandboxRobot] = {}
        self.delivery = self.worker("w1")

    # Where things go

    @property
    def chat(self) -> Destination:
        """The group ops, by the app."""
        return Destination(Kind.CHAT, self.ops.chat_id)

    @property
    def person(self) -> Destination:
        """Ada, by direct message."""
        return Destination(Kind.PERSON, self.app.open_id_of(self.admin))

    async def robot(
        self, name: str = "bell", *, group: Chat | None = None, **settings: Any
    ) -> Destination:
        """Put a custom bot into a group, and into our directory; return where it is.

        *settings* are those of our ``Robot``. Lark guards it with the same.
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
        known = Robot(**{"name": name, "webhook": webhook, **settings})
        await self.db.write(
            lambda tx: directory.put_robot(tx, known, now=self.clock.now())
        )

    async def forget(self, name: str) -> None:
        """Take the robot out of our directory."""
        await self.db.write(lambda tx: tx.run("drop_robot", name=name))

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
            timeout=TIMEOUT,
        )
        by_app = self._watched(AppChannel(client))
        ways = {
            (Kind.CHAT, Channel.CHAT): by_app,
            (Kind.PERSON, Channel.DM): by_app,
            (Kind.ROBOT, Channel.CHAT): self._watched(
                RobotChannel(self.session, clock=self.clock, timeout=TIMEOUT)
            ),
        }
        return Delivery(
            db or self.db,
            clock=self.clock,
            settings=Settings(
                voice=self.voice,
                governor=Governor(Limits()),
                telling=Telling(voice=self.voice, admins=(self.person.name,)),
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

    async def window(self, *, hours: float = 8, **settings: Any) -> Window:
        """Open a window from now on, for some hours, over everything."""
        now = self.clock.now()
        start = now.hour * 60 + now.minute
        wanted: dict[str, Any] = {
            "name": "nights",
            "target": self.chat,
            "start": start,
            "end": (start + int(hours * 60)) % (24 * 60),
            "zone": "UTC",
            "mutes": ALL,
            "created_by": "ou_lin",
            "created_at": now,
        }
        window = Window(id=0, **{**wanted, **settings})
        return await self.db.write(lambda tx: windows.add(tx, window))

    async def mute(self, *, hours: float, **settings: Any) -> Mute:
        """Mute everything from now on."""
        now = self.clock.now()
        wanted: dict[str, Any] = {
            "target": self.chat,
            "where": "",
            "until": now + timedelta(hours=hours),
            "mutes": ALL,
            "created_by": "ou_wei",
            "created_at": now,
        }
        mute = Mute(id=0, **{**wanted, **settings})
        return await self.db.write(lambda tx: mutes.add(tx, mute))

    async def change(self, window: Window, **settings: Any) -> None:
        """Make a window another one."""
        changed = replace(window, **settings)
        await self.db.write(lambda tx: windows.put(tx, changed, now=self.clock.now()))

    async def lift_everything(self, target: Destination | None = None) -> None:
        """Take away every window and mute, as ``/dnd off`` and ``/unmute`` do."""
        now = self.clock.now()

        async def write(tx: Any) -> None:
            for window in await windows.of(tx, target or self.chat):
                await windows.remove(tx, window.id)
            for mute in await mutes.of(tx, target or self.chat, now=now):
                await mutes.lift(tx, mute.id, now=now)

        await self.db.write(write)

    async def release(self, target: Destination | None = None) -> int:
        """Let go of what is held, as ``/dnd off`` does."""
        now = self.clock.now()
        return await self.db.write(
            lambda tx: silences.release(tx, target or self.chat, now=now)
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

    # What came of it

    async def deliveries(self, number: int) -> list[Told]:
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
            return await outbox.dead(tx)

    async def replay(self, number: int) -> bool:
        """Try a dead message again, as ``larkbell dead --replay`` does."""
        now = self.clock.now()
        return await self.db.write(lambda tx: outbox.replay(tx, number, now=now))

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


def way_to(destination: Destination) -> Channel:
    """Return the channel by which a destination is reached."""
    return Channel.DM if destination.kind is Kind.PERSON else Channel.CHAT


def title_of(card: Mapping[str, Any]) -> str:
    """Return the title in the header of a card."""
    return str(card["header"]["title"]["content"])


@asynccontextmanager
async def opened(
    db: Database, clock: HandClock, *, lark: Lark | None = None, instance: str = "i1"
) -> AsyncIterator[House]:
    """Open a house on a database, with a Lark of its own unless one is given."""
    lark = lark or Lark(clock=clock.now)
    async with lark.serve() as url, aiohttp.ClientSession() as session:
        yield House(db, clock, lark, url, session, instance=instance)
