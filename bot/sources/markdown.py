"""Lark's markdown as plain text: what it says, without how it looks.

Each pattern stops at the character it starts with, so none goes back and forth over a
long text.
"""

from __future__ import annotations

import html
import re

_AT = re.compile(r"<at\b([^<>]*)>([^<]*)</at>", re.IGNORECASE)
_AT_LEFT = re.compile(r"</?at\b[^<>]*>", re.IGNORECASE)
_EVERYBODY = re.compile(r"""=\s*["']?all\b""", re.IGNORECASE)
_ANCHOR = re.compile(
    r"""<(?:a|link)\b[^<>]*?\b(?:href|url)\s*=\s*["']?([^"'<>\s]+)[^<>]*>([^<]*)"""
    "</(?:a|link)>",
    re.IGNORECASE,
)
_BREAK = re.compile(r"<(?:br|hr)\s*/?>", re.IGNORECASE)
_TAG = re.compile(
    r"</?(?:a|link|font|text_tag|number_tag|person|local_datetime|raw|b|i|u|s|strong|em)"
    r"(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
_PICTURE = re.compile(r"!\[([^\[\]]*)\]\([^()\s]*\)")
_LINK = re.compile(r"\[([^\[\]]*)\]\(([^()\s]*)\)")
_FENCE = re.compile(r"^[ \t]*(?:```|~~~)[^\n`]*\n?", re.MULTILINE)
_RULE = re.compile(r"^[ \t]*(?:---|\*\*\*|___)[ \t]*$\n?", re.MULTILINE)
_HEADING = re.compile(r"^#{1,6}[ \t]+", re.MULTILINE)
_QUOTE = re.compile(r"^>[ \t]?", re.MULTILINE)
_MARKS = tuple(
    re.compile(pattern)
    for pattern in (
        r"\*\*([^*\n]+)\*\*",
        r"(?<![\w_])__([^_\n]+)__(?![\w_])",
        r"~~([^~\n]+)~~",
        r"(?<![\w*])\*([^*\s][^*\n]*)(?<!\s)\*(?![\w*])",
        r"(?<![\w_])_([^_\s][^_\n]*)(?<!\s)_(?![\w_])",
        r"`([^`\n]+)`",
    )
)


def without_mentions(text: str) -> str:
    """Return *text* without ``<at>`` tags: a person's name stays, everybody goes."""
    if "<" not in text:
        return text
    return _AT_LEFT.sub("", _AT.sub(_name, text))


def _name(tag: re.Match[str]) -> str:
    name = tag[2].strip().removeprefix("@")
    return f"@{name}" if name and not _EVERYBODY.search(tag[1]) else ""


def flat(text: str) -> str:
    """Return what markdown *text* says, line by line, with links written out."""
    if "<" in text:
        text = _BREAK.sub("\n", without_mentions(text))
        text = _ANCHOR.sub(lambda tag: link(tag[2], tag[1]), text)
        text = _TAG.sub("", text)
    text = _FENCE.sub("", text)
    text = _RULE.sub("", text)
    text = _QUOTE.sub("", _HEADING.sub("", text))
    text = _PICTURE.sub(r"\1", text)
    text = _LINK.sub(lambda found: link(found[1], found[2]), text)
    for mark in _MARKS:
        text = mark.sub(r"\1", text)
    return html.unescape(text) if "&" in text else text


def link(label: str, url: str) -> str:
    """Return a link as text: its label, and its address where that says more."""
    label = label.strip()
    if not url or label == url:
        return label
    return f"{label} ({url})" if label else url
