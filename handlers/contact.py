"""/contact: one's own e-mail address and phone number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from handlers.changes import Changes
from handlers.context import Context
from handlers.errors import Forbidden, Misunderstood
from handlers.language.addresses import Address, read_address
from handlers.language.cursor import Cursor
from handlers.language.lexicon import CHANNELS
from handlers.language.slots import One, fill
from handlers.masking import masked
from handlers.proving import can_prove, send_code
from handlers.reply import Button, Reply, Task, Tone
from handlers.router import Command, Router
from handlers.rules.methods import SAID, say_channels
from handlers.rules.reach import NEEDS
from store import people
from store.people import Contact, Means, normal
from store.values import Channel
from store.wording import Text, _, sentences

router = Router()

TITLE = _("Your contacts")
MEANS: Mapping[Means, Text] = {
    Means.EMAIL: _("e-mail address"),
    Means.PHONE: _("phone number"),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What to do: show all, add an address, or remove those of one sort."""

    add: Address | None = None
    remove: Means | None = None


def read(command: Command, context: Context) -> Asked:
    """Return what *command* asks. Raises ``Misunderstood``."""
    cursor = command.rest
    address: One[Address] = One(_("the address"), read_address)
    means: One[Means] = One(_("the contact"), read_means)
    fill(cursor, address, means)
    if command.verb == "remove":
        known = address.value.means if address.value else means.value
        if known is None:
            raise Misunderstood(
                _("Remove which, e-mail or phone?"),
                choices=("/contact remove email", "/contact remove phone"),
            )
        return Asked(remove=known)
    if command.verb == "add" and address.value is None:
        raise Misunderstood(
            _(
                "Which address? “/contact add wei@example.com”, or a phone number with "
                "+ and its country."
            )
        )
    return Asked(add=address.value)


def write(asked: Asked, context: Context) -> str:
    """Return the line that says *asked*, with what may be seen of an address."""
    if asked.add is not None:
        return f"/contact add {asked.add.shown}"
    if asked.remove is not None:
        return f"/contact remove {asked.remove}"
    return "/contact"


@router.command(
    "contact",
    read=read,
    usage="add ADDRESS | remove email",
    look="/contact",
    verbs=("add", "remove", "list"),
    private=True,
)
async def contact(asked: Asked, context: Context) -> Reply:
    """Tell me where else I may reach you: an e-mail address, a phone number.

    /contact
    /contact add wei@example.com
    /contact add +65 8000 0000
    /contact remove email
    """
    if asked.add is not None:
        return await _add(asked.add, context)
    if asked.remove is not None:
        return await _remove(asked.remove, context)
    return await _show(context)


def read_means(cursor: Cursor) -> Means | None:
    """Take ``email`` or ``phone``, as people say them."""
    mark = cursor.mark()
    found = cursor.phrase(_WORDS)
    if found is None:
        cursor.back(mark)
    return found


async def _add(address: Address, context: Context) -> Reply:
    if context.is_group:
        raise Forbidden(
            _("Everybody reads along here. Tell me your address in a direct chat.")
        )
    who = await people.addressee(context.tx, context.asker)
    there = who.contacts.get(address.means)
    if there is not None and normal(there.means, there.address) == address.text:
        if there.verified:
            return Reply(
                title=TITLE,
                lines=(_("{address} is verified already.", address=address.shown),),
                canonical="/contact",
            )
        # The YAML's own: proved, it stays the YAML's.
        task = await send_code(context, who, there)
        return on_its_way(there, task)
    await people.add_contact(
        context.tx,
        who.name,
        address.means,
        address.text,
        added_by=context.asker,
        now=context.now,
    )
    given = Contact(means=address.means, address=address.text, verified=False, own=True)
    task = await send_code(context, who, given)
    await Changes(context).done(write(Asked(add=address), context))
    return on_its_way(given, task)


def on_its_way(contact: Contact, task: Task) -> Reply:
    """Say that a code is sent. The task says when it was."""
    return Reply(
        title=TITLE,
        lines=(
            _(
                "I am sending a code to {address}. Nothing else goes there until you "
                "enter it.",
                address=masked(contact.means, contact.address),
            ),
        ),
        tasks=(task,),
    )


async def _remove(means: Means, context: Context) -> Reply:
    gone = await people.forget_contacts(context.tx, context.asker, means)
    who = await people.addressee(context.tx, context.asker)
    left = who.contacts.get(means)
    said = _("I know no {means} of yours.", means=MEANS[means])
    if gone:
        said = _("Your {means} is forgotten.", means=MEANS[means])
        await Changes(context).done(write(Asked(remove=means), context))
    stays: str = ""
    if left is not None:
        stays = _(
            "{address} stays: an admin wrote it into the YAML.",
            address=masked(means, left.address),
        )
    return Reply(
        title=TITLE,
        lines=(sentences(said, stays),),
        canonical=write(Asked(remove=means), context),
        tone=Tone.DONE if gone else Tone.INFO,
    )


async def _show(context: Context) -> Reply:
    who = await people.addressee(context.tx, context.asker)
    lines = [
        _("Lark account: verified, for {channels}.", channels=_by_account(context))
    ]
    buttons = []
    for means in Means:
        known = (who.contacts.get(means), who.waiting.get(means))
        lines.extend(_line(each) for each in known if each is not None)
        pending = who.waiting.get(means) or who.contacts.get(means)
        if pending is None:
            lines.append(_("{means}: none.", means=MEANS[means]))
        elif not pending.verified and can_prove(context, means):
            label = _("Send me a code for {means}", means=MEANS[means])
            buttons.append(Button(label, f"/verify {means}", only=context.asker))
    return Reply(
        title=TITLE,
        lines=tuple(lines),
        canonical="/contact",
        buttons=tuple(buttons),
    )


def _line(contact: Contact) -> Text:
    facts = {
        "means": MEANS[contact.means],
        "address": masked(contact.means, contact.address),
    }
    if not contact.verified:
        return _("{means}: {address}, not verified.", **facts)
    match contact.how:
        case "yaml":
            return _("{means}: {address}, verified by an admin.", **facts)
        case "lark":
            return _("{means}: {address}, verified by Lark.", **facts)
        case _:
            return _("{means}: {address}, verified by a code.", **facts)


def _by_account(context: Context) -> Text:
    found = context.channels - context.by_contact - {Channel.INBOX, Channel.CHAT}
    return say_channels(found) if found else SAID[Channel.INBOX]


_WORDS: Mapping[str, Means] = {
    said: NEEDS[channel] for said, channel in CHANNELS.items() if channel in NEEDS
} | {"number": Means.PHONE, "手机": Means.PHONE, "手机号": Means.PHONE}
