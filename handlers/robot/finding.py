"""Which robot a name means here, and who may do what with it."""

from __future__ import annotations

from handlers.audience import EVERYONE, Audience
from handlers.context import Context, Role
from handlers.errors import Forbidden, UserError
from handlers.role import NAMES
from store import directory, preferences, robots
from store.directory import Chat
from store.robots import Robot
from store.values import Destination, Kind
from store.wording import _


async def one(name: str, context: Context) -> Robot:
    """Return the robot called *name* here, in a direct chat one's draft too.

    Raises ``UserError`` where it is gone meanwhile.
    """
    found = await robots.named(context.tx, name)
    if found is not None and context.reaches(found.destination):
        return found
    draft = None if context.is_group else await draft_of(name, context)
    if draft is None:
        raise UserError(_("I know no robot “{name}” here.", name=name))
    return draft


async def draft_of(name: str, context: Context) -> Robot | None:
    """Return what the asker gave in a direct chat under *name*, or ``None``."""
    given = await robots.drafts(context.tx, context.me, now=context.now)
    return next((each for each in given if each.name == name), None)


def check_right(robot: Robot, context: Context) -> None:
    """Raise ``Forbidden`` unless the asker may use and change *robot*."""
    if robot.draft_until is None:
        context.require_editor(robot.destination)
    elif robot.owner != str(context.me) and not context.is_admin:
        raise Forbidden(_("Only whoever gave it to me can use it before it is bound."))


async def groups_of(context: Context) -> list[Chat]:
    """Return the groups that the asker is known to be an editor of, from afar.

    Where everybody in a group may edit, only those are known to be in it whom Lark
    named as its managers; an admin may edit everywhere.
    """
    found = [
        each
        for each in await directory.chats(context.tx)
        if each.kind == "group" and each.state == "present"
    ]
    return [each for each in found if await _edits(each, context)]


async def group_called(name: str, context: Context) -> Chat | None:
    """Return the group called *name* that the asker is known to edit, or ``None``."""
    said = name.casefold()
    found = [
        each
        for each in await groups_of(context)
        if said in (each.id.casefold(), (each.alias or "").casefold(), _called(each))
    ]
    return found[0] if len(found) == 1 else None


async def _edits(chat: Chat, context: Context) -> bool:
    if context.is_admin:
        return True
    home = Destination(Kind.CHAT, chat.id)
    chosen = (await preferences.all_of(context.tx, home)).get(NAMES[Role.EDITOR])
    audience = context.defaults.get(Role.EDITOR, Audience(EVERYONE))
    if chosen is not None:
        audience = Audience.parse(chosen)
    known, _said_at = await directory.managers(context.tx, chat.id)
    managers = known or frozenset()
    if audience.word == EVERYONE:
        return context.asker in managers
    return audience.holds(context.asker, managers=managers)


def _called(chat: Chat) -> str:
    return chat.name.casefold()
