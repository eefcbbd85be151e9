"""Messages as people read them: for transcripts, keywords, and the API's own echo."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sandbox.loose import a_list, an_object
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
    header = an_object(card.get("header"))
    subtitle = text(header.get("subtitle"))
    inside = _lines(elements_of(card))
    return [line for line in (title(card), subtitle, *inside) if line]


def title(card: Json) -> str:
    """Return the title of a card, or nothing."""
    return text(an_object(card.get("header")).get("title"))


def words(element: Any) -> str:
    """Return the texts of one element and of what is in it."""
    return "\n".join(line for line in _lines(element) if line)


def elements_of(card: Json) -> list[Any]:
    """Return what stands at the root of a card of either schema."""
    body = an_object(card.get("body"))
    return [*a_list(body.get("elements")), *a_list(card.get("elements"))]


def _lines(value: Any) -> Iterator[str]:
    for item in a_list(value):
        yield from _lines(item)
    element = an_object(value)
    if element.get("tag") == "button":
        yield f"[{text(element.get('text'))}]"
        return
    if "content" in element:
        yield str(element["content"])
    for name in ("title", "text"):
        yield text(element.get(name))
    if element.get("tag") == "table":
        yield from _table(element)
        return
    yield text(an_object(element.get("header")).get("title"))
    for name in _INSIDE:
        if name in element:
            yield from _lines(element[name])


def _table(table: Json) -> Iterator[str]:
    columns = [an_object(column) for column in a_list(table.get("columns"))]
    yield " | ".join(str(column.get("display_name", "")) for column in columns)
    for row in a_list(table.get("rows")):
        cells = [an_object(row).get(str(column.get("name")), "") for column in columns]
        yield " | ".join(str(cell) for cell in cells)


def text(value: Any) -> str:
    """Return what a text of a card says; nothing when it is none."""
    return str(an_object(value).get("content", ""))


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
