"""A reader of cards that shares nothing with their writer: what would Lark see?"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterator
from typing import Any

import orjson
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from sandbox.cards import check
from sandbox.mentions import Surroundings

#: Everything on: what this parser does not see in a text, Lark hardly will.
_READER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
_HARMLESS = {
    "paragraph_open", "paragraph_close", "inline", "text", "strong_open",
    "strong_close", "em_open", "em_close", "code_inline", "fence", "softbreak",
    "bullet_list_open", "bullet_list_close", "ordered_list_open",
    "ordered_list_close", "list_item_open", "list_item_close", "link_open",
    "link_close",
}  # fmt: skip
_TAG = re.compile(r"<[/!?]?[a-z]", re.IGNORECASE)
_NOBODY = Surroundings(
    find=lambda _: None, find_email=lambda _: None, images=frozenset()
)

#: Text that was written to do something, in any order, among ordinary words.
NASTY = st.lists(
    st.sampled_from(
        [
            "<at id=all></at>", '<at user_id="all">all</at>', "<at", " id=all>",
            "</at>", "&lt;at id=all&gt;", "&#60;at id=all>", "&amp;lt;at id=all>",
            "＜at id=all＞", "<\u200bat id=all>", "<\u200dat id=all>", "<a`b`t id=all>",
            "<&#8203;at id=all>", "<person id='ou_x'></person>", "<font color='red'>",
            "<br>", "<!--", "-->", "**", "*", "__", "_", "~~", "`", "```", "```\n",
            "[", "](", ")", "![", "!", "[x](javascript:alert(1))", "tel://1",
            "[x](https://evil.example)", "https://a.example/b_c",
            "![i](https://a.example/i.png)", "# ", "> ", "- ", "1. ", "| a | b |",
            "|---|---|", "\n", "\n\n", "    ", "\t", "---", "===", "\\", "&", ":DONE:",
            "\u202e", "\u2066", "\x00", "\x1b[31m", "\r", "\ud800", "\u2028", "word",
            "告警", '"',
        ]
    )
    | st.text(max_size=8),
    max_size=30,
).map("".join)  # fmt: skip
#: The same, or ordinary text, at lengths that no card has room for.
LONG = st.builds(
    lambda piece, times: (piece * times)[:40_000],
    NASTY.filter(bool) | st.text(min_size=1, max_size=40),
    st.sampled_from([50, 1_000, 40_000]),
)


def strings(value: Any, key: str = "") -> Iterator[tuple[str, str]]:
    """Return every string of a card, with the key it stands under."""
    match value:
        case str():
            yield key, value
        case dict():
            for name, inner in value.items():
                yield from strings(inner, name)
        case list():
            for inner in value:
                yield from strings(inner, key)


def elements(value: Any, tag: str) -> Iterator[dict[str, Any]]:
    """Return the elements of a card that have *tag*, in order."""
    if isinstance(value, dict):
        if value.get("tag") == tag:
            yield value
        for inner in value.values():
            yield from elements(inner, tag)
    elif isinstance(value, list):
        for inner in value:
            yield from elements(inner, tag)


def contents(card: Any) -> list[str]:
    """Return what a reader of a card sees, from the title down, buttons included."""
    body = card.get("card", card)
    header = [body["header"]] if "header" in body else []
    return [text for key, text in strings([*header, body["body"]]) if key == "content"]


#: The tags that we write ourselves: the reader's own clock, in grey.
_OURS = re.compile(
    r"</?font(?: color='grey')?>|</local_datetime>"
    r"|<local_datetime millisecond='[0-9]+' format_type='(?:date_num|time)'>"
)


def assert_sound(card: Any) -> None:
    """Fail unless Lark would take *card* and nothing foreign in it can act."""
    body = card.get("card", card)
    assert check(body, _NOBODY).mentions == ()
    orjson.dumps(card)
    for element in elements(body, "markdown"):
        assert_harmless(element["content"])
    for key, text in strings(body):
        if key == "content":
            read = _OURS.sub("", _as_a_platform_may_read(text))
            assert not _TAG.search(read), text
            assert not [sign for sign in text if _acts_unseen(sign)], text
    for element in elements(body, "button"):
        for behaviour in element.get("behaviors", ()):
            if behaviour["type"] == "open_url":
                assert re.match(r"https?://[^\s<>\"\\]+$", behaviour["default_url"])


def assert_harmless(markdown: str) -> None:
    """Fail if *markdown* holds more than emphasis, code, lists and web links."""
    for token in _READER.parse(markdown):
        for part in (token, *(token.children or ())):
            if part.type == "html_inline":
                assert part.content == "<br>" or _OURS.fullmatch(part.content), markdown
                continue
            assert part.type in _HARMLESS, (part.type, markdown)
            if part.type == "link_open":
                target = str(part.attrGet("href"))
                assert target.startswith(("http://", "https://")), markdown


def _as_a_platform_may_read(text: str) -> str:
    """Return *text* without our line breaks, with everything decoded that may be."""
    text = text.replace("<br>", "\n")
    for _ in range(4):
        text = html.unescape(text)
    text = "".join(
        sign
        for sign in text
        if sign == "\n" or unicodedata.category(sign) not in ("Cf", "Cc", "Cs")
    )
    return unicodedata.normalize("NFKC", text)


def _acts_unseen(sign: str) -> bool:
    if sign in "\n\u200d\u200c":
        return False
    return unicodedata.category(sign) in ("Cc", "Cs") or sign in (
        "\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"
    )
