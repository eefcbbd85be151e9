"""The markdown of a notification's body → HTML that can only be read.

The same reading as on cards (``bot/cards/markup.py``): bold, italic, code, lists and
links to the web. Whatever else a body holds stays the text it was, line by line.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from markdown_it.token import Token
from markupsafe import Markup

from bot.cards import defuse
from bot.cards.markup import stretches
from bot.cards.spans import Span, is_formatted, read_spans

_PLAIN = Markup('<p style="white-space: pre-wrap">{}</p>')
_CODE = Markup('<pre style="white-space: pre-wrap"><code>{}</code></pre>')
#: What a token begins or ends, where it is shown as something of its own.
_TAGS = {
    "bullet_list_open": "<ul>",
    "bullet_list_close": "</ul>",
    "ordered_list_close": "</ol>",
    "list_item_open": "<li>",
    "list_item_close": "</li>",
    "heading_open": "<p><b>",
    "heading_close": "</b></p>",
}


def html(body: str) -> Markup:
    """Return *body* as HTML, every word of it escaped."""
    return Markup("\n").join(
        _shown(source, tokens) for source, tokens in stretches(body)
    )


def _shown(source: str, tokens: Sequence[Token]) -> Markup:
    """Return one block: as it stands, where there is nothing to format in it."""
    if not tokens or (tokens[0].type == "paragraph_open" and not _formats(tokens)):
        return _PLAIN.format(source)
    return Markup("").join(_written(tokens))


def _formats(tokens: Sequence[Token]) -> bool:
    return any(is_formatted(_spans(each)) for each in tokens if each.type == "inline")


def _written(tokens: Sequence[Token]) -> Iterator[Markup]:
    for token in tokens:
        match token.type:
            case "fence":
                yield _CODE.format(token.content.rstrip("\n"))
            case "inline":
                yield _line(_spans(token))
            case "ordered_list_open":
                yield Markup('<ol start="{}">').format(int(token.attrGet("start") or 1))
            case "paragraph_open" if not token.hidden:
                yield Markup("<p>")
            case "paragraph_close" if not token.hidden:
                yield Markup("</p>")
            case _:
                yield Markup(_TAGS.get(token.type, ""))  # noqa: S704 - our own tags


def _line(spans: Sequence[Span]) -> Markup:
    return Markup("").join(_span(span) for span in spans)


def _span(span: Span) -> Markup:
    # Once more: the parser makes characters of entities.
    text = defuse.scrub(span.text)
    if span.code:
        return Markup("<code>{}</code>").format(text)
    if span.href is not None:
        return Markup('<a href="{}">{}</a>').format(span.href, text)
    shown = Markup("<br>").join(text.split("\n"))
    if span.italic:
        shown = Markup("<i>{}</i>").format(shown)
    return Markup("<b>{}</b>").format(shown) if span.bold else shown


def _spans(token: Token) -> list[Span]:
    return list(read_spans(token.children or ()))
