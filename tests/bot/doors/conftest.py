"""Doors to knock at, and one promise that holds for every knock: the log is quiet."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp.test_utils import TestClient

from bot.app import Larkbell, open_store
from bot.config import loads
from bot.logs import JsonLines, Unread
from store.database import Database
from tests.bot.doors.hall import (
    SAID,
    SECRETS,
    YAML,
    Hall,
    MachineClock,
    open_again,
)
from tests.bot.lark.posting import BOT
from tests.conftest import _emptied_postgres

Client = TestClient[Any, Any]
Open = Callable[..., Awaitable[Hall]]


@pytest.fixture
def clock() -> MachineClock:
    return MachineClock()


@pytest.fixture
async def open_hall(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    clock: MachineClock,
    aiohttp_client: Callable[..., Awaitable[Client]],
) -> AsyncIterator[Open]:
    """Opens a hall: on SQLite, with the usual YAML, unless told otherwise."""
    async with AsyncExitStack() as open_things:

        async def opened(
            engine: str = "sqlite",
            *,
            yaml: str = YAML,
            seen_as: Callable[[Database], Any] = lambda db: db,
        ) -> Hall:
            url = f"sqlite:{tmp_path / 'larkbell.db'}"
            if engine == "postgres":
                server = request.getfixturevalue("postgres_server")
                url = await _emptied_postgres(server)
                open_things.push_async_callback(open_again, url)
            config = loads(
                yaml, {**SECRETS, "DATABASE": url}, path=tmp_path / "config.yaml"
            ).config
            db = await open_store(config)
            open_things.push_async_callback(db.close)
            session = await open_things.enter_async_context(aiohttp.ClientSession())
            bell = Larkbell(config, seen_as(db), session, clock=clock, instance="hall")
            await bell.apply(config)
            if bell.lark_door is not None:
                bell.lark_door.bot_open_id = BOT
            return Hall(bell, await aiohttp_client(bell.web()), url, clock)

        yield opened


@pytest.fixture
async def hall(request: pytest.FixtureRequest, open_hall: Open) -> Hall:
    """The doors, on the engine that the test names, or else on SQLite."""
    return await open_hall(getattr(request, "param", "sqlite"))


@pytest.fixture(autouse=True)
def nothing_secret_is_logged(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """No log line of any request holds a token, a secret, a webhook or a body."""
    caplog.set_level(logging.INFO)
    unread = Unread()
    logging.getLogger("aiohttp.server").addFilter(unread)
    # The process keeps no access log, the test server does: addresses hold tokens.
    caplog.set_level(logging.WARNING, logger="aiohttp.access")
    yield
    logging.getLogger("aiohttp.server").removeFilter(unread)
    written = "\n".join(map(JsonLines().format, caplog.get_records("call")))
    secrets = [*SECRETS.values(), SAID, "sek-"]
    assert [each for each in secrets if each in written] == []
