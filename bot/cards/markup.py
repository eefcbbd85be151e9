"""The markdown of a notification's body → the little of it that cards may show.

A body is read by a real markdown parser and written anew: bold, italic, inline and
fenced code, lists and links to the web. Whatever else it holds, and every stretch
without any of these, stays the text it was.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from markdown_it import MarkdownIt
from markdown_it.token import Token

from bot.cards import defuse
from bot.cards.spans import Span, is_formatted, read_spans, write_spans

# Tables, quotes, images, HTML and the rest are not read, and so remain text.
_RULES = "fence heading list backticks emphasis link escape entity newline"
_PARSER = MarkdownIt("zero").enable(_RULES.split())
_FORMATTED = re.compile(r"[*_`~\[]|https?://|^ *#", re.MULTILINE)
_LANGUAGE = re.compile(r"[\w+#.-]{1,20}", re.ASCII)
#: Bodies are at most 16 KB; anything longer has lost its way and is shown as it is.
_MOST_READ = 20_000
_MOST_BLOCKS = 40
_DEEPEST_LIST = 3


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of a body. ``markdown`` is ``None`` where it is shown as plain text."""

    source: str
    markdown: str | None = None


def blocks(body: str) -> tuple[Block, ...]:
    """Return *body* in order as plain stretches and safe markdown; none if it is empty.

    A body that would make too many elements is returned as one plain block.
    """
    text = _readable(body)
    if not text:
        return ()
    if not _has_signs(text):
        return (Block(text),)
    found = tuple(_merged(text))
    return found if len(found) <= _MOST_BLOCKS else (Block(text),)


def stretches(body: str) -> Iterator[tuple[str, Sequence[Token]]]:
    """Yield the blocks of *body*: what stands there, and what the parser made of it.

    A body without a sign of markdown is one block that nothing was made of.
    """
    text = _readable(body)
    if not text:
        return
    if not _has_signs(text):
        yield text, ()
        return
    lines = text.split("\n")
    for first, last, tokens in _parsed(text):
        yield "\n".join(lines[first:last]).rstrip(), tokens


def _readable(body: str) -> str:
    text = defuse.plain(body).rstrip()
    return text if text.strip() else ""


def _has_signs(text: str) -> bool:
    return len(text) <= _MOST_READ and _FORMATTED.search(text) is not None


def _merged(text: str) -> Iterator[Block]:
    """Return the blocks of *text*, neighbours of one sort as one."""
    lines = text.split("\n")
    for plain, group in groupby(_read(text), key=lambda found: found[2] is None):
        found = tuple(group)
        source = "\n".join(lines[found[0][0] : found[-1][1]]).rstrip()
        yield Block(
            source, None if plain else "\n\n".join(part or "" for *_, part in found)
        )


def _read(text: str) -> Iterator[tuple[int, int, str | None]]:
    """Return the top blocks of *text*: first line, end line, markdown if it has any."""
    for first, last, tokens in _parsed(text):
        yield first, last, _write(tokens)


def _parsed(text: str) -> Iterator[tuple[int, int, Sequence[Token]]]:
    """Return the top blocks of *text*: first line, end line, tokens."""
    tokens = _PARSER.parse(text)
    start = 0
    for end, token in enumerate(tokens):
        if token.level == 0 and token.nesting <= 0:
            first, last = tokens[start].map or (0, 0)
            yield first, last, tokens[start : end + 1]
            start = end + 1


def _write(tokens: Sequence[Token]) -> str | None:
    """Return one block as safe markdown, or ``None`` where plain text says as much."""
    match tokens[0].type:
        case "fence":
            return _write_code(tokens[0])
        case "heading_open":
            spans = _spans(tokens[1])
            bold = [span if span.code else replace(span, bold=True) for span in spans]
            return write_spans(bold) or None
        case "paragraph_open":
            spans = _spans(tokens[1])
            return (write_spans(spans) or None) if is_formatted(spans) else None
        case _:
            return _write_list(tokens)


def _spans(token: Token) -> list[Span]:
    return list(read_spans(token.children or ()))


def _write_code(token: Token) -> str | None:
    content = token.content.rstrip("\n")
    if "```" in content or not content.strip():
        return None
    words = token.info.split()
    named = words[0] if words and _LANGUAGE.fullmatch(words[0]) else ""
    return f"```{named}\n{content}\n```"


def _write_list(tokens: Sequence[Token]) -> str | None:
    """Return a list of formatted paragraphs; ``None`` for any other list."""
    lines: list[str] = []
    counters: list[int | None] = []
    formatted = False
    for token in tokens:
        match token.type:
            case "bullet_list_open":
                counters.append(None)
            case "ordered_list_open":
                counters.append(int(token.attrGet("start") or 1))
            case "bullet_list_close" | "ordered_list_close":
                counters.pop()
            case "list_item_open":
                lines.append("    " * (len(counters) - 1) + _marker(counters))
            case "inline":
                spans = _spans(token)
                formatted = formatted or is_formatted(spans)
                gap = "" if lines[-1].endswith((". ", "- ")) else "<br>"
                lines[-1] += gap + write_spans(spans)
            case "fence" | "heading_open":
                return None
        if len(counters) > _DEEPEST_LIST:
            return None
    return "\n".join(lines) if formatted else None


def _marker(counters: list[int | None]) -> str:
    """Return what the next item of the innermost list begins with, and count it."""
    number = counters[-1]
    if number is None:
        return "- "
    counters[-1] = number + 1
    return f"{number}. "
