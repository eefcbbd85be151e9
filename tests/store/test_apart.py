"""Works that may run in another thread, and insertions that are a transaction alone."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from store import notifications
from store.database import Aside
from store.errors import StoreRefused, Taken
from store.notifications import Accepted
from store.opening import open_database
from tests.conftest import KEYRING, MONDAY
from tests.store.samples import accept, draft


async def _put(tx, name, value):
    await tx.run("meta_put", name=name, value=value)


def put(name, value="1"):
    return Aside(lambda tx: _put(tx, name, value))


def inserts(*drafts):
    return notifications.insertion(drafts, now=MONDAY)


async def _get(db, name):
    async with db.reading() as tx:
        return await tx.value("meta_get", name=name)


async def _titles(db):
    async with db.reading() as tx:
        return [each.title for each in await notifications.waiting(tx, batch=100)]


@pytest.fixture
async def file(tmp_path):
    """A SQLite file: where another thread is quicker."""
    database = await open_database(f"sqlite:{tmp_path / 'a.db'}", keyring=KEYRING)
    yield database
    await database.close()


async def test_works_aside_are_committed_with_all_others(db):
    async def beside(tx):
        await _put(tx, "beside", "1")

    await asyncio.gather(
        *(db.write(put(f"k{n}", str(n))) for n in range(100)), db.write(beside)
    )

    assert [await _get(db, name) for name in ("k0", "k63", "k99", "beside")] == [
        "0",
        "63",
        "99",
        "1",
    ]


async def test_a_failing_work_aside_takes_nobody_with_it_and_leaves_nothing(db):
    async def broken(tx):
        await _put(tx, "broken", "half")
        raise LookupError("no")

    answers = await asyncio.gather(
        db.write(put("before")),
        db.write(Aside(broken)),
        db.write(put("after")),
        return_exceptions=True,
    )

    assert [type(answer) for answer in answers] == [type(None), LookupError, type(None)]
    assert [await _get(db, name) for name in ("before", "broken", "after")] == [
        "1",
        None,
        "1",
    ]


async def test_a_work_aside_that_waits_is_a_mistake_and_leaves_nothing(file):
    async def waits(tx):
        await _put(tx, "half", "1")
        await asyncio.sleep(0)

    with pytest.raises(RuntimeError, match="waits for nothing but its Tx"):
        await file.write(Aside(waits))

    await file.write(put("next"))
    assert [await _get(file, name) for name in ("half", "next")] == [None, "1"]


async def test_a_refusal_is_told_to_works_aside_and_insertions_too(file):
    await file._writer.execute("PRAGMA query_only = ON")
    for work in (put("a"), inserts(draft("a"))):
        with pytest.raises(StoreRefused):
            await file.write(work)

    await file._writer.execute("PRAGMA query_only = OFF")
    await file.write(put("a"))
    assert list(await file.write(inserts(draft("a")))) == [1]


async def test_an_insertion_answers_the_numbers_of_its_rows(db):
    assert list(await db.write(inserts(draft("a"), draft("b", key="k")))) == [1, 2]
    assert await accept(db, draft("c")) == [Accepted(3)]
    assert list(await db.write(inserts(draft("d")))) == [4]
    assert await _titles(db) == ["a", "b", "c", "d"]


async def test_insertions_beside_other_works_are_committed_too(db):
    async def beside(tx):
        await _put(tx, "beside", "1")

    first, _, second, _ = await asyncio.gather(
        db.write(inserts(draft("a"), draft("b"))),
        db.write(put("aside")),
        db.write(inserts(draft("c"))),
        db.write(beside),
    )

    assert [list(first), list(second)] == [[1, 2], [3]]
    assert await _titles(db) == ["a", "b", "c"]
    assert [await _get(db, name) for name in ("aside", "beside")] == ["1", "1"]


async def test_an_insertion_writes_nothing_when_one_was_there(db):
    await accept(db, draft("first", key="k"))

    with pytest.raises(Taken):
        await db.write(inserts(draft("a"), draft("second", key="k")))
    with pytest.raises(Taken):
        await db.write(inserts(draft("b", key="l"), draft("c", key="l")))

    assert await _titles(db) == ["first"]


async def test_an_insertion_that_is_taken_takes_nobody_with_it(db):
    await accept(db, draft("first", key="k"))

    before, taken, after = await asyncio.gather(
        db.write(put("before")),
        db.write(inserts(draft("again", key="k"))),
        db.write(put("after")),
        return_exceptions=True,
    )

    assert (before, type(taken), after) == (None, Taken, None)
    assert [await _get(db, name) for name in ("before", "after")] == ["1", "1"]


async def test_nul_characters_are_left_out_of_insertions_too(db):
    await db.write(inserts(draft("a\x00\\u0000", key="k\x00")))

    assert await _titles(db) == ["a\\u0000"]
    with pytest.raises(Taken):
        await db.write(inserts(draft(key="k")))


async def test_a_key_that_has_run_out_is_still_taken_until_a_closer_look(db):
    await accept(db, draft("old", key="k", lasts=timedelta(minutes=10)))
    later = MONDAY + timedelta(hours=1)

    with pytest.raises(Taken):
        await db.write(notifications.insertion([draft("new", key="k")], now=later))
    [accepted] = await accept(db, draft("new", key="k"), now=later)
    assert not accepted.duplicate
