"""Do-not-disturb turned on and off for single types, as part of a change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeAlias

from handlers.changes import Changes
from handlers.dnd import switch, words
from handlers.dnd.finding import windows_of
from handlers.errors import Misunderstood
from store import windows
from store.values import Destination, Window
from store.wording import Text, _, sentences

#: A window as it was and as it is; ``None`` where there was or is none.
Turn: TypeAlias = tuple[Window | None, Window | None]


async def turn_on(
    patterns: Sequence[str], target: Destination, changes: Changes
) -> list[Turn]:
    """Silence *patterns* for *target* in the usual hours; return what that changed.

    They join the window of the usual hours that is for single types already. Raises
    ``Misunderstood`` where nobody set any hours.
    """
    context = changes.context
    there = await windows.of(context.tx, target)
    named = {
        each for window in switch.naming(there, patterns) for each in window.patterns
    }
    wanted = tuple(each for each in dict.fromkeys(patterns) if each not in named)
    if not wanted:
        return []
    like = switch.usual(there)
    if like is None:
        types = " ".join(wanted)
        whom = "" if target == context.home else f" for {context.write(target)}"
        raise Misunderstood(
            _("In which hours? Nobody has set any for {types}.", types=types),
            choices=(
                f"/dnd add 22:00-08:00 {types}{whom}",
                f"/dnd add whole day {types}{whom}",
                f"/dnd form {types}{whom}",
            ),
        )
    joined = switch.to_join(there, like)
    if joined is not None:
        now = replace(joined, patterns=(*joined.patterns, *wanted))
        await changes.change(joined, now)
        return [(joined, now)]
    made = await changes.make(
        replace(
            like,
            id=0,
            name="",
            patterns=wanted,
            owner=context.owner(target),
            created_by=context.asker,
            created_at=context.now,
            changed_by=None,
        )
    )
    return [(None, made)]


async def turn_off(
    patterns: Sequence[str], target: Destination, changes: Changes
) -> list[Turn]:
    """Take *patterns* out of the windows that name them; return what that changed."""
    context = changes.context
    there = await windows_of(target, context)
    turns: list[Turn] = []
    for window in switch.naming(there, patterns):
        context.require_editor(window.target)
        left = switch.without(window, patterns)
        if left is None:
            await changes.drop(window)
        else:
            await changes.change(window, left)
        turns.append((window, left))
    return turns


def said(turns: Sequence[Turn]) -> Text:
    """Return what was turned, in words."""
    return sentences(*(_said(was, now) for was, now in turns))


def _said(was: Window | None, now: Window | None) -> str:
    if was is None:
        return words.added(now) if now else ""
    return words.changed(was, now) if now else words.removed([was])
