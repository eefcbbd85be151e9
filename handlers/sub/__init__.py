"""/sub: which messages come here."""

from __future__ import annotations

from dataclasses import replace

from handlers.changes import Changes
from handlers.context import Context
from handlers.errors import UserError
from handlers.reply import Button, Reply
from handlers.router import Router
from handlers.sub import words
from handlers.sub.adding import add
from handlers.sub.changing import one_called, remove, set_rule
from handlers.sub.copying import copy
from handlers.sub.grammar import USAGE, read
from handlers.sub.matrix import choosing
from handlers.sub.matrix.page import look
from handlers.sub.matrix.requests import Look, Several, Switch
from handlers.sub.matrix.several import line_of, several
from handlers.sub.matrix.switching import switch
from handlers.sub.requests import (
    Add,
    Copy,
    List,
    Remove,
    Request,
    Reset,
    Set,
    Try,
    write,
)
from handlers.sub.trying import try_out
from handlers.subscribed import covers, shown, visible
from store.values import Subscription
from store.wording import _

router = Router()
router.form("sub.several")(line_of)
router.form("sub.recipients")(choosing.line_of)

#: How many rules one answer shows.
PAGE = 20


@router.command(
    "sub",
    read=read,
    usage=USAGE,
    look="/sub",
    verbs=(
        "matrix",
        "add",
        "remove",
        "off",
        "set",
        "switch",
        "several",
        "list",
        "reset",
        "test",
        "copy",
    ),
)
async def sub(request: Request, context: Context) -> Reply:
    """Choose which messages come to this group, or to you.

    /sub
    /sub finance.refund
    /sub add finance.refund product.alarm severity>=warning
    /sub add balance warning via chat to robot:ops-room
    /sub remove finance.refund
    /sub set product.alarm product=cvm,cos -region=na*
    /sub test finance.refund
    /sub copy from me to chat
    /sub list
    """
    match request:
        case Look():
            return await look(request, context)
        case Several():
            return await several(request, context)
        case Switch():
            return await switch(request, context)
        case Add():
            return await add(request, context)
        case Remove():
            return await remove(request, context)
        case Set():
            return await set_rule(request, context)
        case Reset():
            return await _reset(request, context)
        case Try():
            return await try_out(request, context)
        case Copy():
            return await copy(request, context)
        case List():
            return await _list(request, context)


async def _reset(request: Reset, context: Context) -> Reply:
    rule = one_called(await visible(context), request.name)
    if not rule.from_yaml:
        raise UserError(
            _(
                "Rule {name} was made in the chat, so there is nothing to go back to.",
                name=rule.name,
            )
        )
    if rule.changed_by is None:
        same = _("Rule {name} is as the YAML has it.", name=rule.name)
        return Reply(lines=(same,))
    changes = Changes(context)
    now = await changes.reset(rule)
    for destination in {*rule.to, *now.to}:
        if not context.is_admin and not context.reaches(destination):
            raise UserError(
                _(
                    "Rule {name} also serves others, so only an admin can reset it.",
                    name=rule.name,
                )
            )
        context.require_editor(destination)
    return await changes.reply(
        write(request, context),
        words.changed(rule, now, context),
        words.from_now(shown(context, now), context),
        title=words.CHANGED,
    )


async def _list(request: List, context: Context) -> Reply:
    for destination in request.to:
        if destination != context.home and not context.reaches(destination):
            context.require_editor(destination)
    rules = [
        rule
        for rule in await visible(context, request.to)
        if shown(context, rule, request.to) and _about(rule, request.patterns)
    ]
    if not rules:
        return Reply(title=words.TITLE, lines=(words.none(request, context),))
    start = PAGE * (request.page - 1)
    page = rules[start : start + PAGE]
    if not page:
        raise UserError(_("The last page is {page}.", page=-(-len(rules) // PAGE)))
    more = start + PAGE < len(rules)
    following = write(replace(request, page=request.page + 1), context)
    return Reply(
        title=words.TITLE,
        lines=tuple(words.line(rule, context, request.to) for rule in page),
        canonical=write(request, context),
        buttons=(Button(_("More"), following),) if more else (),
    )


def _about(rule: Subscription, patterns: tuple[str, ...]) -> bool:
    return not patterns or any(
        covers(asked, each) or covers(each, asked)
        for asked in patterns
        for each in rule.patterns
    )
