"""Proving that an address is somebody's: a code is sent there, and entered here.

Limits are by address and by asker. Where others have used up an address, nothing is
sent and nothing is said about it: who else knows an address is nobody's business.
"""

from __future__ import annotations

import secrets
from datetime import timedelta

from handlers.context import Context
from handlers.errors import UserError
from handlers.masking import masked
from handlers.reply import Task
from store import codes
from store.people import Addressee, Contact, Means
from store.values import Channel
from store.wording import _

#: What sends a code (``bot/errands/codes.py``).
KIND = "contact.code"
#: How long between two codes to one address for one person.
PAUSE = timedelta(minutes=1)
#: How many codes an address gets a day, and how many somebody may ask for.
PER_ADDRESS, PER_ASKER = 5, 10
MINUTES = int(codes.LASTS.total_seconds() // 60)

#: Which channel carries a code to an address.
CARRIES = {Means.EMAIL: Channel.EMAIL, Means.PHONE: Channel.SMS}


async def send_code(context: Context, who: Addressee, contact: Contact) -> Task:
    """Return the task that sends a code to *contact*, which proves it for *who*.

    Raises ``UserError`` where no code can be sent, or not yet.
    """
    _check_way(context, contact.means)
    found = await codes.sent(
        context.tx,
        who.name,
        contact.means,
        contact.address,
        asked_by=context.asker,
        now=context.now,
    )
    shown = masked(contact.means, contact.address)
    if found.last is not None and context.now - found.last < PAUSE:
        raise UserError(
            _(
                "A code for {address} was sent a moment ago. Ask again in a minute.",
                address=shown,
            )
        )
    if found.by_asker >= PER_ASKER:
        raise UserError(
            _("You asked for {count} codes today. Try again tomorrow.", count=PER_ASKER)
        )
    code = await codes.issue(
        context.tx,
        who.name,
        contact.means,
        contact.address,
        own=contact.own,
        asked_by=context.asker,
        now=context.now,
    )
    exhausted = found.to_address >= PER_ADDRESS
    return Task(
        KIND,
        {
            "means": str(contact.means),
            "address": "" if exhausted else contact.address,
            "shown": shown,
            "code": code,
            "for": "" if who.open_id else who.name,
            "locale": context.locale,
            "key": secrets.token_hex(12),
        },
    )


def can_prove(context: Context, means: Means) -> bool:
    """Whether a code can be sent to such an address here at all."""
    return CARRIES[means] in context.channels & context.by_contact


def _check_way(context: Context, means: Means) -> None:
    if can_prove(context, means):
        return
    if means is Means.EMAIL:
        raise UserError(_("E-mail is not set up here, so no code can be sent."))
    raise UserError(
        _("Text messages to numbers are not set up here, so no code can be sent.")
    )
