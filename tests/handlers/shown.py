"""What a reader of an answer sees, panels opened."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from handlers.reply import Part, Reply
from handlers.view import Panel, Words


def everything(reply: Reply) -> tuple[str, ...]:
    """Return the lines of *reply*, and the words of what it shows beside them."""
    return (*reply.lines, *_words(reply.view))


def _words(parts: Sequence[Part]) -> Iterator[str]:
    for part in parts:
        match part:
            case Words():
                yield part.text
            case Panel():
                yield from _words(part.parts)
