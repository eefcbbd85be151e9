"""/help: what the asker may do."""

from __future__ import annotations

from dataclasses import dataclass

from handlers.context import Context, Role
from handlers.language.lexicon import HEADS
from handlers.language.slots import unknown
from handlers.reply import Button, Reply
from handlers.router import Command, Entry, Router
from store.wording import _

router = Router()

TITLE = _("What I understand")
MORE = _("“/help dnd” shows more of one. The slash may be left out.")
LOOKING = _("You may look; editors of this group and admins may change.")


@dataclass(frozen=True, slots=True)
class Asked:
    """One command to explain, or ``None`` for all, out of the book."""

    entry: Entry | None
    book: tuple[Entry, ...]


def read(command: Command, context: Context) -> Asked:
    """Return what is to be explained. Raises ``Misunderstood`` for no command."""
    cursor = command.rest
    if cursor.done:
        return Asked(None, command.book)
    known = {entry.noun: entry for entry in command.book}
    words = {said: head for said, head in HEADS.items() if head.noun in known}
    slashed = {f"/{said}": head for said, head in words.items()}
    head = cursor.phrase({**words, **slashed})
    if head is None:
        raise unknown(cursor, {said: found.noun for said, found in words.items()})
    return Asked(known[head.noun], command.book)


@router.command("help", read=read, usage="[command]", look="/help dnd")
async def show_help(asked: Asked, context: Context) -> Reply:
    """Show what you can ask for.

    /help
    /help dnd
    """
    if asked.entry is not None:
        return _one(asked.entry)
    entries = [entry for entry in asked.book if _example(entry, context)]
    lines = [
        _(
            "{example} — {summary}",
            example=_example(entry, context),
            summary=entry.summary,
        )
        for entry in entries
    ]
    if not _may_change(context):
        lines.append(LOOKING)
    lines.append(MORE)
    buttons = tuple(
        Button(f"/{entry.noun}", f"/help {entry.noun}")
        for entry in entries
        if entry.noun in ("sub", "dnd", "mute")
    )
    return Reply(title=TITLE, lines=tuple(lines), buttons=buttons)


def _one(entry: Entry) -> Reply:
    usage = f"/{entry.noun} {entry.usage}".strip()
    return Reply(
        title=f"/{entry.noun}",
        lines=tuple(filter(None, (entry.summary, entry.note, *entry.examples))),
        canonical=usage,
    )


def _example(entry: Entry, context: Context) -> str:
    """Return an example that the asker may run, or nothing."""
    if entry.role is Role.ADMIN and not context.is_admin:
        return ""
    if _may_change(context) and entry.examples:
        return entry.examples[0]
    return entry.look


def _may_change(context: Context) -> bool:
    return not context.is_group or bool({Role.EDITOR, Role.ADMIN} & context.roles)
