from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.config import loads
from bot.doors.ingest import IngestDoor, Sources
from bot.housekeeping import BATCH, FULL, Housekeeping
from bot.metrics import Metrics
from store import audit, confirmations, directory, notifications
from store.confirmations import Confirmation
from store.database import Database
from store.errors import StoreRefused
from store.ledger import ledger
from tests.bot.house import House
from tests.bot.stores import Away
from tests.conftest import HandClock
from tests.store.samples import accept, deliver, draft


def kept_house(db: Database, clock: HandClock, yaml: str = "") -> Housekeeping:
    door = IngestDoor(
        None,  # type: ignore[arg-type]
        sources=Sources(),
        clock=clock,
        metrics=Metrics(),
    )
    config = loads(yaml, {}, path=Path("config.yaml")).config
    return Housekeeping(db, clock=clock, ingest=door, config=config)


async def numbers(db: Database) -> list[int]:
    """Return the messages that are still known."""
    async with db.reading() as tx:
        found = [await notifications.get(tx, number) for number in range(1, 10)]
    return [each.number for each in found if each is not None]


# Forgetting


async def test_what_is_older_than_the_retention_is_forgotten(house: House) -> None:
    keeping = kept_house(house.db, house.clock, "retention: 30d")
    old = await house.notify("old")
    await house.run(minutes=1)
    began = house.clock.now()
    young = await house.notify("young")
    await house.run(minutes=1)

    house.clock.set(began + timedelta(days=30))
    await keeping.tidy()

    assert await numbers(house.db) == [young]
    assert await house.deliveries(old) == []
    assert await house.fate(young) == ("delivered", "")
    assert (await house.ledger()).adds_up


async def test_questions_that_nobody_can_answer_any_more_are_forgotten(
    house: House,
) -> None:
    keeping, now = kept_house(house.db, house.clock), house.clock.now()
    asked = Confirmation(
        token="K7QX2MNP", person="ou_wei", chat="oc_ops", line="/undo", until=now
    )
    await house.db.write(lambda tx: confirmations.add(tx, asked))

    async def there() -> bool:
        async with house.db.reading() as tx:
            return await confirmations.get(tx, asked.token) is not None

    await keeping.tidy()
    assert await there()
    house.clock.advance(days=1, seconds=1)
    await keeping.tidy()
    assert not await there()


async def test_what_still_waits_is_kept_however_old(house: House) -> None:
    keeping = kept_house(house.db, house.clock, "retention: 30d")
    queued = await house.notify("queued")
    [unrouted] = await accept(house.db, draft(), now=house.clock.now())
    await house.window(hours=24)
    held = await house.notify("held")
    await house.delivery.run_once()

    house.clock.advance(days=40)
    await keeping.tidy()

    assert await numbers(house.db) == [queued, unrouted.number, held]
    assert (await house.ledger()).adds_up


async def test_answers_and_digests_are_forgotten_too(house: House) -> None:
    keeping = kept_house(house.db, house.clock, "retention: 30d")
    await house.say("an answer", kind="reply")
    await house.window(hours=1)
    await house.notify_all([f"n{each}" for each in range(3)])
    await house.run(hours=2)
    assert house.titles() != []

    house.clock.advance(days=30, seconds=1)
    await keeping.tidy()

    async with house.db.reading() as tx:
        left = [await tx.one("outbox_get", id=each) for each in range(1, 10)]
    assert left == [None] * 9


async def test_more_than_one_batch_is_forgotten_at_once(
    db: Database, clock: HandClock
) -> None:
    keeping = kept_house(db, clock)
    await accept(db, *[draft() for _ in range(BATCH + 1)], now=clock.now())
    async with db.transaction() as tx:
        await notifications.mark_routed(
            tx, routed=[], unrouted=list(range(1, BATCH + 2))
        )
    clock.advance(days=180, seconds=1)

    await keeping.tidy()

    async with db.reading() as tx:
        assert (await ledger(tx)).accepted == 0


async def test_the_audit_log_is_kept_as_long(db: Database, clock: HandClock) -> None:
    keeping = kept_house(db, clock, "retention: 30d")
    for _ in range(2):
        async with db.transaction() as tx:
            await audit.record(tx, _change(clock.now()))
        clock.advance(days=15)
    clock.advance(seconds=1)

    await keeping.tidy()

    async with db.reading() as tx:
        left = await audit.latest(tx, "oc_1", since=clock.now() - timedelta(days=99))
    assert [each.id for each in left] == [2]


