"""Recipients that are added and removed along with switches."""

from __future__ import annotations

from dataclasses import dataclass

from handlers.changes import Changes
from handlers.context import Context
from handlers.errors import UserError
from handlers.people.states import members
from handlers.recipients import words
from handlers.recipients.adding import let_in
from handlers.recipients.kept import Recipients
from handlers.recipients.limits import check_count
from handlers.recipients.requests import Add
from handlers.reply import Note, Task
from handlers.rules.matrix import PERSONAL
from handlers.sub.matrix.requests import Switch
from store.values import Channel, Destination
from store.wording import _


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """Whether recipients changed, what is said of it, and who is told."""

    changed: bool = False
    lines: tuple[str, ...] = ()
    unreached: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()
    tasks: tuple[Task, ...] = ()


async def check_people(request: Switch, context: Context) -> None:
    """Raise a ``UserError`` where somebody may not be added or removed."""
    if not (request.add or request.remove):
        return
    if not context.is_group:
        raise UserError(_("In a direct chat you are the only recipient."))
    for each in (*request.add, *request.remove):
        context.require_editor(each)
    groups = await members(context)
    recipients = await Recipients.of(Changes(context), context.home)
    for pattern in request.patterns:
        there = {each.destination for each in recipients.of_type(pattern)}
        wanted = (there | set(request.add)) - set(request.remove)
        check_count(pattern, wanted, groups)


async def change_people(request: Switch, changes: Changes) -> People:
    """Add and remove the recipients that *request* names."""
    if not (request.add or request.remove):
        return People()
    context = changes.context
    recipients = await Recipients.of(changes, context.home)
    gone: dict[Destination, list[str]] = {}
    for pattern in request.patterns:
        for whom in request.remove:
            if await recipients.remove(pattern, whom):
                gone.setdefault(whom, []).append(pattern)
    lines: list[str] = [*words.taken(gone, context)]
    unreached: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()
    tasks: tuple[Task, ...] = ()
    for via, patterns in _by_channels(request, recipients).items():
        added = Add(whom=request.add, patterns=tuple(patterns), via=via)
        joined = await let_in(added, recipients)
        if joined is not None:
            lines += joined.lines
            unreached += joined.unreached
            notes += joined.notes
            tasks += joined.tasks
    return People(
        changed=bool(lines),
        lines=tuple(lines),
        unreached=tuple(dict.fromkeys(unreached)),
        notes=notes,
        tasks=tasks,
    )


def _by_channels(
    request: Switch, recipients: Recipients
) -> dict[frozenset[Channel] | None, list[str]]:
    """Return over what the new ones get each type: like those there, or as is said."""
    if not request.add:
        return {}
    context = recipients.changes.context
    found: dict[frozenset[Channel] | None, list[str]] = {}
    for pattern in request.patterns:
        kind = context.types.get(pattern)
        said = request.on & set(PERSONAL) & context.channels
        said = frozenset(each for each in said if kind.offers(each))
        there = any(True for _each in recipients.of_type(pattern))
        found.setdefault(None if there or not said else said, []).append(pattern)
    return found
