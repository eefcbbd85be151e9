"""The schema: made once, the same on both engines, whole or not at all."""

from __future__ import annotations

import asyncpg
import pytest

from store import migrations, robots
from store.errors import StoreError
from store.migrations import scripts
from store.opening import open_database
from store.robots import Hook
from tests.conftest import KEYRING


async def _columns(db_url: str) -> dict[str, list[str]]:
    """Return the columns of every table, as the engine lists them."""
    if db_url.startswith("sqlite:"):
        import aiosqlite

        async with aiosqlite.connect(db_url.removeprefix("sqlite:")) as connection:
            found = await connection.execute_fetchall(
                "SELECT m.name, c.name FROM sqlite_master AS m"
                " JOIN pragma_table_info(m.name) AS c"
                " WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%'"
            )
    else:
        connection = await asyncpg.connect(db_url)
        found = await connection.fetch(
            "SELECT table_name, column_name FROM information_schema.columns"
            " WHERE table_schema = 'public' ORDER BY ordinal_position"
        )
        await connection.close()
    tables: dict[str, list[str]] = {}
    for table, column in found:
        tables.setdefault(table, []).append(column)
    return tables


async def _versions(db_url: str) -> list[int]:
    if db_url.startswith("sqlite:"):
        import aiosqlite

        async with aiosqlite.connect(db_url.removeprefix("sqlite:")) as connection:
            found = await connection.execute_fetchall("SELECT * FROM schema_version")
    else:
        connection = await asyncpg.connect(db_url)
        found = await connection.fetch("SELECT * FROM schema_version")
        await connection.close()
    return [row[0] for row in found]


async def _open_and_close(db_url: str) -> None:
    database = await open_database(db_url, keyring=KEYRING)
    await database.close()


async def test_both_engines_get_the_same_tables(tmp_path, postgres_url):
    file = f"sqlite:{tmp_path / 'larkbell.db'}"
    await _open_and_close(file)
    await _open_and_close(postgres_url)

    tables = await _columns(file)
    assert await _columns(postgres_url) == tables
    assert {"notifications", "outbox", "lanes", "holds", "robots"} < tables.keys()


async def test_each_migration_is_applied_once(db_url):
    for _ in range(3):
        await _open_and_close(db_url)

    assert await _versions(db_url) == [number for number, _ in scripts("sqlite")]


async def test_migrations_are_numbered_each_once():
    numbers = [number for number, _ in scripts("postgres")]

    assert numbers == sorted(set(numbers))


@pytest.fixture
def and_then(tmp_path, monkeypatch):
    """Add migrations to those that there are."""
    folder = tmp_path / "migrations"
    folder.mkdir()
    for path in migrations.FOLDER.glob("[0-9]*.sql"):
        (folder / path.name).write_text(path.read_text())
    monkeypatch.setattr(migrations, "FOLDER", folder)

    def add(script: str) -> None:
        number = scripts("sqlite")[-1][0] + 1
        (folder / f"{number:04}_test.sql").write_text(script)

    return add


async def test_only_what_is_missing_is_applied(db_url, and_then):
    await _open_and_close(db_url)
    known = await _versions(db_url)

    and_then("-- Two; more.\nCREATE TABLE extra (a TEXT);\nCREATE TABLE more (b TEXT);")
    await _open_and_close(db_url)

    tables = await _columns(db_url)
    assert (tables["extra"], tables["more"]) == (["a"], ["b"])
    assert await _versions(db_url) == [*known, known[-1] + 1]


async def test_a_migration_that_fails_leaves_nothing_behind(db_url, and_then):
    await _open_and_close(db_url)
    before = await _columns(db_url), await _versions(db_url)

    and_then("CREATE TABLE half (a TEXT);\nCREATE TABLE half (b TEXT);\n")
    with pytest.raises(StoreError, match="half"):
        await open_database(db_url, keyring=KEYRING)

    assert (await _columns(db_url), await _versions(db_url)) == before


async def test_robots_of_an_older_schema_keep_what_they_post_with(
    db_url, tmp_path, monkeypatch
):
    folder = tmp_path / "older"
    folder.mkdir()
    for path in migrations.FOLDER.glob("000[1-4]_*.sql"):
        (folder / path.name).write_text(path.read_text())
    with monkeypatch.context() as older:
        older.setattr(migrations, "FOLDER", folder)
        db = await open_database(db_url, keyring=KEYRING)
        await db.close()
    await _execute(
        db_url,
        "INSERT INTO robots (name, webhook, secret, chat, keyword, changed_at) VALUES"
        f" ('bell', '{KEYRING.seal('https://x/hook')}', '{KEYRING.seal('sesame')}',"
        " 'oc_ops', 'alert', 7)",
    )

    db = await open_database(db_url, keyring=KEYRING)
    async with db.reading() as tx:
        [robot] = await robots.every(tx)
        hook = await robots.hook(tx, robot)
    await db.close()

    assert hook == Hook("https://x/hook", "sesame")
    assert (robot.name, robot.chat, robot.keyword, robot.from_yaml) == (
        "bell",
        "oc_ops",
        "alert",
        True,
    )


async def _execute(db_url: str, statement: str) -> None:
    if db_url.startswith("sqlite:"):
        import aiosqlite

        async with aiosqlite.connect(db_url.removeprefix("sqlite:")) as connection:
            await connection.execute(statement)
            await connection.commit()
    else:
        connection = await asyncpg.connect(db_url)
        await connection.execute(statement)
        await connection.close()
