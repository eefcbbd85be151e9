"""What whoever typed a line is told when it is refused, and what there is to tap then.

There is always a next step: the refusal has choices, or its words name one.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from typing import TYPE_CHECKING

from handlers.context import Context
from handlers.errors import (
    Forbidden,
    Misunderstood,
    NoCommand,
    Unconfirmed,
    UserError,
    words_of,
)
from handlers.language.phrasing import nouns_in, without_noun
from handlers.language.secrecy import discreet
from handlers.language.suggestions import MOST
from handlers.language.tokens import read_line
from handlers.language.vocabulary import words_here
from store.wording import _

if TYPE_CHECKING:
    from handlers.router import Entry, Router

#: A correction may need another correction; a third is no help to anybody.
_TRIES = 3


def told(
    router: Router,
    exc: UserError,
    line: str,
    context: Context,
    entry: Entry | None = None,
) -> UserError:
    """Return *exc* as whoever typed *line* is told it; *entry* was understood.

    Its choices can be read, and nothing in it is secret.
    """
    refused = exc
    if isinstance(exc, NoCommand):
        refused = _about(router, exc, line, context)
    if isinstance(refused, Misunderstood):
        lines = _offered(router, refused, context)
        words, where = words_of(refused), refused.where
        refused = type(exc)(words, choices=lines, where=where)
    elif entry is not None and not _leads_on(refused):
        refused = type(exc)(words_of(refused), choices=(_look(entry),))
    return discreet(refused, line, context)


def _offered(
    router: Router, refusal: Misunderstood, context: Context
) -> tuple[str, ...]:
    """Return the lines that can be read instead, or the one that explains."""
    lines = _readable(router, refusal.choices, context)
    if lines:
        return lines
    entry = router.entries.get(refusal.noun)
    if entry is None or entry.hidden or entry.noun == "help":
        return ("/help",)
    return (f"/help {entry.noun}",)


def _readable(
    router: Router, lines: Iterable[str], context: Context, tries: int = _TRIES
) -> tuple[str, ...]:
    """Return those of *lines* that can be read, the others once more corrected."""
    kept: dict[str, None] = {}
    for line in lines:
        try:
            router.read(line, context)
        except Misunderstood as exc:
            if tries > 1:
                more = _readable(router, exc.choices, context, tries - 1)
                kept.update(dict.fromkeys(more))
            continue
        except Forbidden:
            continue
        except UserError:
            # It was understood; what it lacks is told when it is run.
            pass
        kept[line] = None
    return tuple(kept)[:MOST]


def _about(router: Router, exc: NoCommand, line: str, context: Context) -> NoCommand:
    """Return *exc* with the commands that *line* may be about.

    That is what only looks, where it mentions one; or the line behind the noun that
    may have been left out.
    """
    nouns = {noun: entry.verbs for noun, entry in router.entries.items()}
    read = read_line(line, context.mentions, words_here(context))
    about = [router.entries[noun] for noun in nouns_in(read, nouns)]
    if about:
        looks = [each.look or f"/help {each.noun}" for each in about]
        looks += [f"/help {each.noun}" for each in about]
        said = _("I do not understand all of that, so I changed nothing.")
        return NoCommand(said, choices=tuple(looks), where=exc.where)
    missing = []
    for each in without_noun(read, nouns):
        with suppress(UserError):
            router.read(each, context)
            missing.append(each)
    if not missing:
        return exc
    said = _("What is that about? Begin with the command.")
    return NoCommand(said, choices=tuple(missing))


def _leads_on(refusal: UserError) -> bool:
    """Whether *refusal* says what to do next."""
    asks = isinstance(refusal, Unconfirmed)
    return asks or bool(refusal.choices) or "/" in words_of(refusal)


def _look(entry: Entry) -> str:
    """Return the line that shows how things stand; an example shows nothing."""
    if entry.hidden:
        return "/help"
    example = any(letter.isdigit() for letter in entry.look)
    return entry.look if entry.look and not example else f"/help {entry.noun}"
