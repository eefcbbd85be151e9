"""Crashes, restarts, a database that is away: nothing is lost, nor told twice."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest

from bot.delivery import LANES
from bot.governor import Gate
from sandbox import Kind as Wrong
from store import lanes
from store.database import Database
from store.errors import StoreRefused
from store.opening import open_database
from store.values import Destination, Kind
from tests.bot.house import CRITICAL, House
from tests.conftest import KEYRING


class Reluctant:
    """A database that refuses, as one with a full disk does, or takes its time.

    ``meanwhile`` is what happens before its next answer arrives.
    """

    def __init__(self, db: Database) -> None:
        self._db = db
        self.refuses = 0
        self.meanwhile: Callable[[], Awaitable[object]] | None = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._db, name)

    async def write(self, work: Any) -> Any:
        if self.refuses:
            self.refuses -= 1
            raise StoreRefused("the disk is full")
        answer = await self._db.write(work)
        if (meanwhile := self.meanwhile) is not None:
            self.meanwhile = None
            await meanwhile()
        return answer

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Any]:
        if self.refuses:
            self.refuses -= 1
            raise StoreRefused("the disk is full")
        async with self._db.reading() as tx:
            yield tx


@pytest.fixture
async def again(db_url: str) -> AsyncIterator[Database]:
    """The same database, opened again."""
    opened = await open_database(db_url, keyring=KEYRING)
    yield opened
    await opened.close()


async def dies(house: House) -> None:
    """Let the worker claim what is due, and be gone before it sends anything."""
    await house.delivery._claim(LANES)


async def starts(house: House, db: Database | None = None) -> None:
    """Start a new process on the same database."""
    house.db = db or house.db
    house.delivery = house.worker("w2")
    if house.db.engine == "sqlite":
        await house.db.write(lanes.return_leases)
    else:
        # Another replica's leases are its own until they run out.
        house.clock.advance(seconds=30)


# A crash


async def test_what_a_dead_worker_was_sending_is_sent_as_if_in_doubt(house, again):
    number = await house.notify("a")
    await dies(house)
    assert await house.states([number]) == ["sending"]
    await house.notify_all("bcdefg")
    await starts(house, again)

    await house.run(seconds=10)

    # Nobody knows whether it arrived: it is not merged with the others, and stands
    # behind what was not tried yet.
    assert house.titles() == ["6 messages at once", "a"]
    assert await house.states([number]) == ["delivered"]


async def test_a_crash_after_the_commit_in_lark_leaves_one_message(house, again):
    await house.notify("a")
    (posting,) = await house.delivery._claim(LANES)
    await house.delivery._channel(posting).send(posting)
    assert house.titles() == ["a"]
    await starts(house, again)

    await house.run(seconds=10)

    assert (house.titles(), [each.uuid for each in house.attempts]) == (
        ["a"],
        ["i1-1", "i1-1"],
    )


async def test_until_its_lease_runs_out_a_lane_is_nobody_elses(house):
    await house.notify("a")
    await dies(house)
    other = house.worker("w2")

    house.clock.advance(seconds=29.9)
    assert await other.run_once() == 0

    house.clock.advance(seconds=0.1)
    assert await other.run_once() == 1
    assert house.titles() == ["a"]


async def test_a_worker_that_waited_too_long_does_not_send_what_another_has_taken(
    house,
):
    await house.notify("a")
    (posting,) = await house.delivery._claim(LANES)
    house.delivery.settings.governor.close(
        Gate.APP, house.clock.now() + timedelta(seconds=31)
    )
    other = house.worker("w2")

    async def meanwhile(seconds: float) -> None:
        house.clock.advance(seconds=seconds)
        await other.run_once()

    house.delivery._pause = meanwhile
    await house.delivery._deliver(posting)

    assert (house.titles(), len(house.attempts)) == (["a"], 1)


async def test_a_worker_that_waited_and_still_has_its_lane_sends(house):
    await house.notify("a")
    (posting,) = await house.delivery._claim(LANES)
    house.delivery.settings.governor.close(
        Gate.APP, house.clock.now() + timedelta(seconds=9)
    )

    await house.delivery._deliver(posting)

    assert house.titles() == ["a"]


# A restart


async def test_what_is_held_over_a_restart_is_one_digest_in_the_morning(house, again):
    await house.window(hours=8)
    held = await house.notify_all("abcd")
    await house.run(hours=4)
    await starts(house, again)
    passed = await house.notify("fire", severity=CRITICAL)

    await house.run(hours=5)

    assert house.titles() == [
        "Critical · fire",
        "Held back: nights: 01:00-09:00 daily UTC",
    ]
    assert await house.states([*held, passed]) == ["digested"] * 4 + ["delivered"]


async def test_what_was_to_be_let_go_while_nobody_ran_is_told_at_the_start(
    house, again
):
    await house.window(hours=8)
    await house.notify_all("abcd")
    await house.run(hours=4)
    house.clock.advance(hours=10)
    await starts(house, again)

    await house.run(seconds=1)

    assert house.titles() == ["Held back: nights: 01:00-09:00 daily UTC"]


async def test_a_digest_keeps_its_members_and_bytes_over_a_restart(house, again):
    house.fail(Wrong.BAD_GATEWAY)
    numbers = await house.notify_all("abcdef")
    await house.delivery.run_once()
    await starts(house, again)
    later = await house.notify_all("gh")

    await house.run(seconds=60)

    assert sorted(house.titles()) == ["6 messages at once", "g", "h"]
    assert (
        await house.states([*numbers, *later]) == ["digested"] * 6 + ["delivered"] * 2
    )
    digests = [each for each in house.attempts if each.id == max(numbers) + 1]
    assert len(digests) == 2
    assert digests[0].payload == digests[1].payload


# A digest's members share its fate


async def test_members_of_a_digest_wait_with_it(house):
    house.fail(Wrong.BAD_GATEWAY)
    numbers = await house.notify_all("abcdef")
    await house.delivery.run_once()
    assert await house.states(numbers) == ["queued"] * 6

    await house.run(seconds=10)

    assert await house.states(numbers) == ["digested"] * 6


async def test_members_of_a_digest_die_with_it_and_come_back_with_it(house):
    house.fail(Wrong.CODE, code=230028)
    numbers = await house.notify_all("abcdef")
    await house.run(seconds=10)
    words = "the tenant's rules stopped the message (code 230028): "
    expected = ("dead", words + "injected by the sandbox")
    assert [await house.fate(number) for number in numbers] == [expected] * 6
    assert house.notices() == ["Not delivered to group oc_ops"]

    await house.replay(next(each.id for each in await house.dead() if not each.number))
    await house.run(seconds=10)

    assert house.titles() == ["6 messages at once"]
    assert await house.states(numbers) == ["digested"] * 6


# A database that is away


async def test_what_was_sent_is_recorded_once_the_database_takes_it(house):
    house.db = reluctant = Reluctant(house.db)
    house.delivery = house.worker("w1")
    number = await house.notify("a")
    (posting,) = await house.delivery._claim(LANES)
    reluctant.refuses = 120

    await house.delivery._deliver(posting)

    assert (house.titles(), await house.fate(number)) == (["a"], ("delivered", ""))


async def test_a_lane_that_still_speaks_here_is_not_claimed_again(house):
    robot = await house.robot()
    house.db = reluctant = Reluctant(house.db)
    gate = asyncio.Event()

    async def waits(seconds: float) -> None:
        house.clock.advance(seconds=seconds)
        await gate.wait()

    house.delivery = house.worker("w1")
    house.delivery._pause = waits
    await house.notify("a", to=robot)
    (posting,) = await house.delivery._claim(LANES)
    reluctant.refuses = 1
    speaking = house.delivery._speak(posting)
    await house.until(lambda: reluctant.refuses == 0)

    # It is out, and not yet written down. Its lease runs out meanwhile.
    house.clock.advance(minutes=1)
    assert await house.delivery.run_once() == 0
    gate.set()
    await speaking
    await house.run(minutes=2)

    assert house.titles() == ["a"]


async def test_the_worker_outlives_a_database_that_refuses(house):
    house.db = reluctant = Reluctant(house.db)
    house.delivery = house.worker("w1")
    await house.notify("a")
    reluctant.refuses = 3
    working = asyncio.create_task(house.delivery.run())

    await house.until(lambda: house.titles() == ["a"])

    working.cancel()
    with pytest.raises(asyncio.CancelledError):
        await working


async def test_a_lease_that_ran_out_before_the_claim_was_answered_is_none(house):
    other = house.worker("w2")
    house.db = reluctant = Reluctant(house.db)
    house.delivery = house.worker("w1")
    await house.notify("a")

    async def meanwhile() -> None:
        house.clock.advance(seconds=31)
        await other.run_once()

    reluctant.meanwhile = meanwhile
    await house.delivery.run_once()

    assert (house.titles(), len(house.attempts)) == (["a"], 1)


async def test_a_claim_that_is_answered_late_holds_if_nobody_took_it(house):
    house.db = reluctant = Reluctant(house.db)
    house.delivery = house.worker("w1")
    await house.notify("a")
    reluctant.meanwhile = lambda: house.pause(25)

    await house.delivery.run_once()
    assert (house.titles(), len(house.attempts)) == (["a"], 1)


async def test_the_worker_outlives_a_database_that_refuses_to_say_what_is_due(house):
    house.db = reluctant = Reluctant(house.db)
    asked = asyncio.Queue()
    house.delivery = house.worker("w1", idle=asked.put_nowait)
    working = asyncio.create_task(house.delivery.run())
    await asked.get()
    reluctant.refuses = 2
    house.delivery.wake()

    await asked.get()

    assert not working.done()
    working.cancel()


# Waking, sleeping, stopping


async def test_the_worker_sleeps_until_something_is_due(house):
    await house.window(hours=1)
    await house.notify("a")
    asked = asyncio.Queue()
    house.delivery = house.worker("w1", idle=asked.put_nowait)
    working = asyncio.create_task(house.delivery.run())
    due = await asked.get()
    assert house.clock.now() < due == await house.next_due()

    house.clock.set(due)
    house.delivery.wake()
    while await asked.get() is not None:
        pass  # It is being sent, and its lease is the next thing due.

    assert house.titles() == ["a"]
    working.cancel()


async def test_the_worker_sends_what_is_queued_while_it_sleeps(house):
    asked = asyncio.Queue()
    house.delivery = house.worker("w1", idle=asked.put_nowait)
    working = asyncio.create_task(house.delivery.run())
    assert await asked.get() is None

    await house.notify("a")
    house.delivery.wake()

    await house.until(lambda: house.titles() == ["a"])
    working.cancel()


async def test_many_more_lanes_than_may_speak_at_once_are_all_served(house):
    groups = [house.group(f"g{n}") for n in range(LANES * 2 + 5)]
    for group in groups:
        await house.notify("a", to=Destination(Kind.CHAT, group.chat_id))
    asked = asyncio.Queue()
    house.delivery = house.worker("w1", idle=asked.put_nowait)
    working = asyncio.create_task(house.delivery.run())

    await house.until(lambda: all(group.messages for group in groups))

    working.cancel()
    assert [house.titles(group) for group in groups] == [["a"]] * len(groups)


async def test_a_stop_waits_for_what_is_being_sent(house):
    house.fail(Wrong.SLOW, seconds=0.1)
    number = await house.notify("a")
    working = asyncio.create_task(house.delivery.run())
    await house.until(lambda: house.lark.answers["token", 0] == 1)

    working.cancel()
    await house.delivery.finish(timedelta(seconds=5))

    assert (house.titles(), await house.states([number])) == (["a"], ["delivered"])


async def test_what_was_claimed_by_one_who_stops_is_sent(house):
    number = await house.notify("disk")
    working = asyncio.create_task(house.delivery.run())
    await asyncio.sleep(0)  # It has asked for the lane, and has no answer yet.

    working.cancel()
    await asyncio.gather(working, return_exceptions=True)
    await house.delivery.finish(timedelta(seconds=5))

    assert (house.titles(), await house.states([number])) == (["disk"], ["delivered"])
