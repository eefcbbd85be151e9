"""Tasks: done beside the requests, answered once, whatever happens in between."""

from __future__ import annotations

import asyncio

import orjson
import pytest

from bot.errands import TIMEOUT, Errands
from bot.errors import TransportError
from handlers.errors import UserError
from handlers.reply import Reply, Task
from store import outbox, tasks
from store.lanes import Lane
from store.times import to_ms
from store.values import Channel, Destination, Kind
from store.wording import _
from tests.bot.room import GROUP, LIN, Room
from tests.bot.test_tapping import texts

ASKED = {"asker": LIN, "chat": GROUP, "direct": False, "answers": "om_1"}
SECRET = "sesame-7"


class Office:
    """Errands, with one performer that does as it is told."""

    def __init__(self, db, clock):
        self.db, self.clock = db, clock
        self.room = Room(db, clock)
        self.answers = []
        self.seen = []
        self.answered = asyncio.Event()
        self.errands = self.another("w1")

    def another(self, worker):
        return Errands(
            self.db,
            clock=self.clock,
            settings=self.room.hearing.settings,
            performers={"look.up": self.perform},
            answer=self.answer,
            worker=worker,
            queued=self.answered.set,
        )

    async def perform(self, details):
        self.seen.append(details)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def answer(self, task, outcome, context):
        if outcome.get("break"):
            raise ZeroDivisionError
        if outcome.get("refuse"):
            raise UserError("That is nobody.")
        return Reply(
            lines=(f"{context.asker} {outcome.get('found') or outcome['failed']}",)
        )

    async def ask(self):
        task = Task("look.up", {"email": SECRET})
        now = self.clock.now()
        await self.db.write(lambda tx: tasks.add(tx, task, asked=ASKED, now=now))

    async def said(self):
        to = Destination(Kind.CHAT, GROUP)
        lane = Lane(f"{to}/chat", to, Channel.CHAT)
        async with self.db.reading() as tx:
            found = await outbox.due(tx, lane, now=self.clock.now(), batch=10)
        return [
            (each.address, texts(orjson.loads(each.payload or ""))) for each in found
        ]


@pytest.fixture
def office(db, clock):
    return Office(db, clock)


async def test_a_task_is_performed_and_its_asker_answered(office):
    office.answers = [{"found": "Wei"}]
    await office.ask()

    assert await office.errands.run_once() == 1
    assert await office.errands.run_once() == 0
    assert office.seen == [{"email": SECRET}]
    assert await office.said() == [("om_1", [f"{LIN} Wei"])]


async def test_what_may_work_in_a_moment_is_tried_again(office, clock):
    office.answers = [TransportError("away"), TransportError("away"), {"found": "Wei"}]
    await office.ask()

    assert [await office.errands.run_once() for _ in range(2)] == [1, 0]
    clock.advance(seconds=2)
    await office.errands.run_once()
    clock.advance(seconds=10)
    await office.errands.run_once()
    assert await office.said() == [("om_1", [f"{LIN} Wei"])]


async def test_after_three_attempts_the_failure_is_the_answer(office, clock):
    office.answers = [TransportError(_("Lark is away"))] * 3
    await office.ask()
    for _each in range(3):
        await office.errands.run_once()
        clock.advance(seconds=10)

    assert await office.said() == [("om_1", [f"{LIN} Lark is away"])]


async def test_a_mistake_of_ours_is_answered_too(office):
    office.answers = [ZeroDivisionError()]
    await office.ask()
    await office.errands.run_once()

    assert await office.said() == [("om_1", [f"{LIN} something went wrong on my side"])]


async def test_a_mistake_in_the_answer_ends_the_task_too(office, clock):
    office.answers = [{"break": True}]
    await office.ask()
    await office.errands.run_once()
    clock.advance(seconds=tasks.LEASE.total_seconds())

    assert await office.errands.run_once() == 0
    ((_, (said,)),) = await office.said()
    assert said.startswith("Something went wrong on my side")


async def test_a_refusal_is_an_answer(office):
    office.answers = [{"refuse": True}]
    await office.ask()
    await office.errands.run_once()

    assert await office.said() == [("om_1", ["That is nobody."])]


async def test_a_task_of_a_worker_that_died_is_done_by_another(office, clock):
    office.answers = [{"found": "Wei"}]
    await office.ask()
    now = clock.now()
    await office.db.write(lambda tx: tasks.claim(tx, worker="dead", now=now))

    assert await office.errands.run_once() == 0
    clock.advance(seconds=tasks.LEASE.total_seconds())
    assert await office.errands.run_once() == 1
    assert len(await office.said()) == 1


async def test_who_comes_too_late_does_not_answer_again(office, clock):
    office.answers = [{"found": "Wei"}, {"found": "Wei"}]
    await office.ask()
    now = clock.now()
    late = await office.db.write(lambda tx: tasks.claim(tx, worker="late", now=now))
    clock.advance(seconds=tasks.LEASE.total_seconds())
    await office.errands.run_once()
    await office.another("late")._do(late)

    assert len(await office.said()) == 1


async def test_details_are_sealed(office):
    await office.ask()
    now = office.clock.now()
    row = await office.db.write(
        lambda tx: tx.one("claim_task", worker="w", now=to_ms(now), lease_until=0)
    )
    assert SECRET not in str(dict(row))


async def test_workers_wake_for_what_is_asked_while_they_rest(office):
    office.answers = [{"found": "Wei"}]
    running = asyncio.create_task(office.errands.run())
    await office.ask()
    office.errands.wake()
    async with asyncio.timeout(10):
        await office.answered.wait()
    running.cancel()

    assert len(await office.said()) == 1


def test_an_attempt_ends_before_its_lease():
    assert TIMEOUT < tasks.LEASE
