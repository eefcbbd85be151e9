from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress

import aiohttp
import pytest

from bot.lark.client import LarkClient
from bot.presence import Presence
from bot.secret import Secret
from sandbox import App, Fault, Lark
from sandbox import Kind as Wrong
from store.database import Database
from tests.conftest import HandClock

ASKED = ("bot_info", 0)


class Door:
    """Where our own id is put, once it is known."""

    def __init__(self) -> None:
        self.told = asyncio.Event()
        self._open_id: str | None = None

    @property
    def bot_open_id(self) -> str | None:
        return self._open_id

    @bot_open_id.setter
    def bot_open_id(self, open_id: str) -> None:
        self._open_id = open_id
        self.told.set()


class Town:
    """A Lark on loopback with one app, and a database beside it."""

    def __init__(
        self, db: Database, lark: Lark, url: str, session: aiohttp.ClientSession
    ) -> None:
        self.db = db
        self.lark = lark
        self.url = url
        self.session = session
        self.app = lark.create_app("Bell")
        self.heard: list[str] = []
        self.pauses: list[float] = []

    def client(self, app: App, url: str = "") -> LarkClient:
        return LarkClient(
            self.session,
            base=url or self.url,
            app_id=app.app_id,
            app_secret=Secret(app.secret),
            clock=HandClock(),
        )

    async def learn(self, app: App | None = None) -> str | None:
        """Start as a process does, until it knows who it is; then stop."""
        door = Door()
        presence = Presence(
            self.db,
            client=self.client(app or self.app),
            door=door,  # type: ignore[arg-type]
            heard=self.heard.append,
            pause=self.pause,
        )
        running = asyncio.create_task(presence.run())
        async with asyncio.timeout(10):
            await door.told.wait()
        assert not running.done()
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running
        return door.bot_open_id

    async def pause(self, seconds: float) -> None:
        self.pauses.append(seconds)

    @property
    def asked(self) -> int:
        return self.lark.answers[ASKED]


@pytest.fixture
async def town(db: Database, clock: HandClock) -> AsyncIterator[Town]:
    lark = Lark(clock=clock.now)
    async with lark.serve() as url, aiohttp.ClientSession() as session:
        yield Town(db, lark, url, session)


async def test_it_learns_who_we_are_once_and_keeps_it(town: Town) -> None:
    learnt = [await town.learn() for _ in range(3)]

    assert learnt == [town.app.open_id] * 3
    # Each question counts against the tenant's monthly quota.
    assert town.asked == 1
    assert town.heard == [""]


async def test_another_app_is_somebody_else(town: Town) -> None:
    other = town.lark.create_app("Other")

    learnt = [await town.learn(app) for app in (town.app, other, town.app)]

    assert learnt == [town.app.open_id, other.open_id, town.app.open_id]
    assert town.asked == 2


async def test_while_lark_is_away_it_asks_again_later_and_later(town: Town) -> None:
    town.lark.faults.add(Fault(Wrong.BAD_GATEWAY, "bot_info", times=5))

    assert await town.learn() == town.app.open_id
    assert town.pauses == [1, 5, 30, 300, 300]
    assert [bool(trouble) for trouble in town.heard] == [True] * 5 + [False]


async def test_a_refusal_is_an_answer_and_is_told(
    town: Town, caplog: pytest.LogCaptureFixture
) -> None:
    town.lark.faults.add(Fault(Wrong.CODE, "bot_info", times=1, code=99991672))

    assert await town.learn() == town.app.open_id
    assert town.heard == ["", ""]
    assert [each.message for each in caplog.records if each.levelname == "WARNING"] == [
        "Lark does not say who we are"
    ]


async def test_without_an_app_or_a_door_there_is_nothing_to_learn(town: Town) -> None:
    for client, door in ((None, Door()), (town.client(town.app), None)):
        presence = Presence(town.db, client=client, door=door)  # type: ignore[arg-type]
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.01):
                await presence.run()

    assert town.asked == 0
