"""What is broad asks first: a yes by whoever typed it, once, within 10 minutes."""

from __future__ import annotations

import secrets
from datetime import timedelta

from handlers.context import Context
from handlers.reply import Button, Reply, Tone
from store import confirmations
from store.confirmations import Confirmation
from store.wording import Text, _

#: How long a yes is waited for.
LASTS = timedelta(minutes=10)

# Neither 0 nor O, neither 1 nor I: it may be typed.
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
_LONG = 8

TITLE: Text = _("Please confirm")


async def ask(
    context: Context, line: str, preview: tuple[str, ...], *, danger: bool = True
) -> Reply:
    """Return the question whether to run *line*, with what it would do.

    The answer is the asker's alone: *line* runs again, ``context.confirmed`` then.
    """
    token = "".join(secrets.choice(_LETTERS) for _each in range(_LONG))
    await confirmations.add(
        context.tx,
        Confirmation(
            token=token,
            person=context.asker,
            chat=context.chat,
            line=line,
            until=context.now + LASTS,
        ),
    )
    return Reply(
        title=TITLE,
        lines=(*preview, _("Nothing has changed yet. This waits for you, 10 minutes.")),
        canonical=f"/confirm {token}",
        buttons=(
            Button(
                _("Confirm"), f"/confirm {token}", danger=danger, only=context.asker
            ),
        ),
        tone=Tone.INFO,
    )
