"""What the database does not take is refused as such, and taken again afterwards."""

from __future__ import annotations

import asyncio
import sqlite3

import asyncpg
import pytest

from store.database import GROUP, Tx
from store.errors import Collided, StoreError, StoreRefused
from store.opening import open_database
from store.secrets import Keyring
from tests.conftest import KEYRING
from tests.store.samples import sqlite_in


async def _put(tx: Tx, name: str, value: str = "1") -> None:
    await tx.run("meta_put", name=name, value=value)


async def _get(db, name):
    async with db.reading() as tx:
        return await tx.value("meta_get", name=name)


@pytest.fixture
async def file(tmp_path):
    """A SQLite database that waits for nobody longer than a moment."""
    async with sqlite_in(tmp_path) as db:
        await db._writer.execute("PRAGMA busy_timeout = 40")
        yield db


@pytest.fixture
def other(tmp_path, file):
    """Another process with the same file open."""
    connection = sqlite3.connect(tmp_path / "larkbell.db", isolation_level=None)
    yield connection
    connection.close()


async def test_a_file_that_another_process_locks_refuses_and_recovers(file, other):
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(StoreRefused) as refused:
        await file.write(lambda tx: _put(tx, "a"))
    assert str(refused.value) == "the database refused: database is locked"
    assert await _get(file, "a") is None

    other.execute("ROLLBACK")
    await file.write(lambda tx: _put(tx, "a"))
    assert await _get(file, "a") == "1"


async def test_works_that_wait_together_are_refused_together(file, other):
    """Each alone would wait for the lock again: the last for minutes."""
    other.execute("BEGIN EXCLUSIVE")
    started = asyncio.get_running_loop().time()

    answers = await asyncio.gather(
        *(file.write(lambda tx: _put(tx, "a")) for _ in range(GROUP)),
        return_exceptions=True,
    )

    assert {type(answer) for answer in answers} == {StoreRefused}
    assert asyncio.get_running_loop().time() - started < 1
    other.execute("ROLLBACK")
    await file.write(lambda tx: _put(tx, "a"))


async def test_a_lock_does_not_keep_anybody_from_reading(file, other):
    await file.write(lambda tx: _put(tx, "a"))
    other.execute("BEGIN EXCLUSIVE")

    assert await _get(file, "a") == "1"


async def test_a_full_disk_refuses_and_recovers(file):
    [(pages,)] = await file._writer.execute_fetchall("PRAGMA page_count")
    await file._writer.execute_fetchall(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(StoreRefused) as refused:
        await file.write(lambda tx: _put(tx, "a", "x" * 100_000))
    assert str(refused.value) == "the database refused: database or disk is full"

    await file._writer.execute_fetchall(f"PRAGMA max_page_count = {pages * 100}")
    await file.write(lambda tx: _put(tx, "a", "x" * 100_000))
    assert len(await _get(file, "a")) == 100_000


async def test_a_file_that_became_read_only_refuses_and_recovers(file):
    await file._writer.execute("PRAGMA query_only = ON")
    with pytest.raises(StoreRefused):
        await file.write(lambda tx: _put(tx, "a"))

    await file._writer.execute("PRAGMA query_only = OFF")
    await file.write(lambda tx: _put(tx, "a"))
    assert await _get(file, "a") == "1"


async def test_a_view_cannot_change_anything_in_sqlite(file):
    with pytest.raises(StoreRefused):
        async with file.reading() as tx:
            await _put(tx, "a")

    assert await _get(file, "a") is None


async def test_a_mistake_of_ours_is_no_refusal_of_the_database(db):
    """A door would answer 503 for it, and be asked again for ever."""

    async def wrong(tx: Tx) -> None:
        await tx.run("insert_notifications", rows="[this is no JSON")

    answers = await asyncio.gather(
        db.write(lambda tx: _put(tx, "before")),
        db.write(wrong),
        db.write(lambda tx: _put(tx, "after")),
        return_exceptions=True,
    )

    assert [isinstance(each, BaseException) for each in answers] == [False, True, False]
    assert not isinstance(answers[1], StoreRefused)
    assert [await _get(db, "before"), await _get(db, "after")] == ["1", "1"]


async def test_what_cannot_be_written_takes_nobody_with_it(db):
    """A lone surrogate is no text for either engine."""
    answers = await asyncio.gather(
        db.write(lambda tx: _put(tx, "before")),
        db.write(lambda tx: _put(tx, "bad", "\ud800")),
        db.write(lambda tx: _put(tx, "after")),
        return_exceptions=True,
    )

    assert [type(each) for each in (answers[0], answers[2])] == [type(None)] * 2
    assert not isinstance(answers[1], StoreRefused)
    assert [await _get(db, name) for name in ("before", "bad", "after")] == [
        "1",
        None,
        "1",
    ]


@pytest.fixture
async def served(postgres_url):
    """A PostgreSQL database, and somebody who may end its connections."""
    db = await open_database(postgres_url, keyring=KEYRING)
    warden = await asyncpg.connect(postgres_url)
    yield db, warden
    await warden.close()
    await db.close()


_END_OTHERS = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
)


async def test_a_connection_that_ends_refuses_what_was_being_written(served):
    db, warden = served

    async def cut_off(tx: Tx) -> None:
        await _put(tx, "a")
        await warden.execute(_END_OTHERS)
        await _put(tx, "b")

    with pytest.raises(StoreRefused):
        await db.write(cut_off)

    await db.write(lambda tx: _put(tx, "c"))
    assert [await _get(db, name) for name in "abc"] == [None, None, "1"]


