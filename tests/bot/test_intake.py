"""Accepting notifications: one answer each, after the commit, whoever came together."""

from __future__ import annotations

import asyncio
import sqlite3
from datetime import UTC, datetime, timedelta

import pytest

from bot.intake import BATCH, Intake
from bot.sources.mapping import Fallbacks, MapRule
from handlers.rules.filters import parse
from handlers.rules.types import Types
from store import notifications
from store.errors import StoreRefused
from store.notifications import Accepted
from store.values import Field, Incoming, Notification, Severity, Status
from tests.conftest import MONDAY
from tests.store.samples import sqlite_in

SCRIPTS = Fallbacks(name="scripts", kind="native")


class Door:
    """An intake, and how often it said that something was accepted."""

    def __init__(self, db, clock):
        self.db = db
        self.rung = 0
        self.intake = Intake(db, clock=clock, types=Types(), accepted=self.ring)

    def ring(self):
        self.rung += 1

    async def accept(self, *titles, source=SCRIPTS, **settings):
        messages = [Incoming(title=title, **settings) for title in titles]
        return await self.intake.accept(source, messages)

    async def kept(self):
        async with self.db.reading() as tx:
            return [
                (each.number, each.title)
                for each in await notifications.waiting(tx, batch=10_000)
            ]


@pytest.fixture
async def door(db, clock):
    made = Door(db, clock)
    yield made
    await made.intake.close()


async def test_what_is_answered_is_committed(door):
    assert await door.accept("a", "b") == [Accepted(1), Accepted(2)]
    assert await door.kept() == [(1, "a"), (2, "b")]
    assert door.rung == 1


async def test_all_that_a_source_says_is_kept(door, clock):
    clock.advance(hours=1)
    incoming = Incoming(
        title="CPU above 90 %",
        body="**web-1**",
        type="product.alarm",
        severity=Severity.CRITICAL,
        status=Status.FIRING,
        fingerprint="web-1/cpu",
        labels={"region": "sg"},
        fields=(Field("value", "97 %"),),
        link="https://grafana.example.com",
        occurred_at=datetime(2026, 1, 5, tzinfo=UTC),
        key="k",
        cut=True,
    )
    await door.intake.accept(SCRIPTS, [incoming])

    async with door.db.reading() as tx:
        assert await notifications.get(tx, 1) == Notification(
            number=1,
            source="scripts",
            type="product.alarm",
            severity=Severity.CRITICAL,
            title="CPU above 90 %",
            accepted_at=MONDAY + timedelta(hours=1),
            status=Status.FIRING,
            body="**web-1**",
            fingerprint="web-1/cpu",
            labels={"region": "sg"},
            fields=(Field("value", "97 %"),),
            link="https://grafana.example.com",
            occurred_at=datetime(2026, 1, 5, tzinfo=UTC),
            cut=True,
        )


async def test_the_source_says_the_type_and_severity_that_the_body_leaves_open(door):
    source = Fallbacks(
        name="grafana",
        kind="native",
        type="product.service",
        map=(MapRule(parse('"invoice"'), "finance.billing-notice"),),
    )
    await door.accept("An invoice", "Something else", source=source)
    await door.accept("No word of it")
    await door.accept("Arrears", type="finance.account-arrears")

    async with door.db.reading() as tx:
        found = await notifications.waiting(tx, batch=10)
    assert [(each.type, each.severity.word) for each in found] == [
        ("finance.billing-notice", "info"),
        ("product.service", "info"),
        ("custom.scripts", "info"),
        ("finance.account-arrears", "critical"),
    ]


async def test_nothing_handed_over_is_nothing_accepted(door):
    assert await door.accept() == []
    assert door.rung == 0


async def test_a_key_that_stands_answers_the_first_number(door, clock):
    await door.accept("deploy", key="deploy-42")
    clock.advance(days=6, hours=23)

    assert await door.accept("deploy", key="deploy-42") == [Accepted(1, duplicate=True)]
    clock.advance(hours=1)
    [again] = await door.accept("deploy", key="deploy-42")
    assert again.duplicate is False


async def test_a_derived_key_stands_for_ten_minutes(door, clock):
    async def alert():
        [answer] = await door.accept(
            "alert", key="web-1 firing", key_lasts=timedelta(minutes=10)
        )
        return answer.duplicate

    assert await alert() is False
    clock.advance(minutes=9)
    assert await alert() is True
    clock.advance(minutes=1)
    assert await alert() is False


