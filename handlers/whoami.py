"""/whoami: how we know the asker, and what they may do."""

from __future__ import annotations

from handlers.context import Context, Role
from handlers.language.slots import fill
from handlers.reply import Reply
from handlers.router import Command, Router
from store.wording import _, commas

router = Router()

_ROLES = {
    Role.MEMBER: _("member"),
    Role.EDITOR: _("editor"),
    Role.COST_VIEWER: _("cost viewer"),
    Role.ADMIN: _("admin"),
}


def read(command: Command, context: Context) -> None:
    """Return nothing: it takes no words. Raises ``Misunderstood`` for any."""
    fill(command.rest)


@router.command("whoami", read=read, look="/whoami")
async def whoami(asked: None, context: Context) -> Reply:
    """Show your open_id and your roles.

    /whoami
    """
    asker, name = context.asker, context.names.name_of(context.me)
    roles = commas([_ROLES[role] for role in Role if role in context.roles])
    return Reply(
        lines=(
            _("You are {id} ({name}).", id=asker, name=name)
            if name != asker
            else _("You are {id}.", id=asker),
            _("Your roles in this group: {roles}.", roles=roles)
            if context.is_group
            else _("Your roles here: {roles}.", roles=roles),
        ),
        canonical="/whoami",
    )
