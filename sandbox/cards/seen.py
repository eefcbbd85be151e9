"""What has been met while walking a card, and the limits on it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from sandbox.cards import markup
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
from sandbox.cards.permitted import SIZES
from sandbox.mentions import Surroundings, Unknown, in_card
from sandbox.state import Mention

MOST_ELEMENTS = 200
MOST_TABLES = 5
MOST_TABLES_IN_MARKDOWN = 4

ELEMENT_ID = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,19}")
#: Schemes of links: of those in markdown, and of those behind a button.
IN_TEXT = ("http", "https", "tel")
BEHIND = ("http", "https", "lark")


@dataclass(slots=True)
class Seen:
    """Running totals of one card, and what its texts refer to."""

    around: Surroundings
    tags: int = 0
    tables: int = 0
    ids: set[str] = field(default_factory=set)
    names: set[str] = field(default_factory=set)
    #: Sizes of text that the card's ``config.style`` defines.
    sizes: frozenset[str] = frozenset()
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
        """Take the text of a lark_md: mentions, links, and what tags refer to."""
        try:
            self.mentions += in_card(text, self.around)
        except Unknown as unknown:
            raise CardError(BAD_PERSON, str(unknown), path=path) from None
        text = markup.shown(text)
        for url in markup.links(text):
            self.link(url, path, IN_TEXT)
        for name, attributes in markup.tags(text):
            if name == "person":
                self.person(attributes.get("id"), path)
            elif name == "local_datetime" and not markup.is_moment(attributes):
                raise not_a_card("invalid local_datetime", path)

    def markdown(self, text: str, path: Path) -> None:
        """Take the text of a markdown element: images and tables too."""
        self.lark_md(text, path)
        text = markup.shown(text)
        for key in markup.images(text):
            self.image(key, path)
        tables = markup.tables(text)
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

    def link(self, url: object, path: Path, schemes: tuple[str, ...] = BEHIND) -> None:
        """Take a link: http or https, and what else *schemes* has."""
        if not isinstance(url, str) or (url == "" and schemes is BEHIND):
            return
        if urlsplit(url).scheme not in schemes:
            raise not_a_card(f"invalid url, url: {url}", path)

    def text_size(self, size: object, path: Path) -> None:
        """Take the size of a text: one of Lark's, or one that the card defines."""
        if not isinstance(size, str) or size in self.sizes:
            return
        if not SIZES.fullmatch(size):
            raise not_a_card(f"invalid text_size, text_size: {size}", path)
