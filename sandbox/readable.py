"""Messages as people read them: for transcripts, keywords, and the API's own echo."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sandbox.refusal import Json

#: Where elements keep what is inside them.
_INSIDE = ("elements", "columns", "actions", "fields", "options", "buttons", "rows")


def plain(msg_type: str, content: Json) -> str:
    """Return the text of a message, a line for every paragraph or element."""
    if msg_type == "text":
        return str(content.get("text", ""))
    if msg_type == "post":
        return "\n".join(_post_lines(content))
    if msg_type == "interactive":
        return "\n".join(card_lines(content))
    return f"[{msg_type}]"


def card_lines(card: Json) -> list[str]:
    """Return the texts of a card from top to bottom, its title first."""
    header = card.get("header") or {}
    title = _text(header.get("title"))
    subtitle = _text(header.get("subtitle"))
    body = (card.get("body") or {}).get("elements", card.get("elements", []))
    return [line for line in (title, subtitle, *_lines(body)) if line]


def title(card: Json) -> str:
    """Return the title of a card, or nothing."""
    return _text((card.get("header") or {}).get("title"))


def _lines(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for item in value:
            yield from _lines(item)
    elif isinstance(value, dict):
        if value.get("tag") == "button":
            yield f"[{_text(value.get('text'))}]"
            return
        if "content" in value:
            yield str(value["content"])
        for name in ("title", "text"):
            yield _text(value.get(name))
        if value.get("tag") == "table":
            yield from _table(value)
            return
        if isinstance(value.get("header"), dict):
            yield _text(value["header"].get("title"))
        for name in _INSIDE:
            yield from _lines(value.get(name))


def _table(table: Json) -> Iterator[str]:
    columns = table.get("columns", [])
    yield " | ".join(str(column.get("display_name", "")) for column in columns)
    for row in table.get("rows", []):
        yield " | ".join(str(row.get(column["name"], "")) for column in columns)


def _text(value: Any) -> str:
    return str(value.get("content", "")) if isinstance(value, dict) else ""


def _post_lines(content: Json) -> Iterator[str]:
    # A received post is bare; a sent one is wrapped in its language.
    body = content if "content" in content else next(iter(content.values()), {})
    if body.get("title"):
        yield str(body["title"])
    for paragraph in body.get("content", []):
        yield "".join(_part(part) for part in paragraph)


def _part(part: Json) -> str:
    if part.get("tag") == "at":
        return f"@{part.get('user_name') or part.get('user_id')}"
    return str(part.get("text", ""))
