"""Both engines: what is written is kept, together or not at all."""

from __future__ import annotations

import asyncio

import pytest

from store.database import Database, Tx
from store.errors import NewerSchema
from store.migrations import scripts
from store.opening import open_database
from tests.conftest import KEYRING


async def _put(tx: Tx, name: str, value: str) -> None:
    await tx.run("meta_put", name=name, value=value)


async def _get(db: Database, name: str) -> str | None:
    async with db.reading() as tx:
        value: str | None = await tx.value("meta_get", name=name)
        return value


async def test_what_was_written_is_read_after_the_commit(db):
    await db.write(lambda tx: _put(tx, "a", "1"))

    assert await _get(db, "a") == "1"


async def test_works_that_wait_together_are_all_committed(db):
    await asyncio.gather(
        *(db.write(lambda tx, n=n: _put(tx, f"k{n}", str(n))) for n in range(200))
    )

    assert [await _get(db, f"k{n}") for n in (0, 63, 64, 199)] == [
        "0",
        "63",
        "64",
        "199",
    ]


async def test_a_failing_work_takes_nobody_with_it_and_leaves_nothing_behind(db):
    async def broken(tx: Tx) -> None:
        await _put(tx, "broken", "half")
        raise LookupError("no")

    answers = await asyncio.gather(
        db.write(lambda tx: _put(tx, "before", "1")),
        db.write(broken),
        db.write(lambda tx: _put(tx, "after", "1")),
        return_exceptions=True,
    )

    assert [type(answer) for answer in answers] == [type(None), LookupError, type(None)]
    assert [await _get(db, name) for name in ("before", "broken", "after")] == [
        "1",
        None,
        "1",
    ]


async def test_a_cancelled_transaction_is_rolled_back(db):
    started = asyncio.Event()

    async def never_ends() -> None:
        async with db.transaction() as tx:
            await _put(tx, "half", "1")
            started.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(never_ends())
    await started.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    await db.write(lambda tx: _put(tx, "next", "1"))
    assert [await _get(db, "half"), await _get(db, "next")] == [None, "1"]


async def test_opening_again_finds_what_was_there(db_url):
    first = await open_database(db_url, keyring=KEYRING)
    await first.write(lambda tx: _put(tx, "kept", "yes"))
    await first.close()

    second = await open_database(db_url, keyring=KEYRING)
    assert await _get(second, "kept") == "yes"
    await second.close()


async def test_two_processes_that_start_at_once_migrate_once(db_url):
    both = await asyncio.gather(
        open_database(db_url, keyring=KEYRING), open_database(db_url, keyring=KEYRING)
    )

    await both[0].write(lambda tx: _put(tx, "a", "1"))
    assert await _get(both[1], "a") == "1"
    for database in both:
        await database.close()


async def test_a_newer_schema_is_refused_with_what_to_do(db_url):
    database = await open_database(db_url, keyring=KEYRING)
    await _pretend_newer(db_url)
    await database.close()

    with pytest.raises(NewerSchema) as refused:
        await open_database(db_url, keyring=KEYRING)

    known, _ = scripts(database.engine)[-1]
    assert str(refused.value) == (
        f"the database has schema 999, and this Larkbell knows up to {known}: "
        "start the newer Larkbell that made it, or restore a backup"
    )


async def _pretend_newer(db_url: str) -> None:
    statement = "INSERT INTO schema_version VALUES (999)"
    if db_url.startswith("sqlite:"):
        import aiosqlite

        async with aiosqlite.connect(db_url.removeprefix("sqlite:")) as connection:
            await connection.execute(statement)
            await connection.commit()
        return
    import asyncpg

    connection = await asyncpg.connect(db_url)
    await connection.execute(statement)
    await connection.close()
