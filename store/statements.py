"""The named SQL of ``store/sql``: each statement with its reason, loaded once.

Files in ``store/sql/postgres`` hold only the statements that must differ there.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import aiosql

SQL = Path(__file__).parent / "sql"


@cache
def load(adapter: Any, *, engine: str) -> dict[str, Any]:
    """Return the statements of *engine* by name, bound to the driver's *adapter*."""
    statements: dict[str, Any] = {}
    for folder in (SQL, SQL / engine):
        for path in sorted(folder.glob("*.sql")):
            # Not the machine's own encoding: it may know no dashes.
            queries = aiosql.from_path(
                path, adapter, encoding="utf-8", mandatory_parameters=False
            )
            for name in queries.available_queries:
                if not name.endswith("_cursor"):
                    statements[name] = getattr(queries, name)
    return statements
