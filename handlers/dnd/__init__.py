"""/dnd: when people would rather not hear from us."""

from __future__ import annotations

from handlers.context import Context
from handlers.dnd import changing, forms, showing
from handlers.dnd.grammar import USAGE, read
from handlers.dnd.requests import (
    Add,
    Fill,
    List,
    Off,
    Preview,
    Remove,
    Request,
    Reset,
    Set,
    Usual,
    write,
)
from handlers.filled import Filled
from handlers.reply import Reply
from handlers.router import Router
from handlers.silence import check_reach

__all__ = ["router", "write"]

router = Router()


@router.command(
    "dnd",
    read=read,
    usage=USAGE,
    look="/dnd list",
    verbs=("add", "set", "list", "remove", "off", "preview", "form", "reset"),
)
async def dnd(request: Request, context: Context) -> Reply:
    """Hold messages at night, and send them in the morning as one digest.

    /dnd add 22:00-08:00 workdays
    /dnd add whole day weekends finance.* mute sms+voice including critical
    /dnd add 23:00-07:00 Asia/Singapore for me
    /dnd add finance.refund
    /dnd set 2 23:00-07:00
    /dnd list
    /dnd remove 2
    /dnd off
    /dnd preview 7d
    /dnd form
    """
    check_reach(request.target, context)
    match request:
        case Add():
            return await changing.add(request, context)
        case Usual():
            return await changing.add_usual(request, context)
        case Set():
            return await changing.set_(request, context)
        case Remove():
            return await changing.remove(request, context)
        case Reset():
            return await changing.reset(request, context)
        case Off():
            return await changing.off(request, context)
        case Preview():
            return await showing.previewed(request, context)
        case Fill():
            return await showing.form(request, context)
        case List():
            return await showing.listed(request, context)


@router.form(forms.KIND)
def filled_in(filled: Filled, context: Context) -> str:
    """Return the line that the form of a window means."""
    return forms.line_of(filled, context)
