"""Whose an address is: Lark is asked, and whoever it does not know may still be added.

The line waits as a task. What came of it is acted on as if the line said it: the asker
may have lost the right meanwhile.
"""

from __future__ import annotations

from dataclasses import replace

from handlers.breadth import subscribes
from handlers.context import Context
from handlers.errors import Unconfirmed, UserError
from handlers.language.addresses import Address
from handlers.proving import CARRIES
from handlers.recipients import words
from handlers.recipients.adding import add, check
from handlers.recipients.profiles import keep
from handlers.recipients.requests import Add, write
from handlers.reply import Button, Reply, Task, Tone
from store import people
from store.people import Means
from store.values import Channel, Destination, Json, Kind
from store.wording import Text, _, commas, listed

#: What asks Lark (``bot/errands/finding.py``).
KIND = "people.find"
#: The most addresses in one line.
MOST = 20


async def look_up(request: Add, context: Context) -> Reply:
    """Say that Lark is asked whose the addresses of *request* are."""
    check(request, context)
    if len(request.strangers) > MOST:
        raise UserError(
            _("Please name at most {count} addresses at a time.", count=MOST)
        )
    addresses = [each.shown for each in request.strangers]
    if not context.confirmed:
        raise Unconfirmed(write(request, context), (subscribes(addresses),))
    shown = listed(addresses)
    return Reply(
        title=words.TITLE,
        lines=(_("I am looking for {addresses} at Lark.", addresses=shown),),
        tasks=(Task(KIND, _written(request)),),
    )


async def found(task: Task, outcome: Json, context: Context) -> Reply:
    """Add whom Lark knows, and offer the others as recipients without an account."""
    request = _read(task.details)
    check(request, context)
    if "failed" in outcome:
        raise UserError(
            _("Lark could not be asked: {why}. Try again.", why=outcome["failed"])
        )
    known = {
        Address(Means(each["means"]), each["address"]): each["open_id"]
        for each in outcome["found"]
    }
    for address, open_id in known.items():
        await _suggest(address, open_id, context)
    for each in outcome["found"]:
        await keep(each, context)
    called = {e["open_id"]: e["name"] for e in outcome["found"] if e["name"]}
    names = replace(context.names, called={**context.names.called, **called})
    context = replace(context, names=names)
    theirs = (Destination(Kind.PERSON, each) for each in known.values())
    whom = tuple(dict.fromkeys((*request.whom, *theirs)))
    missing = [each for each in request.strangers if each not in known]
    reply = Reply(title=words.TITLE, lines=(), tone=Tone.INFO)
    if whom:
        reply = await add(replace(request, whom=whom, strangers=()), context)
    return await _with_offers(reply, request, missing, context) if missing else reply


async def _with_offers(
    reply: Reply, request: Add, missing: list[Address], context: Context
) -> Reply:
    """Say whom Lark does not know, with a button each that adds them all the same."""
    buttons = []
    for address in missing:
        outsider = await people.outsider(
            context.tx,
            str(context.home),
            address.means,
            address.text,
            added_by=context.asker,
            now=context.now,
        )
        whom = Destination(Kind.PERSON, outsider.name)
        via = frozenset({CARRIES[address.means]})
        line = write(Add(whom=(whom,), patterns=request.patterns, via=via), context)
        label = _("Add {address} by {channel}", address=address.shown, channel=_by(via))
        buttons.append(Button(label, line))
    shown = commas([each.shown for each in missing])
    return replace(
        reply,
        lines=(
            *reply.lines,
            _(
                "Lark knows nobody with {addresses}. They can be added without an "
                "account: they are sent a code first.",
                addresses=shown,
            ),
        ),
        buttons=(*reply.buttons, *buttons),
    )


def _by(via: frozenset[Channel]) -> Text:
    if Channel.EMAIL in via:
        return _("e-mail")
    return _("text message")


async def _suggest(address: Address, open_id: str, context: Context) -> None:
    """Keep the address for them to confirm, where they gave none themselves."""
    who = await people.addressee(context.tx, open_id)
    if address.means in who.contacts:
        return
    await people.add_contact(
        context.tx,
        open_id,
        address.means,
        address.text,
        added_by=context.asker,
        now=context.now,
    )


def _written(request: Add) -> Json:
    return {
        "whom": [str(each) for each in request.whom],
        "strangers": [[str(each.means), each.text] for each in request.strangers],
        "patterns": list(request.patterns),
        "via": None if request.via is None else sorted(request.via),
    }


def _read(said: Json) -> Add:
    via = said["via"]
    return Add(
        whom=tuple(Destination.parse(each) for each in said["whom"]),
        strangers=tuple(Address(Means(m), text) for m, text in said["strangers"]),
        patterns=tuple(said["patterns"]),
        via=None if via is None else frozenset(map(Channel, via)),
    )
