"""How a line begins: whom it calls on, a slash, a noun and a verb, in either order."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from handlers.errors import Misunderstood, NoCommand, Unknown, words_of
from handlers.language.cursor import Cursor, Mark
from handlers.language.lexicon import HEADS, VERBS, Head
from handlers.language.sayings import ASIDE, EXCEPT, NEGATIONS, POLITE
from handlers.language.suggestions import nearest
from store.wording import _, commas

T = TypeVar("T")

#: The nouns that are known here, each with its verbs.
Nouns = Mapping[str, frozenset[str]]

# Punctuation that stands for the slash: some keyboards have it there.
_SLASHES = "/\\,!."


def read_head(cursor: Cursor, nouns: Nouns) -> tuple[Head, str]:
    """Take noun and verb; return them, the verb empty where none was typed.

    Raises ``Misunderstood`` for a noun that is not known, or a verb that it has not.
    """
    read_lead(cursor)
    if cursor.done:
        raise Misunderstood(
            _("What can I do? /help shows what I understand."), choices=("/help",)
        )
    head, verb = _noun(cursor, nouns)
    verbs = nouns[head.noun]
    cursor.one_of(ASIDE)
    verb = verb or head.verb or _take(cursor, verbs_of(verbs)) or ""
    if verb and verbs and verb not in verbs:
        raise Misunderstood(
            _(
                "{command} cannot “{verb}”. It knows: {known}.",
                command=f"/{head.noun}",
                verb=verb,
                known=commas(sorted(verbs)),
            )
        )
    return head, verb


def read_lead(cursor: Cursor) -> None:
    """Take what stands before a command: whom it calls on, a slash, and politeness."""
    _drop_address(cursor)
    _drop_slash(cursor)
    while not cursor.done and _take(cursor, POLITE) is not None:
        pass


def or_verb(
    exc: Misunderstood, cursor: Cursor, start: Mark, verbs: frozenset[str]
) -> Misunderstood:
    """Return *exc*, with verbs offered where the word at *start* may be meant for one.

    That is so when nothing behind *start* was understood.
    """
    asked = exc.choices and not isinstance(exc, Unknown)
    asked = asked or cursor.done or cursor.mark() != start
    if asked or cursor.here.word in NEGATIONS | EXCEPT:
        return exc
    near = nearest(cursor.here.word, verbs_of(verbs))
    lines = (cursor.line_with(verb) for verb in near)
    choices = tuple(dict.fromkeys((*lines, *exc.choices)))
    return type(exc)(words_of(exc), choices=choices)


def starts_a_line(word: str, nouns: Nouns) -> bool:
    """Whether *word* is a noun behind a slash."""
    noun = word.lstrip("/／").casefold()
    return noun != word.casefold() and noun in HEADS and HEADS[noun].noun in nouns


def _noun(cursor: Cursor, nouns: Nouns) -> tuple[Head, str]:
    """Take the noun, and the verb where it comes first: ``list subs``."""
    heads = {said: head for said, head in HEADS.items() if head.noun in nouns}
    mark = cursor.mark()
    verb = cursor.phrase(VERBS) or ""
    head = cursor.phrase(heads) if verb else None
    verbs = nouns[head.noun] if head else frozenset()
    if head is not None and (verb in verbs or (verb == "list" and not verbs)):
        # "show status" is no more than "status".
        return head, verb if verbs else ""
    cursor.back(mark)
    head = _take(cursor, heads)
    if head is None:
        raise _no_noun(cursor, heads)
    return head, ""


def _no_noun(cursor: Cursor, heads: Mapping[str, Head]) -> NoCommand:
    said = cursor.here.text
    near = nearest(said, {phrase: phrase for phrase in heads})
    choices = tuple(cursor.line_with(each) for each in near)
    return NoCommand(
        _("I do not know “{word}”. /help shows what I understand.", word=said),
        choices=choices or ("/help",),
    )


def verbs_of(verbs: frozenset[str]) -> Mapping[str, str]:
    """Return what can be typed for *verbs*."""
    return {said: verb for said, verb in VERBS.items() if verb in verbs}


def _take(cursor: Cursor, known: Mapping[str, T]) -> T | None:
    """Take a phrase, or a Chinese word off a longer one: ``订阅余额预警``."""
    found = cursor.phrase(known)
    if found is not None or cursor.done:
        return found
    word = cursor.here.word
    # One letter begins too many words that mean something else.
    begins = [
        said
        for said in known
        if len(said) > 1 and not said.isascii() and word.startswith(said)
    ]
    if not begins:
        return None
    said = max(begins, key=len)
    cursor.split(len(said))
    cursor.take()
    return known[said]


def _drop_address(cursor: Cursor) -> None:
    """Take whoever is called on before the command, and a slash by itself."""
    while len(cursor.ahead(2)) == 2:
        first, second = cursor.ahead(2)
        # "@Larkbell /sub", typed and not picked, is no mention, and means us.
        named = first.raw.startswith(("person:", "@"))
        called = named and second.raw.startswith("/")
        if not called and first.raw.strip(_SLASHES + "-"):
            return
        cursor.take()


def _drop_slash(cursor: Cursor) -> None:
    if cursor.done:
        return
    raw = cursor.here.raw
    slashes = len(raw) - len(raw.lstrip(_SLASHES))
    if 0 < slashes < len(raw):
        cursor.split(slashes)
    if slashes:
        cursor.take()
