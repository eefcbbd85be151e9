"""What people are called on our cards: ``@ou_7d8a`` → ``@Wei``, where Lark told us.

Lark sends ids with what people type and tap, and names only with mentions. Whom we know
by an id alone is noted in the same transaction; ``bot.acquaintance`` then asks Lark, so
that the next card can say who it is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import orjson

from bot.cards import defuse
from store import people
from store.database import Tx

_ID = re.compile(r"@(ou_\w+)")
_LONGEST = 40
#: Texts that Lark interprets: a name would have to be escaped there.
_INTERPRETED = frozenset({"markdown", "lark_md"})


async def named(tx: Tx, card: str, *, asker: str = "") -> str:
    """Return *card* with people called by name. Commands behind buttons stay.

    *asker* will be spoken of one day, so she is asked for too.
    """
    ids = set(_ID.findall(card))
    wanted = ids | {asker} if asker.startswith("ou_") else ids
    if not wanted:
        return card
    called = await people.called_among(tx, wanted)
    for stranger in sorted(wanted - called.keys()):
        await people.wonder(tx, stranger)
    names = {open_id: name for open_id, name in called.items() if name}
    if not ids & names.keys():
        return card
    return orjson.dumps(_renamed(orjson.loads(card), names)).decode()


def _renamed(part: Any, names: Mapping[str, str]) -> Any:
    if isinstance(part, list):
        return [_renamed(each, names) for each in part]
    if not isinstance(part, dict):
        return part
    if part.get("tag") == "table":
        rows = [_row(row, names) for row in part["rows"]]
        return {**part, "rows": rows}
    shown = part.get("tag") not in _INTERPRETED
    return {
        key: _said(value, names)
        if key == "content" and shown and isinstance(value, str)
        else _renamed(value, names)
        for key, value in part.items()
    }


def _row(row: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    return {
        key: _said(value, names) if isinstance(value, str) else value
        for key, value in row.items()
    }


def _said(text: str, names: Mapping[str, str]) -> str:
    def name(match: re.Match[str]) -> str:
        found = names.get(match[1])
        return match[0] if found is None else f"@{defuse.line(found, most=_LONGEST)}"

    return _ID.sub(name, text)
