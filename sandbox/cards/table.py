"""Tables in cards: columns, rows, and whether they fit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox.cards.error import (
    BAD_ROWS,
    ROW_WITHOUT_COLUMN,
    CardError,
    Path,
    not_a_card,
)
from sandbox.cards.seen import Seen

MOST_COLUMNS = 50


def check_table(table: Mapping[str, Any], path: Path, seen: Seen) -> None:
    """Raise unless every row fits the columns."""
    seen.table()
    columns = table["columns"]
    if len(columns) > MOST_COLUMNS:
        raise not_a_card(f"too many columns, columns: {len(columns)}", path)
    page_size = table.get("page_size", 5)
    if not (isinstance(page_size, int) and 1 <= page_size <= 10):
        raise not_a_card(f"invalid page_size, page_size: {page_size}", path)
    types = {column["name"]: column.get("data_type") or "text" for column in columns}
    if len(types) < len(columns):
        raise not_a_card("two columns have the same name", path)
    rows = table["rows"]
    if not isinstance(rows, list):
        raise CardError(BAD_ROWS, "rows", path=path)
    for number, row in enumerate(rows):
        if not isinstance(row, dict):
            raise CardError(BAD_ROWS, f"row {number}", path=path)
        for name, cell in row.items():
            if name not in types:
                raise CardError(ROW_WITHOUT_COLUMN, name, path=path)
            if not _fits(cell, types[name]):
                raise CardError(BAD_ROWS, f"row {number}, name {name}", path=path)
            _refers(cell, types[name], path, seen)


def _refers(cell: object, data_type: str, path: Path, seen: Seen) -> None:
    """Take what a cell refers to: people, links, images."""
    if cell is None:
        return
    if data_type == "lark_md":
        seen.lark_md(str(cell), path)
    elif data_type == "markdown":
        seen.markdown(str(cell), path)
    elif data_type == "persons":
        for person in cell if isinstance(cell, list) else [cell]:
            seen.person(person, path)


def _fits(cell: object, data_type: str) -> bool:
    if cell is None or data_type in ("text", "lark_md", "markdown"):
        return True
    if data_type in ("number", "date"):
        return isinstance(cell, int | float) and not isinstance(cell, bool)
    if isinstance(cell, str):
        return True
    inside: type = str if data_type == "persons" else dict
    return isinstance(cell, list) and all(isinstance(one, inside) for one in cell)
