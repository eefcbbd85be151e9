"""Messages as people read them: for transcripts, tests, and the demo's pictures."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sandbox.drawing import draw
from sandbox.loose import a_list, an_object
from sandbox.reader import ANYBODY, Reader, text
from sandbox.refusal import Json


def plain(msg_type: str, content: Json, reader: Reader = ANYBODY) -> str:
    """Return the text of a message, a line for every paragraph or element."""
    if msg_type == "text":
        return str(content.get("text", ""))
    if msg_type == "post":
        return "\n".join(_post_lines(content))
    if msg_type == "interactive":
        return "\n".join(card_lines(content, reader))
    return f"[{msg_type}]"


def card_lines(card: Json, reader: Reader = ANYBODY) -> list[str]:
    """Return a card from top to bottom, its title first."""
    header = an_object(card.get("header"))
    tags = [an_object(tag).get("text") for tag in a_list(header.get("text_tag_list"))]
    marks = "".join(f" «{text(tag, reader)}»" for tag in tags)
    subtitle = text(header.get("subtitle"), reader)
    inside = [line for each in elements_of(card) for line in draw(each, reader)]
    lines = (title(card, reader) + marks, subtitle, *inside)
    return [line for line in lines if line]


def title(card: Json, reader: Reader = ANYBODY) -> str:
    """Return the title of a card, or nothing."""
    return text(an_object(card.get("header")).get("title"), reader)


def elements_of(card: Json) -> list[Any]:
    """Return what stands at the root of a card of either schema."""
    body = an_object(card.get("body"))
    return [*a_list(body.get("elements")), *a_list(card.get("elements"))]


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
