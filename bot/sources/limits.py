"""How long things may be, and how what is longer is cut and marked.

A native body is refused instead: its sender is a program, and is told.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from store.values import Field

TITLE = 200
#: In bytes of UTF-8, like Lark's own limits.
BODY = 16 * 1024
LABELS = 64
FIELDS = 64
ID = 200
LINK = 2048

#: Not in the contract for native bodies; what others send is kept readable.
LABEL_VALUE = 1000
FIELD_VALUE = 2000

#: Stands where text was cut.
MARK = "…"


@dataclass(slots=True)
class Scissors:
    """Cuts the text of one message to the limits, and remembers whether it had to."""

    cut: bool = False

    def title(self, text: str) -> str:
        """Return *text* on one line, as long as a title may be."""
        text = text.strip()
        if len(text) > TITLE * 8:
            # The start is enough: nobody's title needs splitting by the megabyte.
            self.cut = True
            text = text[: TITLE * 8] + MARK
        return self._to(TITLE, " ".join(text.split()))

    def body(self, text: str) -> str:
        """Return *text* without blank ends, as long as a body may be."""
        text = text.strip()
        # No character is shorter than a byte, and few texts come near.
        if len(text) * 4 <= BODY or len(raw := text.encode()) <= BODY:
            return text
        self.cut = True
        room = BODY - len(MARK.encode())
        return raw[:room].decode(errors="ignore") + MARK

    def labels(self, given: Mapping[Any, Any]) -> dict[str, str]:
        """Return *given* as labels: named texts, so many and so long as they may be."""
        kept: dict[str, str] = {}
        for name, value in given.items():
            if len(kept) == LABELS:
                self.cut = True
                break
            if value is not None and not isinstance(value, dict | list):
                kept[self._to(ID, str(name))] = self._to(LABEL_VALUE, plain(value))
        return kept

    def fields(self, given: Iterable[tuple[str, str]]) -> tuple[Field, ...]:
        """Return *given* as fields, so many and so long as they may be."""
        kept: list[Field] = []
        for name, value in given:
            if not value:
                continue
            if len(kept) == FIELDS:
                self.cut = True
                break
            kept.append(Field(self._to(ID, name), self._to(FIELD_VALUE, value)))
        return tuple(kept)

    def _to(self, longest: int, text: str) -> str:
        if len(text) <= longest:
            return text
        self.cut = True
        return text[: longest - len(MARK)].rstrip() + MARK


def plain(value: Any) -> str:
    """Return a figure as people write it: ``97`` for 97.0, ``true`` for True."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)


def web_link(*candidates: Any) -> str | None:
    """Return the first of *candidates* that is a link worth showing, or ``None``."""
    for link in candidates:
        if isinstance(link, str) and is_web_link(link.strip()):
            return link.strip()
    return None


def is_web_link(text: str) -> bool:
    """Return whether *text* is an http or https address with a host."""
    scheme, separator, rest = text.partition("://")
    return (
        len(text) <= LINK
        and bool(separator)
        and scheme.lower() in ("http", "https")
        and rest[:1] not in ("", "/", "?", "#", "\\")
        and text.isprintable()
        and " " not in text
    )
