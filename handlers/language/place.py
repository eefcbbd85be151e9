"""Where in a line reading stopped: the line as it was typed, with that word marked.

The marks are arrows and not a line below: letters that combine fall beside Chinese ones
on phones. Reading passes over them, so that a copied line is the line that was typed.
"""

from __future__ import annotations

import re
from bisect import bisect_right

from handlers.language.cursor import Cursor
from handlers.language.text import MARKS, Written

#: How much is shown beside the word, and of the word itself, in characters.
_AROUND, _WORD = 28, 40

# E-mail addresses and phone numbers are shown to nobody.
_PERSONAL = re.compile(r"[^\s@]@[^\s@]+\.[^\s@]|\+\d")


def marked(cursor: Cursor, count: int = 1) -> str:
    """Return the line with *count* words at *cursor* between arrows.

    With none, it is the gap at the end of the line. Nothing where that says no more
    than the word itself, or would show an address.
    """
    source = cursor.line.written.source
    if _PERSONAL.search(source):
        return ""
    if cursor.done:
        return "" if count else f"{_last(_flat(source).strip())} {MARKS[0]}…{MARKS[1]}"
    words = cursor.ahead(max(count, 1))
    start, end = _typed(cursor.line.written, words[0].start, words[-1].end)
    before, word, behind = source[:start], source[start:end], source[end:]
    if not (before.strip(" /") or behind.strip(" .,!?")):
        return ""
    opens, closes = MARKS[0], MARKS[1]
    return (
        f"{_last(_flat(before))}{opens}{_first(_flat(word).strip(), _WORD)}{closes}"
        f"{_first(_flat(behind), _AROUND)}"
    ).strip()


def _typed(written: Written, start: int, end: int) -> tuple[int, int]:
    """Return where in what was typed the text has ``[start:end]``."""
    origins = sorted({*written.origins, len(written.source)})
    first, last = written.origins[start], written.origins[end - 1]
    following = bisect_right(origins, last)
    return first, origins[following] if following < len(origins) else last + 1


def _flat(text: str) -> str:
    return re.sub(r"\s+", " ", text)


def _first(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def _last(text: str) -> str:
    return text if len(text) <= _AROUND else f"…{text[1 - _AROUND :].lstrip()}"
