"""Which engine a database URL means."""

from __future__ import annotations

from store.database import Database
from store.errors import StoreError
from store.secrets import Keyring


async def open_database(url: str, *, keyring: Keyring) -> Database:
    """Open ``sqlite:PATH`` or ``postgresql://…`` and bring its schema up to date.

    Raises ``StoreError`` with what to do when it cannot be opened.
    """
    scheme, _, rest = url.partition(":")
    if scheme == "sqlite":
        from store.sqlite import Sqlite

        return await Sqlite.open(rest, keyring=keyring)
    if scheme in ("postgresql", "postgres"):
        try:
            from store.postgres import Postgres
        except ModuleNotFoundError:
            raise StoreError(
                "PostgreSQL needs its driver: pip install 'larkbell[postgres]'"
            ) from None
        return await Postgres.open(url, keyring=keyring)
    raise StoreError("database.url must start with sqlite: or postgresql://")
