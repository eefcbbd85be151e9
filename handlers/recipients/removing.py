"""/recipients remove and stop: who gets a type no more."""

from __future__ import annotations

from handlers import confirming
from handlers.changes import Changes
from handlers.context import Context
from handlers.errors import UserError
from handlers.offers import check_channels
from handlers.people.telling import say_place
from handlers.recipients import words
from handlers.recipients.kept import Recipients
from handlers.recipients.limits import BROAD
from handlers.recipients.requests import Remove, Stop, write
from handlers.reply import Reply
from store.values import Destination
from store.wording import _, commas


async def remove(request: Remove, context: Context) -> Reply:
    """Let the people of *request* get its types no more, or not over its channels."""
    for destination in request.whom:
        context.require_editor(destination)
    check_channels(request.via, (), request.whom, context)
    recipients = await Recipients.of(Changes(context), context.home)
    wanted = [
        each
        for each in recipients.all(request.patterns)
        if each.destination in request.whom
    ]
    if not wanted:
        raise _no_recipient(request, context)
    count = len({(each.pattern, each.destination) for each in wanted})
    if count > BROAD and not context.confirmed:
        line = write(request, context)
        asked = (words.would_remove(count, request.whom, context),)
        return await confirming.ask(context, line, asked)
    gone: dict[Destination, list[str]] = {}
    for each in wanted:
        if await recipients.remove(each.pattern, each.destination, request.via):
            gone.setdefault(each.destination, []).append(each.pattern)
    if not gone:
        return Reply(
            title=words.TITLE,
            lines=(_("They do not get it like that. Nothing changed."),),
            canonical=write(request, context),
        )
    said = words.taken(gone, context)
    if request.via is not None:
        said = words.less(gone, request.via, context)
    return await recipients.changes.reply(
        write(request, context), *said, title=words.CHANGED
    )


async def stop(request: Stop, context: Context) -> Reply:
    """Take the asker out of rules that may be another chat's: nobody needs a role."""
    recipients = await Recipients.of(Changes(context), request.owner)
    mine = [
        each
        for each in recipients.all(request.patterns)
        if each.destination == context.me
    ]
    # What is said does not depend on whether there is such a chat.
    if not mine:
        return Reply(
            title=words.STOPPED,
            lines=(_("You get none of that from there any more."),),
            canonical=write(request, context),
        )
    for each in mine:
        await recipients.remove(each.pattern, context.me)
    return await recipients.changes.reply(
        write(request, context),
        _(
            "{types}: on → off for you, from {place}.",
            types=commas([*dict.fromkeys(each.pattern for each in mine)]),
            place=await say_place(context, request.owner),
        ),
        title=words.STOPPED,
    )


def _no_recipient(request: Remove, context: Context) -> UserError:
    whom = context.say_all(request.whom)
    if not request.patterns:
        return UserError(
            _("{whom}: no recipient here. /recipients lists them.", whom=whom)
        )
    return UserError(
        _(
            "{whom}: no recipient of exactly {types} here. /recipients lists them, "
            "/sub list shows the wider rules.",
            whom=whom,
            types=commas(request.patterns),
        )
    )
