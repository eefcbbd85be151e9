"""What has been met while walking a card, and the limits on it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from sandbox.cards.error import (
    BAD_ELEMENT_ID,
    BAD_IMAGE,
    BAD_PERSON,
    NAME_IN_FORM,
    OVER_LIMIT,
    CardError,
    Path,
    not_a_card,
)
from sandbox.mentions import CODE, Surroundings, Unknown, in_card
from sandbox.state import Mention

MOST_ELEMENTS = 200
MOST_TABLES = 5
MOST_TABLES_IN_MARKDOWN = 4

ELEMENT_ID = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,19}")
IMAGE = re.compile(r"!\[[^\]]*\]\(\s*([^)\s]+)[^)]*\)")
TABLE_RULE = re.compile(
    r"^[^\n]*\|[^\n]*\n[ \t]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$",
    re.MULTILINE,
)


@dataclass(slots=True)
class Seen:
    """Running totals of one card, and what its texts refer to."""

    around: Surroundings
    tags: int = 0
    tables: int = 0
    ids: set[str] = field(default_factory=set)
    names: set[str] = field(default_factory=set)
    mentions: list[Mention] = field(default_factory=list)

    def tag(self) -> None:
        """Count one element or text: whatever has a ``tag`` is one."""
        self.tags += 1
        if self.tags > MOST_ELEMENTS:
            raise CardError(OVER_LIMIT, meaning="element exceeds the limit")

    def table(self, count: int = 1) -> None:
        """Count tables. Those in markdown are rendered as tables, and count too."""
        self.tables += count
        if self.tables > MOST_TABLES:
            raise CardError(OVER_LIMIT, "table", meaning="card table number over limit")

    def element_id(self, value: str, path: Path) -> None:
        """Take an element_id: well-formed, and the only one of its kind."""
        if not ELEMENT_ID.fullmatch(value) or value in self.ids:
            raise CardError(BAD_ELEMENT_ID, value, path=path)
        self.ids.add(value)

    def name(self, value: object, path: Path) -> None:
        """Take the name of a form or of an interactive element in one."""
        if not isinstance(value, str) or not value or value in self.names:
            raise CardError(NAME_IN_FORM, str(value or ""), path=path)
        self.names.add(value)

    def lark_md(self, text: str, path: Path) -> None:
        """Take the text of a lark_md: its mentions must exist."""
        try:
            self.mentions += in_card(text, self.around)
        except Unknown as unknown:
            raise CardError(BAD_PERSON, str(unknown), path=path) from None

    def markdown(self, text: str, path: Path) -> None:
        """Take the text of a markdown element: mentions, images, tables."""
        self.lark_md(text, path)
        shown = CODE.sub("", text)
        for key in IMAGE.findall(shown):
            self.image(key, path)
        tables = len(TABLE_RULE.findall(shown))
        if tables > MOST_TABLES_IN_MARKDOWN:
            raise CardError(
                OVER_LIMIT, "markdown", path=path, meaning="table number over limit"
            )
        self.table(tables)

    def image(self, key: object, path: Path) -> None:
        """Take an image key: the same app must have uploaded it."""
        if key not in self.around.images:
            raise CardError(BAD_IMAGE, f"image key {key}", path=path)

    def person(self, user_id: object, path: Path) -> None:
        """Take the id of somebody who is shown."""
        if not isinstance(user_id, str) or self.around.find(user_id) is None:
            raise CardError(BAD_PERSON, str(user_id), path=path)

    def link(self, url: object, path: Path) -> None:
        """Take a link: http or https, or Lark's own ``lark://``."""
        if not isinstance(url, str) or url == "":
            return
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https", "lark"):
            raise not_a_card(f"invalid url, url: {url}", path)