def _change(at: datetime) -> Any:
    return audit.Change(
        id=0,
        at=at,
        actor="ou_a",
        place="oc_1",
        command="/set lang zh",
        subject="chat:oc_1",
        was=(),
        became=(),
    )


async def test_what_lark_sends_no_more_is_forgotten(
    db: Database, clock: HandClock
) -> None:
    keeping = kept_house(db, clock)

    async def is_new() -> bool:
        return await db.write(lambda tx: directory.hear(tx, "om_1", now=clock.now()))

    assert await is_new()
    clock.advance(hours=8, seconds=-1)
    await keeping.tidy()
    assert not await is_new()
    clock.advance(seconds=2)
    await keeping.tidy()
    assert await is_new()


async def test_a_store_that_takes_nothing_is_tidied_another_time(
    db: Database, clock: HandClock, caplog: pytest.LogCaptureFixture
) -> None:
    away = Away(db)
    away.gone = True

    await kept_house(away, clock).tidy()  # type: ignore[arg-type]

    assert caplog.messages == ["the database took nothing"]


# The queue


@pytest.fixture
async def full(db: Database, clock: HandClock) -> Housekeeping:
    """A house for twenty messages, of which some wait and some do not."""
    return kept_house(db, clock, "limits: {queue: 20}")


async def test_the_doors_close_near_the_limit_and_open_well_below_it(
    db: Database, clock: HandClock, full: Housekeeping
) -> None:
    waiting = await deliver(db, *[f"n{each}" for each in range(18)])
    seen = []

    async def measure() -> None:
        await full.measure()
        seen.append((len(waiting), full._ingest.closed))

    await measure()
    waiting += await deliver(db, "one more")
    await measure()
    while len(waiting) > 15:
        await _finish(db, waiting.pop(), clock)
        await measure()
    for _ in range(3):
        waiting += await deliver(db, "another")
        await measure()

    assert seen == [
        (18, ""),
        (19, FULL),
        (18, FULL),
        (17, FULL),
        (16, ""),
        (15, ""),
        (16, ""),
        (17, ""),
        (18, ""),
    ]


async def _finish(db: Database, number: int, clock: HandClock) -> None:
    async with db.transaction() as tx:
        await tx.run(
            "finish",
            id=number,
            state="delivered",
            reason="",
            remote=None,
            now=int(clock.now().timestamp() * 1000),
        )


async def test_what_waits_to_be_routed_counts_as_well(
    db: Database, full: Housekeeping
) -> None:
    await deliver(db, *[f"n{each}" for each in range(10)])
    await accept(db, *[draft() for _ in range(9)])

    await full.measure()

    assert full._ingest.closed == FULL


async def test_what_a_stop_has_closed_stays_closed(
    db: Database, full: Housekeeping
) -> None:
    full._ingest.closed = "this process is stopping"
    await full.measure()
    assert full._ingest.closed == "this process is stopping"

    await deliver(db, *[f"n{each}" for each in range(20)])
    await full.measure()
    assert full._ingest.closed == "this process is stopping"


async def test_another_limit_opens_the_doors(
    db: Database, clock: HandClock, full: Housekeeping
) -> None:
    await deliver(db, *[f"n{each}" for each in range(20)])
    await full.measure()
    assert full._ingest.closed == FULL

    full.config = loads("limits: {queue: 40}", {}, path=Path("a.yaml")).config
    await full.measure()

    assert full._ingest.closed == ""


async def test_while_the_store_does_not_answer_the_doors_stay_as_they_are(
    db: Database, clock: HandClock, caplog: pytest.LogCaptureFixture
) -> None:
    away = Away(db)
    keeping = kept_house(away, clock, "limits: {queue: 1}")  # type: ignore[arg-type]
    away.gone = True
    await keeping.measure()
    assert keeping._ingest.closed == ""

    away.gone = False
    await deliver(db, "one")
    await keeping.measure()
    away.gone = True
    await keeping.measure()

    assert keeping._ingest.closed == FULL
    assert caplog.messages == [
        "the database does not answer",
        "the queue is full",
        "the database does not answer",
    ]
    with pytest.raises(StoreRefused):
        await away.write(lambda tx: None)
