"""Everything that can be asked for, in the order of /help."""

from __future__ import annotations

from handlers import (
    audit,
    confirm,
    contact,
    digest,
    dnd,
    export,
    inbox,
    mute,
    recipients,
    robot,
    role,
    settings,
    status,
    sub,
    types,
    undo,
    verify,
    whoami,
    why,
)
from handlers import help as help_
from handlers.router import Router

router = Router()
router.include(
    sub.router,
    recipients.router,
    dnd.router,
    digest.router,
    mute.router,
    inbox.router,
    robot.router,
    why.router,
    types.router,
    status.router,
    whoami.router,
    contact.router,
    verify.router,
    settings.router,
    role.router,
    audit.router,
    export.router,
    undo.router,
    help_.router,
    confirm.router,
)

#: The one entry point: called inside a transaction, it raises ``UserError`` to refuse.
answer = router.answer
