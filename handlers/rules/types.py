"""The catalogue of message types: what is known, and how people name it.

A type is a slug, ``finance.balance-warning``: a category, a dot, a name. Its titles
are known in English and Chinese.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType

from handlers.rules.cells import NOT_CONFIGURED, Cell, Offer
from handlers.rules.patterns import (
    custom_type,
    matches,
    patterns_for,
    valid_id,
    valid_pattern,
)
from handlers.rules.tree import (
    BUILT_IN,
    CATEGORIES,
    Category,
    MessageType,
)
from store.values import Channel, Severity

__all__ = [
    "BUILT_IN",
    "CATEGORIES",
    "Category",
    "Cell",
    "MessageType",
    "Offer",
    "Types",
    "custom_type",
    "define",
    "matches",
    "patterns_for",
    "valid_id",
    "valid_pattern",
]

_BUILT_IN: Mapping[str, MessageType] = MappingProxyType(
    {each.id: each for each in BUILT_IN}
)


def define(
    type_id: str,
    *,
    title_en: str | None = None,
    title_zh: str | None = None,
    severity: Severity | None = None,
    offers: Mapping[Channel, Offer] | None = None,
) -> MessageType:
    """Return a configured type: what is not given is its built-in's or category's.

    Raises ``ValueError`` for an id that is no slug, and for an inbox that is anything
    but required.
    """
    if not valid_id(type_id):
        raise ValueError(
            f"{type_id!r} is not a type: write category.name in a-z, 0-9 and -"
        )
    start = _BUILT_IN.get(type_id) or _derived(type_id, _ancestor(type_id, _BUILT_IN))
    cells = dict(start.cells)
    for channel, offer in (offers or {}).items():
        if channel is Channel.INBOX and offer is not Offer.REQUIRED:
            raise ValueError("inbox is required for every type")
        cells[channel] = _cell(offer)
    return replace(
        start,
        title_en=title_en or start.title_en,
        title_zh=title_zh or title_en or start.title_zh,
        severity=start.severity if severity is None else severity,
        cells=MappingProxyType(cells),
    )


def _cell(offer: Offer) -> Cell:
    if offer is Offer.UNAVAILABLE:
        return NOT_CONFIGURED
    if offer is Offer.REQUIRED:
        return Cell(offer, "an admin requires it", "管理员要求必须开启")
    return Cell(offer)


class Types:
    """The catalogue: the built-in tree and what the YAML adds. Immutable."""

    __slots__ = ("_by_id", "_by_word", "_categories", "_category_by_word")

    def __init__(self, configured: Iterable[MessageType] = ()) -> None:
        by_id = dict(_BUILT_IN)
        by_id.update((each.id, each) for each in configured)
        self._by_id: Mapping[str, MessageType] = MappingProxyType(by_id)
        self._by_word = _index(by_id.values())
        grouped: dict[str, list[MessageType]] = {key: [] for key in CATEGORIES}
        for each in by_id.values():
            grouped.setdefault(each.category, []).append(each)
        self._categories: Mapping[str, tuple[MessageType, ...]] = MappingProxyType(
            {category: tuple(members) for category, members in grouped.items()}
        )
        words = {key: key for key in grouped}
        for category in CATEGORIES.values():
            for title in category.titles:
                words.setdefault(_folded(title), category.id)
        self._category_by_word: Mapping[str, str] = MappingProxyType(words)

    def __iter__(self) -> Iterator[MessageType]:
        return iter(self._by_id.values())

    def __len__(self) -> int:
        return len(self._by_id)

    def get(self, type_id: str) -> MessageType:
        """Return the type called *type_id*.

        One that nobody defined is made up from the nearest type or category above it,
        so that whatever a source sends can be shown. See ``is_known``.
        """
        found = self._by_id.get(type_id)
        return found or _derived(type_id, _ancestor(type_id, self._by_id))

    def is_known(self, type_id: str) -> bool:
        """Return whether it is in the tree. Everything under ``custom`` is."""
        return type_id in self._by_id or type_id.startswith("custom.")

    def default_severity(self, type_id: str) -> Severity:
        """Return how bad *type_id* is when neither body nor map says so."""
        found = self._by_id.get(type_id) or _ancestor(type_id, self._by_id)
        return found.severity if found else Severity.INFO

    def find(self, text: str) -> MessageType | None:
        """Return the type that *text* names, by id or by a title, or ``None``.

        Forgives case, full width, spaces, hyphens, a plural, and a trailing
        "notice" or "通知". A bare name does; what several types share finds none.
        """
        for word in _readings(text):
            if word in self._by_word:
                type_id = self._by_word[word]
                return None if type_id is None else self._by_id[type_id]
        folded = unicodedata.normalize("NFKC", text).strip().lower()
        return self.get(folded) if valid_id(folded) and self.is_known(folded) else None

    def find_category(self, text: str) -> str | None:
        """Return the category that *text* names, by slug or title, or ``None``."""
        for word in _readings(text):
            if word in self._category_by_word:
                return self._category_by_word[word]
        return None

    def by_category(self) -> Mapping[str, tuple[MessageType, ...]]:
        """Return the tree: category slug → its types, in the order of the page."""
        return self._categories


def _index(types: Iterable[MessageType]) -> Mapping[str, str | None]:
    """Return folded word → id, or ``None`` for a word that several types share.

    Ids outrank titles, titles aliases, aliases bare names, and those looser readings.
    """
    known = tuple(types)
    ranks: tuple[list[tuple[str, str]], ...] = (
        [(_folded(each.id), each.id) for each in known],
        [(_folded(t), each.id) for each in known for t in each.titles[:2]],
        [(_folded(t), each.id) for each in known for t in each.aliases],
        [(_folded(each.id.partition(".")[2]), each.id) for each in known],
        [(r, each.id) for each in known for t in each.titles for r in _readings(t)],
    )
    words: dict[str, str | None] = {"": None}
    for rank in ranks:
        owners: dict[str, set[str]] = {}
        for word, type_id in rank:
            owners.setdefault(word, set()).add(type_id)
        for word, claimed in owners.items():
            words.setdefault(word, claimed.pop() if len(claimed) == 1 else None)
    return MappingProxyType(words)


#: Words that the console adds to a title. Longer ones first: one is taken off.
_TRAILING = (
    *("notifications", "notification", "notices", "notice", "reminders", "reminder"),
    *("messages", "message", "类消息", "通知", "提醒", "消息"),
)


def _folded(text: str) -> str:
    """Return *text* as titles are compared: letters and digits alone, in lower case."""
    folded = unicodedata.normalize("NFKC", text).casefold().replace("&", "and")
    return "".join(letter for letter in folded if letter.isalnum())


def _readings(text: str) -> Iterator[str]:
    """Yield the words that *text* may have meant, the most literal first."""
    word = _folded(text)
    yield word
    for ending in _TRAILING:
        if word.endswith(ending) and len(word) > len(ending):
            word = word.removesuffix(ending)
            yield word
            break
    if word.isascii() and word.endswith("s"):
        yield word[:-1]


def _ancestor(type_id: str, types: Mapping[str, MessageType]) -> MessageType | None:
    """Return the nearest type above *type_id*: ``product.alarm`` for its children."""
    while (dot := type_id.rfind(".")) > 0:
        type_id = type_id[:dot]
        if type_id in types:
            return types[type_id]
    return None


def _derived(type_id: str, parent: MessageType | None) -> MessageType:
    title = type_id.partition(".")[2].replace("-", " ").replace(".", " ") or type_id
    category = CATEGORIES.get(type_id.partition(".")[0], CATEGORIES["custom"])
    return MessageType(
        type_id,
        title[:1].upper() + title[1:],
        title[:1].upper() + title[1:],
        parent.severity if parent else Severity.INFO,
        parent.cells if parent else category.cells,
    )
