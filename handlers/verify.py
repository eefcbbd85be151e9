"""/verify: enter a code that was sent to an address, or ask for one.

One's own code is entered in a direct chat. For somebody without a Lark account an admin
enters it, who was told it by them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from handlers.changes import Changes
from handlers.contact import TITLE, on_its_way, read_means
from handlers.context import Context
from handlers.errors import Forbidden, Misunderstood, UserError
from handlers.language.cursor import Cursor
from handlers.language.destinations import destination_words, read_destination
from handlers.language.slots import One, fill
from handlers.masking import masked
from handlers.proving import KIND, MINUTES, PER_ADDRESS, send_code
from handlers.reply import Button, Reply, Task, Tone
from handlers.router import Command, Router
from store import codes, people
from store.people import Addressee, Contact, Means
from store.values import Destination, Json, Kind
from store.wording import Text, _

router = Router()

#: What stands above what is said of somebody without a Lark account.
THEIRS = _("Contacts")

_CODE = re.compile(r"[0-9]{6}")
_HALF = re.compile(r"[0-9]{3}")


@dataclass(frozen=True, slots=True)
class Asked:
    """Which code is entered, for whom; without one, for which address it is sent."""

    code: str = ""
    whom: Destination | None = None
    means: Means | None = None


def read(command: Command, context: Context) -> Asked:
    """Return what *command* asks. Raises ``Misunderstood``."""

    def read_whom(cursor: Cursor) -> Destination | None:
        if cursor.option("for"):
            such = _("for P12")
            return cursor.value("for", lambda at: read_destination(at, context), such)
        return read_destination(cursor, context)

    code: One[str] = One(_("the code"), _read_code)
    means: One[Means] = One(_("the contact"), read_means)
    whom: One[Destination] = One(
        _("whom it is for"), read_whom, words=destination_words(context)
    )
    fill(command.rest, code, means, whom)
    if whom.value is not None and whom.value.kind is not Kind.PERSON:
        raise Misunderstood(_("Codes are for people: “/verify 482913 for P12”."))
    return Asked(code.value or "", whom.value, means.value)


def _read_code(cursor: Cursor) -> str | None:
    """Take six digits, perhaps with a blank in the middle."""
    if cursor.done:
        return None
    first = cursor.here.raw
    if _CODE.fullmatch(first):
        cursor.take()
        return first
    ahead = cursor.ahead(2)
    if len(ahead) == 2 and all(_HALF.fullmatch(each.raw) for each in ahead):
        cursor.take(2)
        return ahead[0].raw + ahead[1].raw
    if first.isdecimal():
        raise Misunderstood(_("A code has six digits: /verify 482913."))
    return None


def write(asked: Asked, context: Context) -> str:
    """Return the line that says *asked*."""
    whom = f"for {context.write(asked.whom)}" if asked.whom else ""
    return " ".join(filter(None, ["/verify", asked.code, asked.means, whom]))


@router.command(
    "verify",
    read=read,
    usage="CODE | email | phone",
    look="/verify",
    private=True,
)
async def verify(asked: Asked, context: Context) -> Reply:
    """Confirm that an address is yours, with the code that was sent to it.

    /verify
    /verify 482913
    /verify email
    /verify 482913 for bob
    """
    who = await people.addressee(context.tx, (asked.whom or context.me).name)
    mine = who.name == context.asker or who.open_id == context.asker
    if asked.code:
        _check_may_enter(who, mine, context)
        return await _enter(who, asked.code, mine, context)
    if not mine and who.open_id:
        raise Forbidden(
            _("They have a Lark account: they ask for it themselves, with /verify.")
        )
    if not mine:
        context.require_editor(who.destination)
    return await _send(who, asked.means, mine, context)


def _check_may_enter(who: Addressee, mine: bool, context: Context) -> None:
    if mine and context.is_group:
        raise Forbidden(
            _("A code is between us: send it to me in a direct chat, please.")
        )
    if mine:
        return
    if who.open_id:
        raise Forbidden(
            _("They have a Lark account: they enter it themselves, in a direct chat.")
        )
    if not context.is_admin:
        raise Forbidden(
            _(
                "Only an admin can enter the code of somebody without a Lark account. "
                "/whoami shows your roles."
            )
        )


async def _enter(who: Addressee, said: str, mine: bool, context: Context) -> Reply:
    title = TITLE if mine else THEIRS
    found = await codes.enter(context.tx, who.name, said, now=context.now)
    if found is None:
        # No refusal: that would take back that the guess was counted.
        return Reply(
            title=title,
            lines=(
                _(
                    "That is not the code, or it is older than {minutes} minutes, or "
                    "there were {tries} wrong ones. /verify sends another.",
                    minutes=MINUTES,
                    tries=codes.TRIES,
                ),
            ),
            tone=Tone.REFUSED,
        )
    await people.prove_contact(
        context.tx,
        who.name,
        found.means,
        found.address,
        own=found.own,
        by=context.asker,
        now=context.now,
    )
    shown = masked(found.means, found.address)
    await Changes(context).done(f"/verify {shown}")
    said_of: Text = _(
        "{address} is verified. Messages go there from now on.", address=shown
    )
    return Reply(title=title, lines=(said_of,), tone=Tone.DONE)


async def _send(
    who: Addressee, means: Means | None, mine: bool, context: Context
) -> Reply:
    waiting = _to_prove(who, means)
    if not waiting:
        if mine:
            return Reply(
                title=TITLE,
                lines=(_("There is nothing to verify. /contact shows what I know."),),
                buttons=(Button(_("Your contacts"), "/contact"),),
            )
        raise UserError(
            _(
                "There is nothing to verify for {whom}.",
                whom=context.say(who.destination),
            )
        )
    if len(waiting) > 1:
        raise Misunderstood(
            _("Which one, e-mail or phone?"),
            choices=("/verify email", "/verify phone"),
        )
    [contact] = waiting
    return on_its_way(contact, await send_code(context, who, contact))


def _to_prove(who: Addressee, means: Means | None) -> list[Contact]:
    """Return the addresses that are not proved: what was given last, of each sort."""
    found = (who.waiting.get(each) or who.contacts.get(each) for each in Means)
    return [
        each
        for each in found
        if each is not None and not each.verified and means in (None, each.means)
    ]


@router.task(KIND)
async def sent(task: Task, outcome: Json, context: Context) -> Reply:
    """Say that a code is on its way, or why it is not."""
    address, whom = task.details["shown"], task.details["for"]
    title = THEIRS if whom else TITLE
    if "failed" in outcome:
        return Reply(
            title=title,
            lines=(
                _(
                    "No code went to {address}: {why}. /verify sends another.",
                    address=address,
                    why=outcome["failed"],
                ),
            ),
            tone=Tone.REFUSED,
        )
    lasts = _(
        "It lasts {minutes} minutes; an address gets at most {most} a day.",
        minutes=MINUTES,
        most=PER_ADDRESS,
    )
    if whom:
        said = _(
            "A code is on its way to {address}. They tell it to an admin, who sends "
            "“/verify CODE for {whom}”.",
            address=address,
            whom=whom,
        )
    else:
        said = _(
            "A code is on its way to {address}. Send it to me in a direct chat: "
            "“verify 482913”, with your code.",
            address=address,
        )
    return Reply(title=title, lines=(said, lasts))
