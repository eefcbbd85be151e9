"""A whole process in this one: it starts, works by itself, and stops tidily."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp.test_utils import TestServer

from bot.app import Larkbell, running
from bot.config import loads
from bot.housekeeping import FULL
from sandbox import Lark
from store import lanes
from store.values import Channel, Destination, Kind
from tests.bot.doors.conftest import Client, Open
from tests.bot.doors.hall import (
    HOOK,
    NATIVE,
    SECRETS,
    YAML,
    Hall,
    bearer,
    note,
)
from tests.bot.sink import Sink, sink
from tests.bot.stores import Away
from tests.conftest import _emptied_postgres

__all__ = ["sink"]

#: Long for what happens at once, and shorter than any lease or backing off.
SOON = 10
ROBOT = Destination(Kind.ROBOT, "ops-room")
OTHER = Destination(Kind.CHAT, "oc_other")
STOPPING = "this process is stopping, please send it again"


class Process:
    """A Larkbell that runs, and a client at its doors."""

    def __init__(self, bell: Larkbell, client: Client) -> None:
        self.bell = bell
        self.client = client

    async def send(self, **more: Any) -> int:
        async with self.client.post(
            NATIVE,
            json=note("CPU", type="security.event", **more),
            headers=bearer(SECRETS["SCRIPTS"]),
        ) as response:
            return response.status

    async def deliveries(self, number: int = 1) -> list[tuple[str, str]]:
        async with self.client.get(
            f"{NATIVE}/n_{number}", headers=bearer(SECRETS["SCRIPTS"])
        ) as response:
            told = await response.json()
        return [(each["channel"], each["state"]) for each in told["deliveries"]]


Start = Callable[..., Any]


@pytest.fixture
async def start(
    tmp_path: Path, aiohttp_client: Callable[..., Awaitable[Client]]
) -> AsyncIterator[Start]:
    """Starts a process, as a context that stops it: the same database each time."""

    @asynccontextmanager
    async def started(
        yaml: str = YAML, *, url: str = "", **variables: str
    ) -> AsyncIterator[Process]:
        config = loads(
            yaml,
            {
                **SECRETS,
                "DATABASE": url or f"sqlite:{tmp_path / 'larkbell.db'}",
                **variables,
            },
            path=tmp_path / "config.yaml",
        ).config
        async with asynccontextmanager(running)(config) as bell:
            yield Process(bell, await aiohttp_client(bell.web()))

    return started


# Working


@pytest.fixture
async def lark() -> AsyncIterator[Lark]:
    lark = Lark()
    async with AsyncExitStack() as stack:
        lark.url = await stack.enter_async_context(lark.serve())  # type: ignore[attr-defined]
        yield lark


async def test_what_is_accepted_is_posted_by_itself(start: Start, lark: Any) -> None:
    ada = lark.create_user("Ada")
    app = lark.create_app("Bell")
    ops = lark.create_chat("ops", [ada, app])
    robot = lark.create_robot(ops, secret=SECRETS["WEBHOOK_SECRET"])
    yaml = (
        YAML.replace("http://127.0.0.1:9", lark.url)
        .replace("cli_bell", app.app_id)
        .replace("to: [robot:ops-room]", f"to: [robot:ops-room, chat:{ops.chat_id}]")
    )

    async with start(
        yaml, WEBHOOK=lark.url + HOOK + robot.token, APP_SECRET=app.secret
    ) as process:
        assert await process.send() == 202
        await lark.until(lambda: len(ops.messages) == 2, seconds=SOON)

    assert {type(each.sender).__name__ for each in ops.messages} == {"App", "Robot"}


async def test_it_answers_who_mentions_it_and_asks_once_who_it_is(
    start: Start, lark: Any, aiohttp_server: Callable[..., Awaitable[TestServer]]
) -> None:
    ada = lark.create_user("Ada")
    app = lark.create_app(
        "Bell", encrypt_key=SECRETS["ENCRYPT_KEY"], verification_token="vt-1"
    )
    ops = lark.create_chat("ops", [ada, app])
    yaml = YAML.replace("http://127.0.0.1:9", lark.url).replace("cli_bell", app.app_id)

    async def run_and_answer(messages: int) -> None:
        async with start(yaml, APP_SECRET=app.secret) as process:
            server = await aiohttp_server(process.bell.web())
            await lark.set_event_url(app, str(server.make_url("/lark/events")))
            await lark.say(ops, ada, "/help", mention_bot=True)
            await lark.until(lambda: len(ops.messages) == messages, seconds=SOON)
            await lark.until(lambda: lark.answers["bot_info", 0] > 0, seconds=SOON)
            await server.close()

    await run_and_answer(messages=2)
    await run_and_answer(messages=4)

    assert lark.answers["bot_info", 0] == 1


class Told:
    """Something that is called with words, and says when it was."""

    def __init__(self, tell: Callable[..., None]) -> None:
        self._tell = tell
        self.trouble = asyncio.Event()

    def __call__(self, *words: str) -> None:
        self._tell(*words)
        if words[-1]:
            self.trouble.set()


async def test_lark_being_away_degrades_it_and_nothing_else(hall: Hall) -> None:
    told = Told(hall.bell.health.lark_answers)
    hall.bell.presence._heard = told
    await hall.bell.start()
    async with asyncio.timeout(SOON):
        await told.trouble.wait()

    degraded = {"lark": "could not reach Lark: ClientConnectorError"}
    assert (await hall.ask("/readyz")).said == (
        200,
        {"status": "degraded", "degraded": degraded},
    )
    assert (await hall.send(note())).status == 202
    await hall.bell.stop()


async def test_a_part_that_falls_over_is_named(
    hall: Hall, caplog: pytest.LogCaptureFixture
) -> None:
    told = Told(hall.bell.health.note)
    hall.bell.health.note = told  # type: ignore[method-assign]
    await hall.bell.start()
    other = sqlite3.connect(hall.url.removeprefix("sqlite:"))
    other.execute("ALTER TABLE subscription_patterns RENAME TO gone")
    other.close()

    await hall.send(note())
    async with asyncio.timeout(SOON):
        await told.trouble.wait()

    why = {"routing": "fell over (OperationalError): see the log"}
    assert (await hall.ask("/readyz")).said == (
        503,
        {"status": "failing", "failing": why},
    )
    await hall.bell.stop()
    assert "fell over, starting again" in caplog.messages


# Stopping


async def test_a_stop_finishes_what_is_on_its_way(start: Start, sink: Sink) -> None:
    async with start(WEBHOOK=sink.url) as process:
        await process.send()
        async with asyncio.timeout(SOON):
            await sink.arrived.wait()
        finishing = asyncio.Event()
        finish = process.bell.delivery.finish

        async def finish_and_say_so(within: timedelta) -> None:
            finishing.set()
            await finish(within)

        process.bell.delivery.finish = finish_and_say_so  # type: ignore[method-assign]
        stopping = asyncio.create_task(process.bell.stop())
        await finishing.wait()
        assert not stopping.done()
        sink.answers.set()
        await stopping

        assert await process.deliveries() == [
            ("inbox", "delivered"),
            ("chat", "delivered"),
        ]
    assert len(sink.posts) == 1


async def test_a_process_that_stops_takes_nothing_more(
    start: Start, sink: Sink
) -> None:
    async with start(WEBHOOK=sink.url) as process:
        await process.bell.stop()
        await process.bell.housekeeping.measure()

        async with process.client.post(
            NATIVE, json=note(), headers=bearer(SECRETS["SCRIPTS"])
        ) as response:
            said = response.status, await response.json()
            retry = response.headers["Retry-After"]
        ledger = await _ledger(process)

    assert (said, retry) == ((503, {"error": STOPPING}), "5")
    assert ledger["accepted"] == 0


async def _ledger(process: Process) -> dict[str, Any]:
    async with process.client.get(
        "/v1/ledger", headers=bearer(SECRETS["ADMIN"])
    ) as response:
        return dict(await response.json())


@pytest.mark.parametrize("engine", ["sqlite", "postgres"])
async def test_a_stop_gives_the_lanes_back(
    start: Start,
    sink: Sink,
    tmp_path: Path,
    request: pytest.FixtureRequest,
    engine: str,
) -> None:
    url = ""
    if engine == "postgres":
        url = await _emptied_postgres(request.getfixturevalue("postgres_server"))
    async with start(url=url, WEBHOOK=sink.url) as process:
        await process.send()
        async with asyncio.timeout(SOON):
            await sink.arrived.wait()
        # Another worker's lease is none of ours to give back.
        async with process.bell.db.transaction() as tx:
            await lanes.touch(tx, [_waking(process, OTHER)])
            [other] = await lanes.claim(
                tx, worker="another", now=process.bell._clock.now(), batch=1
            )
        sink.answers.set()
        await process.bell.stop()
        async with process.bell.db.transaction() as tx:
            given_back = await lanes.return_leases(tx)

    assert (other.id, given_back) == ("chat:oc_other/chat", 1)


def _waking(process: Process, destination: Destination) -> lanes.Waking:
    due = process.bell._clock.now() - timedelta(seconds=1)
    return lanes.Waking(destination, Channel.CHAT, due)


async def test_a_stop_ends_although_the_store_is_away(
    open_hall: Open, caplog: pytest.LogCaptureFixture
) -> None:
    hall = await open_hall(seen_as=Away)
    hall.bell.db.gone = True  # type: ignore[attr-defined]

    await hall.bell.stop()

    assert caplog.messages == ["the leases were not given back"]


# Starting again


async def test_a_start_takes_up_what_a_dead_process_held(
    start: Start, sink: Sink
) -> None:
    sink.answers.set()
    async with start(
        YAML.replace("to: [robot:ops-room]", "to: [chat:oc_1]"), WEBHOOK=sink.url
    ) as process:
        # As a process leaves it that was killed while it sent.
        async with process.bell.db.transaction() as tx:
            await lanes.touch(tx, [_waking(process, ROBOT)])
            [lane] = await lanes.claim(
                tx, worker="dead", now=process.bell._clock.now(), batch=1
            )
        assert lane.id == "robot:ops-room/chat"

    async with start(WEBHOOK=sink.url) as process:
        await process.send()
        # Well before the dead one's lease would have run out.
        async with asyncio.timeout(SOON):
            await sink.arrived.wait()

    assert len(sink.posts) == 1
    assert timedelta(seconds=SOON) < lanes.LEASE


async def test_doors_that_a_full_queue_closed_are_closed_after_a_restart(
    open_hall: Open,
) -> None:
    hall = await open_hall(yaml=YAML.replace("queue: 100", "queue: 2"))
    await hall.send([note()] * 2)

    await hall.bell.start()

    assert hall.bell.ingest.closed == FULL
    await hall.bell.stop()
