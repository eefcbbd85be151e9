"""/why: what became of a message here, or would, and which rule decides."""

from __future__ import annotations

from handlers.context import Context
from handlers.reply import Reply
from handlers.router import Router
from handlers.why.grammar import USAGE, read
from handlers.why.real import explain
from handlers.why.requests import Asked, Request, Suppose, write
from handlers.why.supposed import suppose

__all__ = ["Asked", "Request", "Suppose", "router", "write"]

router = Router()


@router.command("why", read=read, usage=USAGE, look="/why M123")
async def why(request: Request, context: Context) -> Reply:
    """Explain what became of a message here, or would, and which rule decides.

    /why M123
    /why if type=product.alarm severity=critical product=cvm at "sat 03:00"
    /why if product.alarm via sms to me
    """
    match request:
        case Asked():
            return await explain(request, context)
        case Suppose():
            return await suppose(request, context)
