"""/undo: take back a change, as long as nobody changed it since."""

from __future__ import annotations

from dataclasses import dataclass, replace

from handlers.changes import UNDO_LASTS, release, take_back
from handlers.context import Context
from handlers.errors import Forbidden, UserError
from handlers.keepers import keeper, key
from handlers.language.cursor import Cursor
from handlers.language.slots import One, fill
from handlers.reply import Button, Reply, Tone
from handlers.router import Command, Router
from handlers.silence import on_their_way
from store import audit
from store.audit import Change
from store.values import Destination, Subscription
from store.wording import _, sentences

router = Router()

TITLE = _("Undone")
MINUTES = int(UNDO_LASTS.total_seconds() // 60)


@dataclass(frozen=True, slots=True)
class Asked:
    """The change to take back; ``None`` for the asker's last."""

    number: int | None = None


def read(command: Command, context: Context) -> Asked:
    """Return which change is meant. Raises ``Misunderstood``."""
    number: One[int] = One(_("the number"), Cursor.number)
    fill(command.rest, number)
    return Asked(number.value)


@router.command("undo", read=read, usage="[number]")
async def undo(asked: Asked, context: Context) -> Reply:
    """Take back your last change, within 10 minutes.

    /undo
    /undo 12
    """
    change = await _change(asked, context)
    _check_right(change, context)
    undone = await take_back(context, change)
    if not await audit.mark_undone(context.tx, change.id, now=context.now):
        raise UserError(_("This is undone already."))
    kept = await release(context, (*change.was, *change.became))
    number = await undone.done(f"/undo {change.id}")
    sent = _("It cannot unsend what was sent.")
    return Reply(
        title=TITLE,
        lines=(
            _("Taken back: {command}", command=change.command),
            sentences(on_their_way(kept) if kept else "", sent),
        ),
        canonical=f"/undo {change.id}",
        buttons=(Button(_("Redo"), f"/undo {number}"),),
        tone=Tone.DONE,
    )


async def _change(asked: Asked, context: Context) -> Change:
    """Return the change that is meant, or raise why it cannot be taken back."""
    since = context.now - UNDO_LASTS
    if asked.number is None:
        for change in await audit.latest(context.tx, context.chat, since=since):
            # Asked twice, it takes back two changes: not its own work.
            again = change.command.startswith("/undo")
            done = change.undone_at or not (change.was or change.became)
            if change.actor == context.asker and not done and not again:
                return change
        raise UserError(
            _(
                "You changed nothing here in the last {minutes} minutes.",
                minutes=MINUTES,
            )
        )
    found = await audit.get(context.tx, asked.number)
    if found is None or found.place != context.chat:
        raise UserError(_("There is no change {number} here.", number=asked.number))
    if not (found.was or found.became):
        raise UserError(_("This cannot be taken back. /contact shows how it stands."))
    if found.undone_at is not None:
        raise UserError(_("This is undone already."))
    if found.at < since:
        raise UserError(
            _(
                "This was changed more than {minutes} minutes ago. "
                "/sub, /dnd, /digest and /mute show how it stands.",
                minutes=MINUTES,
            )
        )
    return found


def _check_right(change: Change, context: Context) -> None:
    """Who may change a thing may take its change back."""
    for each in (*change.was, *change.became):
        if keeper(each).admins_only(each) and not context.is_admin:
            raise Forbidden(_("Only admins can take this back."))
    for destination in _concerned(change):
        mine = destination == context.me or not context.is_group
        context.require_editor(destination if mine else context.home)


def _concerned(change: Change) -> set[Destination]:
    """Return whose settings it changed: of a list of recipients, who came or went."""
    found: set[Destination] = set()
    was = {key(each): each for each in change.was}
    for now in change.became:
        before = was.pop(key(now), None)
        if (
            isinstance(now, Subscription)
            and isinstance(before, Subscription)
            and replace(before, to=now.to) == now
        ):
            found |= set(before.to) ^ set(now.to)
            continue
        found |= {*keeper(now).whose(now)}
        if before is not None:
            found |= {*keeper(before).whose(before)}
    return found | {to for each in was.values() for to in keeper(each).whose(each)}
