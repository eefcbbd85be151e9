"""/whoami: how we know the asker, and what they may do."""

from __future__ import annotations

from handlers.context import Context, Role
from handlers.language.slots import fill
from handlers.reply import Reply
from handlers.router import Command, Router

router = Router()


def read(command: Command, context: Context) -> None:
    """Return nothing: it takes no words. Raises ``Misunderstood`` for any."""
    fill(command.rest)


@router.command("whoami", read=read, look="/whoami")
async def whoami(asked: None, context: Context) -> Reply:
    """Show your open_id and your roles.

    /whoami
    """
    name = context.names.name_of(context.me)
    known = f" ({name})" if name != context.asker else ""
    roles = ", ".join(role for role in Role if role in context.roles)
    where = "in this group" if context.is_group else "here"
    return Reply(
        lines=(f"You are {context.asker}{known}.", f"Your roles {where}: {roles}."),
        canonical="/whoami",
    )