async def test_requests_that_wait_together_are_each_answered_with_their_own(door):
    answers = await asyncio.gather(*(door.accept(f"{n}a", f"{n}b") for n in range(50)))

    kept = dict(await door.kept())
    assert [[kept[each.number] for each in answer] for answer in answers] == [
        [f"{n}a", f"{n}b"] for n in range(50)
    ]
    assert len(kept) == 100
    # They went together, in one transaction.
    assert door.rung == 1


async def test_one_key_in_requests_that_wait_together_is_one_message(door):
    answers = await asyncio.gather(*(door.accept("a", key="k") for _ in range(20)))

    assert len({answer[0].number for answer in answers}) == 1
    assert [answer[0].duplicate for answer in answers].count(False) == 1
    assert len(await door.kept()) == 1


async def test_one_bad_request_does_not_take_the_others_with_it(door):
    """A lone surrogate cannot be written by anybody."""
    answers = await asyncio.gather(
        door.accept("first"),
        door.accept("second"),
        door.accept("fine", "\ud800"),
        door.accept("third"),
        return_exceptions=True,
    )

    assert [isinstance(each, BaseException) for each in answers] == [
        False,
        False,
        True,
        False,
    ]
    assert sorted(title for _, title in await door.kept()) == [
        "first",
        "second",
        "third",
    ]


async def test_nul_characters_are_left_out(door):
    await door.accept("a\x00b", body="\x00c", labels={"\x00d": "e\x00"})

    async with door.db.reading() as tx:
        kept = await notifications.get(tx, 1)
    assert (kept.title, kept.body, kept.labels) == ("ab", "c", {"d": "e"})


async def test_more_than_one_transaction_takes_is_taken_in_turns(door):
    half = [f"{n}" for n in range(BATCH // 2)]
    answers = await asyncio.gather(*(door.accept(*half) for _ in range(5)))

    numbers = [each.number for answer in answers for each in answer]
    assert len(set(numbers)) == 5 * len(half)
    assert door.rung == 3


async def test_who_goes_away_leaves_the_others_their_answers(door):
    leaving = asyncio.ensure_future(door.accept("leaving"))
    staying = asyncio.ensure_future(door.accept("staying"))
    await asyncio.sleep(0)
    leaving.cancel()

    [answer] = await staying
    assert dict(await door.kept())[answer.number] == "staying"


async def test_closing_waits_for_what_was_handed_over(door):
    handed = [asyncio.ensure_future(door.accept(f"{n}")) for n in range(20)]
    await asyncio.sleep(0)

    await door.intake.close()
    assert len(await door.kept()) == 20
    assert [each.number for answer in handed for each in await answer] == list(
        range(1, 21)
    )


@pytest.fixture
async def file(tmp_path, clock):
    """A door whose database waits for no lock longer than a moment."""
    async with sqlite_in(tmp_path) as db:
        await db._writer.execute("PRAGMA busy_timeout = 40")
        yield Door(db, clock)


async def test_what_the_store_refuses_is_refused_to_all_at_once_and_taken_later(
    file, tmp_path
):
    other = sqlite3.connect(tmp_path / "larkbell.db", isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    started = asyncio.get_running_loop().time()

    answers = await asyncio.gather(
        *(file.accept(f"{n}") for n in range(50)), return_exceptions=True
    )
    assert {type(answer) for answer in answers} == {StoreRefused}
    assert asyncio.get_running_loop().time() - started < 1
    assert (await file.kept(), file.rung) == ([], 0)

    other.close()
    assert await file.accept("later") == [Accepted(1)]
    assert file.rung == 1


async def test_who_waits_when_the_loop_ends_is_let_go(file):
    at_work, never = asyncio.Event(), asyncio.Event()

    async def endless(tx):
        at_work.set()
        await never.wait()

    blocked = asyncio.ensure_future(file.db.write(endless))
    await at_work.wait()
    first = asyncio.ensure_future(file.accept("first"))
    await asyncio.sleep(0)
    second = asyncio.ensure_future(file.accept("second"))
    await asyncio.sleep(0)
    for task in asyncio.all_tasks():
        if task.get_name() in ("intake", "group-commit"):
            task.cancel()

    await asyncio.wait([blocked, first, second])
    assert [each.cancelled() for each in (blocked, first, second)] == [True] * 3
    assert await file.accept("after") == [Accepted(1)]
