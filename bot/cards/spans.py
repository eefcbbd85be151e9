"""Inline markdown: what a parser found in a paragraph → the same, safe, for a card.

Emphasis is believed only where a person would mean it: ``__init__.py``, ``*.log`` and
``2*3*4`` keep their signs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from markdown_it.token import Token

from bot.cards import defuse

_ADDRESS = re.compile(r"https?://[^\s<>\"'`|\\^{}‹›，。；、！？（）「」『』【】《》]+")
_HOST = re.compile(r"(?:[\w-]+\.)+[a-z]{2,}", re.IGNORECASE)
_MOST_NAMED = 300
# Lark docs: characters of its markdown are shown when written as numeric entities.
_ACTIVE = {ord(sign): f"&#{ord(sign)};" for sign in "&<>[]*_~`\\$|"}
_EMOJI_KEY = re.compile(r":([A-Za-z](?:[\w+-]|&#95;)*):")
_LINE_START = re.compile(r"^(?:([#+=-])|(\d+)([.)]))")


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of text in one style. ``\\n`` in it is a line break."""

    text: str
    bold: bool = False
    italic: bool = False
    code: bool = False
    href: str | None = None

    @property
    def styled(self) -> bool:
        """Whether plain text would not do."""
        return self.bold or self.italic or self.code or self.href is not None


def read_spans(tokens: Sequence[Token]) -> Iterator[Span]:
    """Return what *tokens* (the children of an inline token) say, in order."""
    ends = _ends(tokens)
    literal: set[int] = set()
    depth = {"strong": 0, "em": 0}
    skip_to = 0
    for position, token in enumerate(tokens):
        if position < skip_to:
            continue
        style = Span("", bold=depth["strong"] > 0, italic=depth["em"] > 0)
        match token.type:
            case "text":
                yield from _with_links(token.content, style)
            case "softbreak" | "hardbreak":
                yield replace(style, text="\n")
            case "code_inline":
                yield Span(token.content, code=True)
            case "strong_open" | "em_open" if not _meant(tokens, position, ends):
                literal.add(ends[position])
                yield replace(style, text=token.markup)
            case "strong_close" | "em_close" if position in literal:
                yield replace(style, text=token.markup)
            case "strong_open" | "em_open" | "strong_close" | "em_close":
                depth[token.type.partition("_")[0]] += token.nesting
            case "link_open":
                skip_to = ends[position] + 1
                target = str(token.attrGet("href") or "")
                yield from _link(tokens[position + 1 : skip_to - 1], target, style)
            case _:
                yield replace(style, text=token.content)


def _ends(tokens: Sequence[Token]) -> dict[int, int]:
    """Return where each token that opens something is closed."""
    ends: dict[int, int] = {}
    opened: list[int] = []
    for position, token in enumerate(tokens):
        if token.nesting > 0:
            opened.append(position)
        elif token.nesting < 0:
            ends[opened.pop()] = position
    return ends


def _meant(tokens: Sequence[Token], start: int, ends: dict[int, int]) -> bool:
    """Whether the signs opened at *start* look like emphasis, not part of names."""
    before = tokens[start - 1].content[-1:] if start else ""
    following = tokens[ends[start] + 1 : ends[start] + 2]
    after = following[0].content[:1] if following else ""
    touching = [side.isascii() and side.isalnum() for side in (before, after) if side]
    match tokens[start].markup:
        case "**":
            return touching != [True, True]
        case "*":
            return not any(touching)
        case "_":
            return before in ("", " ", "(") and after in ("", *" .,;:!?)")
        case _:
            return False


def _with_links(text: str, style: Span) -> Iterator[Span]:
    """Return *text* with the addresses in it as links to themselves."""
    position = 0
    for found in _ADDRESS.finditer(text):
        shown = found.group().rstrip(".,;:!?*_~")
        if shown.endswith(")") and "(" not in shown:
            shown = shown.rstrip(")")
        href = defuse.address(shown)
        if href is None:
            continue
        yield replace(style, text=text[position : found.start()])
        yield Span(shown, href=href)
        position = found.start() + len(shown)
    yield replace(style, text=text[position:])


def _link(inner: Sequence[Token], target: str, style: Span) -> Iterator[Span]:
    """Return a link, beside its text where that names another place."""
    text = "".join(
        " " if token.type.endswith("break") else token.content for token in inner
    ).strip()
    href = defuse.address(target)
    if href is None:
        yield replace(style, text=f"{text} ({target})")
        return
    hosts = {found.lower() for found in _HOST.findall(text[:_MOST_NAMED])}
    if not text or len(text) > _MOST_NAMED or hosts - {urlsplit(href).hostname}:
        yield replace(style, text=f"{text} " if text else "")
        text = href
    yield Span(text, href=href)


def is_formatted(spans: Sequence[Span]) -> bool:
    """Whether there is anything that plain text could not show."""
    return any(span.styled for span in spans)


def write_spans(spans: Sequence[Span]) -> str:
    """Return *spans* as markdown for a card, safe at the start of a line."""
    written: list[str] = []
    before = Span(" ")
    for span in _joined(spans):
        # Lark reads ** and * only where they do not touch a word.
        emphatic = (span.bold or span.italic, before.bold or before.italic)
        if any(emphatic) and _touch(before, span):
            written.append(" ")
        written.append(_write(span))
        before = span
    return _LINE_START.sub(_inert_start, "".join(written).strip())


def _joined(spans: Sequence[Span]) -> Iterator[Span]:
    """Return *spans* with neighbours of one style as one, and no empty ones."""
    waiting: Span | None = None
    for span in spans:
        if not span.text:
            continue
        if waiting and not span.href and replace(waiting, text=span.text) == span:
            waiting = replace(waiting, text=waiting.text + span.text)
            continue
        if waiting:
            yield waiting
        waiting = span
    if waiting:
        yield waiting


def _touch(left: Span, right: Span) -> bool:
    """Whether two neighbours need a space between them."""
    last, first = left.text[-1], right.text[0]
    if left.styled and right.styled:
        return not (last.isspace() or first.isspace())
    return (last if right.styled else first).isalnum()


def _write(span: Span) -> str:
    if span.code and "`" not in span.text and span.text.strip():
        return f"`{span.text}`"
    if span.href is not None:
        return f"[{_inert(span.text)}]({span.href})"
    sign = "**" * span.bold + "*" * span.italic
    return "<br>".join(
        _emphasised(line, sign) for line in re.split(r" *\n *", span.text)
    )


def _emphasised(line: str, sign: str) -> str:
    core = line.strip()
    if not sign or not core:
        return _inert(line)
    start = line.index(core)
    return f"{line[:start]}{sign}{_inert(core)}{sign}{line[start + len(core) :]}"


def _inert(text: str) -> str:
    """Return *text* as it must be written to be seen as it is."""
    shown = _EMOJI_KEY.sub(r"&#58;\1&#58;", defuse.scrub(text).translate(_ACTIVE))
    # Before a link, it would make an image of it.
    return f"{shown[:-1]}&#33;" if shown.endswith("!") else shown


def _inert_start(found: re.Match[str]) -> str:
    sign, number, dot = found.groups()
    return f"&#{ord(sign)};" if sign else f"{number}&#{ord(dot)};"
