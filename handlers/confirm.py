"""/confirm: run what asked for a yes."""

from __future__ import annotations

from dataclasses import dataclass, replace

from handlers.confirming import LASTS
from handlers.context import Context
from handlers.errors import Forbidden, Misunderstood, UserError
from handlers.reply import Reply
from handlers.router import Command, Router
from store import confirmations
from store.wording import _

router = Router()


@dataclass(frozen=True, slots=True)
class Asked:
    """The token that was typed, and all that can be asked."""

    token: str
    book: Router


def read(command: Command, context: Context) -> Asked:
    """Return which token is meant. Raises ``Misunderstood`` where there is none."""
    cursor = command.rest
    if cursor.done:
        raise Misunderstood(
            _("Which one? Use the button, or type the code that stands with it.")
        )
    token = cursor.here.raw.upper()
    cursor.take()
    return Asked(token, command.router)


@router.command("confirm", read=read, usage="CODE", hidden=True)
async def confirm(asked: Asked, context: Context) -> Reply:
    """Run what asked for your yes.

    /confirm K7QX2MNP
    """
    found = await confirmations.get(context.tx, asked.token)
    if found is None or found.chat != context.chat:
        raise UserError(_("There is nothing here to confirm with that code."))
    if found.person != context.asker:
        raise Forbidden(_("Only whoever asked can confirm this."))
    if found.until <= context.now:
        minutes = int(LASTS.total_seconds() // 60)
        raise UserError(
            _(
                "That was more than {minutes} minutes ago. Please give the command "
                "again.",
                minutes=minutes,
            )
        )
    if not await confirmations.use(context.tx, found.token, now=context.now):
        raise UserError(_("This is confirmed already."))
    return await asked.book.answer(found.line, replace(context, confirmed=True))
