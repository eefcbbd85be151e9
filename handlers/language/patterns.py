"""Message types as people name them: ``finance.*``, ``balance warning``, ``告警``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache

from handlers.errors import Misunderstood
from handlers.language.cursor import Cursor
from handlers.language.lexicon import AND, EVERYTHING, SEVERITIES
from handlers.language.slots import unknown
from handlers.language.suggestions import nearest
from handlers.rules.patterns import valid_pattern
from handlers.rules.types import CATEGORIES, Types
from store.wording import _

_FOR = frozenset({"for", "对", "关于"})
#: What may follow the name of a type, and adds nothing to it.
_AFTER = frozenset({"stuff", "things", "messages", "notifications", "only", "alone"})
_AFTER |= {"消息", "的消息", "类消息", "通知"}
#: Words for a type that are as often meant for all of its category.
_VAGUE: Mapping[str, tuple[str, str]] = dict.fromkeys(
    ("账单", "bill", "bills", "billing"), ("finance.billing-notice", "finance.*")
)
#: No title of a type has more words.
_WORDS = 6


def types_reader(
    types: Types, *, quotes: bool
) -> Callable[[Cursor], tuple[str, ...] | None]:
    """Return a reader of a list of types, as patterns.

    *quotes* says that a title may stand in quotes as the first of the list; after it,
    quotes are free text unless a comma joins them to the list.
    """
    begun = in_quotes = False

    def read(cursor: Cursor) -> tuple[str, ...] | None:
        nonlocal begun, in_quotes
        _lead(cursor, types)
        found: list[str] = []
        every = False
        while True:
            mark = cursor.mark()
            joined = not cursor.done and cursor.here.comma
            joined = (bool(found) and cursor.one_of(AND)) or joined
            titles = not cursor.done and (cursor.here.comma or not begun)
            was_quoted = not cursor.done and cursor.here.quoted
            word = "" if cursor.done else cursor.here.word
            pattern = _one(cursor, types, titles=quotes and titles)
            if pattern is None:
                if was_quoted and in_quotes:
                    _ask_title(cursor, types)
                cursor.back(mark)
                return tuple(found) or None
            begun, in_quotes = True, was_quoted
            if found and every and not joined:
                # "all finance messages" is finance alone.
                found.remove("*")
            every = pattern == "*" and word != "*"
            if not (every and found and not joined):
                found.append(pattern)
            _take_after(cursor)

    return read


def _lead(cursor: Cursor, types: Types) -> None:
    """Take what leads types in: ``about finance``, ``for finance``."""
    mark = cursor.mark()
    if cursor.option("types") or not cursor.one_of(_FOR):
        return
    if _one(cursor, types, titles=True) is None:
        cursor.back(mark)
    else:
        cursor.back(mark)
        cursor.one_of(_FOR)


def _take_after(cursor: Cursor) -> None:
    """Take what may follow a type and means nothing more: ``finance messages only``."""
    while not cursor.done and not cursor.here.comma:
        mark = cursor.mark()
        # "only critical" is about what follows.
        if not cursor.one_of(_AFTER) or (
            not cursor.done and cursor.here.word in SEVERITIES
        ):
            cursor.back(mark)
            return


def find_pattern(text: str, types: Types) -> str | None:
    """Return the pattern that *text* names: a slug, ``finance.*``, a title, or ``*``.

    ``None`` for a type or category that nobody has heard of.
    """
    said = text.strip().casefold()
    if said in EVERYTHING:
        return "*"
    if said.endswith(".*"):
        return _branch(said, types)
    if (found := types.find(said)) is not None:
        return found.id
    category = types.find_category(said)
    return None if category is None else f"{category}.*"


@lru_cache(maxsize=8)
def type_words(types: Types) -> Mapping[str, str]:
    """Return what can be typed for a type → its slug or pattern, for suggestions."""
    words: dict[str, str] = {}
    for each in types:
        for title in (each.id, *each.titles, each.id.partition(".")[2]):
            words.setdefault(title.casefold(), each.id)
    for category in types.by_category():
        known = CATEGORIES.get(category)
        titles = known.titles if known else ()
        for word in (f"{category}.*", category, *titles):
            words[word.casefold()] = f"{category}.*"
    return words


def _branch(pattern: str, types: Types) -> str | None:
    """Return ``prefix.*`` when something can be below it."""
    prefix = pattern[:-2]
    if (category := types.find_category(prefix)) is not None:
        return f"{category}.*"
    known = prefix.startswith("custom.") or any(
        each.id == prefix or each.id.startswith(f"{prefix}.") for each in types
    )
    return pattern if known and valid_pattern(pattern) else None


def _one(cursor: Cursor, types: Types, *, titles: bool) -> str | None:
    """Take the longest name of a type that stands here."""
    if cursor.done:
        return None
    if cursor.here.quoted:
        return _in_quotes(cursor, types, titles=titles)
    for count in range(len(cursor.ahead(_WORDS)), 0, -1):
        tokens = cursor.ahead(count)
        if not all(_nameable(each.word, alone=count == 1) for each in tokens):
            continue
        if any(each.comma for each in tokens[1:]):
            continue
        said = cursor.line.text[tokens[0].start : tokens[-1].end]
        if said.casefold() in _VAGUE:
            _ask_which(cursor, said, count)
        if (pattern := find_pattern(said, types)) is not None:
            cursor.take(count)
            return pattern
    return None


def _ask_which(cursor: Cursor, said: str, count: int) -> None:
    meant = _VAGUE[said.casefold()]
    raise Misunderstood(
        _("Does “{word}” mean one type, or the whole category?", word=said),
        choices=tuple(cursor.line_with(each, count) for each in meant),
        count=count,
    )


def _nameable(word: str, *, alone: bool) -> bool:
    """Whether a title may have such a word: nothing that compares, or leads in.

    *alone* it may also be a pattern.
    """
    if not word or word[0] == "-" or set(word) & set("=<>:()@#"):
        return False
    return alone or word in ("&", "/") or ("*" not in word and word[0].isalnum())


def _in_quotes(cursor: Cursor, types: Types, *, titles: bool) -> str | None:
    """Take a type in quotes: a slug anywhere, a title where *titles* may stand."""
    text = cursor.here.text.strip().casefold()
    slug = valid_pattern(text) and text != "*"
    if not (titles or slug):
        return None
    pattern = find_pattern(text, types)
    if pattern is not None:
        cursor.take()
    elif nearest(text, type_words(types)):
        # Taken for text to look for, a slip would make a rule that never matches.
        raise unknown(cursor, type_words(types))
    return pattern


def _ask_title(cursor: Cursor, types: Types) -> None:
    """``"refund" "voucher"``: ask whether the second is a type as the first is."""
    pattern = find_pattern(cursor.here.text, types)
    if pattern is not None:
        raise Misunderstood(
            _(
                "Is “{word}” a type too, or text to look for?",
                word=cursor.here.text,
            ),
            choices=(
                cursor.line_with(pattern),
                cursor.line_with(f"where {cursor.here.raw}"),
            ),
        )
