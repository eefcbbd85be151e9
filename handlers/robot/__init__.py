"""/robot: custom bots of Lark groups, added and set in chat."""

from __future__ import annotations

from handlers.context import Context
from handlers.reply import Reply
from handlers.robot import form, testing
from handlers.robot.adding import add, bind
from handlers.robot.changing import change, pause, remove, reset, resume
from handlers.robot.grammar import USAGE, read
from handlers.robot.hooks import WHERE
from handlers.robot.listing import show
from handlers.robot.requests import (
    Add,
    Bind,
    List,
    Pause,
    Remove,
    Request,
    Reset,
    Resume,
    Set,
    Test,
)
from handlers.router import Router

router = Router()


@router.command(
    "robot",
    read=read,
    usage=USAGE,
    look="/robot list",
    note=WHERE,
    private=True,
    verbs=(
        *("add", "list", "test", "pause", "resume"),
        *("set", "remove", "bind", "reset", "off"),
    ),
)
async def robot(request: Request, context: Context) -> Reply:
    """Let custom bots post here: their webhook, words, cap and pause.

    /robot list
    /robot add ops-room
    /robot bind ops-room
    /robot test ops-room Does it work?
    /robot set ops-room per_hour=20 deny=drill
    /robot pause ops-room
    """
    match request:
        case List():
            return await show(request, context)
        case Add():
            return await add(request, context)
        case Bind():
            return await bind(request, context)
        case Test():
            return await testing.test(request, context)
        case _:
            return await _change(request, context)


async def _change(
    request: Pause | Resume | Remove | Reset | Set, context: Context
) -> Reply:
    match request:
        case Pause():
            return await pause(request, context)
        case Resume():
            return await resume(request, context)
        case Remove():
            return await remove(request, context)
        case Reset():
            return await reset(request, context)
        case Set():
            return await change(request, context)


router.form(form.ADD)(form.line_to_add)
router.form(form.HOOK)(form.line_to_change)
router.task(testing.KIND)(testing.answer)