async def test_connections_that_ended_in_silence_refuse_once_and_are_replaced(served):
    db, warden = served
    await asyncio.gather(*(_get(db, "a") for _ in range(8)))
    await warden.execute(_END_OTHERS)

    outcomes = await _outcomes(db)
    assert outcomes in (["taken"] * 5, ["refused"] + ["taken"] * 4)


async def test_a_server_that_takes_no_changes_refuses_and_recovers(served):
    """After a failover the old primary still answers: new connections find the new."""
    db, warden = served
    await _always(warden, "default_transaction_read_only", "on")
    await warden.execute(_END_OTHERS)
    assert await _outcomes(db) == ["refused"] * 5

    await warden.execute("SET default_transaction_read_only = off")
    await _always(warden, "default_transaction_read_only", "off")
    assert (await _outcomes(db))[1:] == ["taken"] * 4


async def _always(warden, setting, value):
    """Give new connections of this database another setting."""
    [name] = await warden.fetchrow("SELECT current_database()")
    await warden.execute(f"ALTER DATABASE {name} SET {setting} = '{value}'")


async def _outcomes(db):
    """Return what becomes of five writes in turn."""
    found = []
    for _ in range(5):
        try:
            await db.write(lambda tx: _put(tx, "a"))
        except StoreRefused:
            found.append("refused")
        else:
            found.append("taken")
    return found


async def test_two_replicas_that_lock_each_other_out_both_get_through(
    served, postgres_url
):
    await _always(served[1], "deadlock_timeout", "20ms")
    one = await open_database(postgres_url, keyring=KEYRING)
    other = await open_database(postgres_url, keyring=KEYRING)
    for name in "ab":
        await one.write(lambda tx, name=name: _put(tx, name, ""))
    met = asyncio.Barrier(2)
    runs: list[str] = []

    def crossing(who: str, first: str, second: str):
        async def work(tx: Tx) -> None:
            runs.append(who)
            await _put(tx, first, who)
            if runs.count(who) == 1:
                await met.wait()
            await _put(tx, second, who)

        return work

    await asyncio.gather(
        one.write(crossing("one", "a", "b")), other.write(crossing("other", "b", "a"))
    )

    assert sorted(runs) in (["one", "one", "other"], ["one", "other", "other"])
    assert await _get(one, "a") == await _get(one, "b")
    await one.close()
    await other.close()


async def test_who_collides_for_ever_is_refused_in_the_end(db):
    tries = []

    async def collides(tx: Tx) -> None:
        tries.append(1)
        raise Collided("again")

    with pytest.raises(StoreRefused):
        await db.write(collides)
    assert len(tries) == 3


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("mysql://x", "database.url must start with sqlite: or postgresql://"),
        (
            "sqlite:/nowhere/at/all/larkbell.db",
            (
                "cannot open the database /nowhere/at/all/larkbell.db: "
                "unable to open database file"
            ),
        ),
        (
            "postgresql://bell:hunter2@127.0.0.1:1/bell",
            (
                "cannot open the PostgreSQL database: [Errno 111] "
                "Connect call failed ('127.0.0.1', 1)"
            ),
        ),
        (
            "postgresql://bell:hun@ter2:more@127.0.0.1:port/bell",
            (
                "cannot open the PostgreSQL database: its URL cannot be read; write "
                "postgresql://user:password@host/name, and what is special in the "
                "password as %40 and the like"
            ),
        ),
    ],
)
async def test_what_cannot_be_opened_is_told_without_the_password(url, says):
    with pytest.raises(StoreError) as refused:
        await open_database(url, keyring=Keyring())

    assert str(refused.value) == says
    assert refused.value.__cause__ is None


async def test_a_file_that_is_no_database_is_told_at_once(tmp_path):
    path = tmp_path / "notes.txt"
    path.write_text("Buy milk. " * 100)

    with pytest.raises(StoreError) as refused:
        await open_database(f"sqlite:{path}", keyring=Keyring())

    assert str(refused.value) == (
        f"cannot open the database {path}: file is not a database"
    )
    assert path.read_text() == "Buy milk. " * 100


async def test_closing_waits_for_what_was_handed_over(tmp_path):
    async with sqlite_in(tmp_path) as db:
        handed = [
            asyncio.ensure_future(db.write(lambda tx, n=n: _put(tx, str(n))))
            for n in range(100)
        ]
        await asyncio.sleep(0)
    assert [each.done() for each in handed] == [True] * 100

    async with sqlite_in(tmp_path) as db:
        assert [await _get(db, str(n)) for n in (0, 99)] == ["1", "1"]


async def test_who_waits_when_the_loop_ends_is_let_go(tmp_path):
    async with sqlite_in(tmp_path) as db:
        at_work, never = asyncio.Event(), asyncio.Event()

        async def endless(tx: Tx) -> None:
            at_work.set()
            await never.wait()

        first = asyncio.ensure_future(db.write(endless))
        await at_work.wait()
        behind = asyncio.ensure_future(db.write(lambda tx: _put(tx, "a")))
        await asyncio.sleep(0)
        [writer] = [
            task for task in asyncio.all_tasks() if task.get_name() == "group-commit"
        ]
        writer.cancel()

        await asyncio.wait([first, behind])
        assert [first.cancelled(), behind.cancelled()] == [True, True]
        await db.write(lambda tx: _put(tx, "a"))
        assert await _get(db, "a") == "1"
