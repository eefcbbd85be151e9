"""/recipients: who gets which messages here, by name."""

from __future__ import annotations

from handlers.context import Context
from handlers.recipients import finding, profiles
from handlers.recipients.adding import add, set_exactly
from handlers.recipients.grammar import USAGE, read
from handlers.recipients.removing import remove, stop
from handlers.recipients.requests import (
    Add,
    List,
    Remove,
    Request,
    Set,
    Show,
    Stop,
    write,
)
from handlers.recipients.showing import list_all, show
from handlers.reply import Reply
from handlers.router import Router

__all__ = ["router", "write"]

router = Router()
router.task(finding.KIND)(finding.found)
router.task(profiles.KIND)(profiles.told)


@router.command(
    "recipients",
    read=read,
    usage=USAGE,
    look="/recipients list",
    verbs=("add", "set", "remove", "list", "stop"),
)
async def recipients(request: Request, context: Context) -> Reply:
    """Choose who gets which messages: people, groups of people, robots.

    /recipients add @Wei group:finance for finance.balance-warning
    /recipients add bob@example.com for finance.refund via email
    /recipients remove @Wei for finance.refund
    /recipients list finance.refund
    /recipients show me
    """
    match request:
        case Add():
            if request.strangers:
                return await finding.look_up(request, context)
            return await add(request, context)
        case Set():
            return await set_exactly(request, context)
        case Remove():
            return await remove(request, context)
        case Stop():
            return await stop(request, context)
        case Show():
            return await show(request, context)
        case List():
            return await list_all(request, context)
