"""Several workers on one database: each message goes out once, none is forgotten."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator

import pytest

from bot.delivery import LANES
from store import outbox, silences
from store.opening import open_database
from store.postgres import Postgres
from store.values import Channel, Destination, Kind
from tests.bot.house import House
from tests.conftest import KEYRING

# SQLite is for one process only.
pytestmark = pytest.mark.parametrize("db_url", ["postgres"], indirect=True)


@pytest.fixture
async def second(house: House, db_url: str) -> AsyncIterator[Postgres]:
    """The connections of another replica."""
    opened = await open_database(db_url, keyring=KEYRING)
    assert isinstance(opened, Postgres)
    yield opened
    await opened.close()


async def until_somebody_waits(db: Postgres) -> None:
    """Wait until PostgreSQL says that somebody waits for somebody."""
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
    async with asyncio.timeout(5):
        while not await db._pool.fetchval(waiting):
            pass


def places(house: House, count: int) -> list[Destination]:
    groups = [house.group(f"g{n}") for n in range(count)]
    return [Destination(Kind.CHAT, group.chat_id) for group in groups]


async def test_two_workers_never_send_the_same_row(house, second):
    workers = [house.worker("w1"), house.worker("w2", second), house.worker("w3")]
    numbers = []
    for to in places(house, 12):
        numbers += await house.notify_all("abcde", to=to)

    for _ in range(40):
        await asyncio.gather(*(worker.run_once() for worker in workers))
        house.clock.advance(milliseconds=250)

    assert Counter(each.id for each in house.attempts) == dict.fromkeys(numbers, 1)
    assert await house.states(numbers) == ["delivered"] * 60
    for chat in house.lark.tenant.chats.values():
        if chat.name.startswith("g"):
            assert house.titles(chat) == list("abcde")


async def test_two_workers_make_one_digest(house, second):
    workers = [house.worker("w1"), house.worker("w2", second)]
    for to in places(house, 8):
        await house.mute(hours=1, target=to)
        await house.notify_all("abcdef", to=to)
    for _ in range(2):
        await asyncio.gather(*(worker.run_once() for worker in workers))
        house.clock.advance(hours=1)

    await asyncio.gather(*(worker.run_once() for worker in workers))

    assert await house.ledger_states() == {"digested": 48}
    assert len(house.attempts) == 8


async def test_what_is_closed_while_it_is_claimed_is_not_sent(house, second):
    number = await house.notify("a")
    async with second.transaction() as tx:
        await outbox.close_destination(
            tx, house.chat, reason="gone", now=house.clock.now()
        )
        sent = asyncio.create_task(house.delivery.run_once())
        await until_somebody_waits(second)

    assert (await sent, house.titles()) == (0, [])
    assert await house.fate(number) == ("undeliverable", "gone")


async def test_what_is_queued_while_a_lane_is_given_back_is_not_forgotten(
    house, second
):
    await house.notify("a")
    (posting,) = await house.delivery._claim(LANES)
    async with second.transaction() as tx:
        await outbox.enqueue(
            tx,
            kind="notice",
            destination=house.chat,
            channel=Channel.CHAT,
            payload=house.voice.notice("late"),
            now=house.clock.now(),
        )
        recorded = asyncio.create_task(house.delivery._deliver(posting))
        # It is out, and its record waits for the lane that we are writing.
        await until_somebody_waits(second)
    await recorded

    await house.run(minutes=1)

    assert house.titles() == ["a", "late"]


async def test_what_is_let_go_while_a_lane_is_given_back_is_not_forgotten(
    house, second
):
    await house.mute(hours=5)
    await house.notify_all("ab")
    await house.run(minutes=1)
    await house.say("a notice")
    (posting,) = await house.delivery._claim(LANES)
    await house.lift_everything()
    async with second.transaction() as tx:
        await silences.release(tx, house.chat, now=house.clock.now())
        recorded = asyncio.create_task(house.delivery._deliver(posting))
        await until_somebody_waits(second)
    await recorded

    await house.run(minutes=1)

    assert house.titles() == ["a notice", "Held back: mute: everything"]
