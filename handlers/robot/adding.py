"""How a robot comes to be: given in a direct chat, bound in the group it is for."""

from __future__ import annotations

from dataclasses import replace

from handlers import confirming
from handlers.changes import Changes
from handlers.context import Context
from handlers.errors import Forbidden, UserError
from handlers.reply import Button, Reply
from handlers.robot import words
from handlers.robot.finding import draft_of, group_called
from handlers.robot.form import ask_for_robot
from handlers.robot.grammar import read_name
from handlers.robot.hooks import read_webhook
from handlers.robot.requests import Add, Bind, Settings, write
from store import robots
from store.directory import Chat
from store.robots import DRAFTED, Hook, Robot
from store.values import Destination, Kind
from store.wording import _

#: So many robots of one person may wait for their groups.
MOST_DRAFTS = 5


async def add(request: Add, context: Context) -> Reply:
    """Let there be a robot, or ask for what it needs."""
    if context.is_group:
        raise Forbidden(
            _(
                "Robots are added in a direct chat with me: whoever sees a webhook can "
                "post with it. Write /robot add there."
            )
        )
    if request.given.webhook is None:
        return await ask_for_robot(request, context)
    webhook = read_webhook(request.given.webhook, hosts=context.hosts)
    given = Hook(webhook, request.given.secret or None)
    name = read_name(request.name)
    await _check_webhook(webhook, name, context)
    group = await group_called(request.group, context) if request.group else None
    if group is None and not context.is_admin:
        return await _draft(request, given, context)
    if group is None and request.group:
        raise UserError(_("I know no group “{name}” here.", name=request.group))
    return await _add(request, given, group, context)


async def bind(request: Bind, context: Context) -> Reply:
    """Let a robot that waits post in this group."""
    if not context.is_group:
        raise UserError(_("Say this in the group that the robot posts in, with @."))
    context.require_editor(context.home)
    found = await _unbound(request.name, context)
    name = request.called or found.name
    there = await robots.named(context.tx, name)
    changes = Changes(context)
    if there is None or there.id == found.id:
        await check_name(name, context.chat, context)
        bound = replace(
            found,
            name=name,
            chat=context.chat,
            owner=str(context.home),
            draft_until=None,
            changed_by=context.asker,
        )
        await changes.change(found, bound)
        lines: tuple[str, ...] = words.bound(bound)
    else:
        _check_take_over(there, found, context)
        if not context.confirmed:
            preview = words.replaces(there)
            return await confirming.ask(context, write(request), preview)
        taken = replace(there, hook=found.hook, changed_by=context.asker)
        await changes.change(there, taken)
        await changes.drop(found)
        lines = words.replaced(there)
    reply = await changes.reply(write(request), *lines, title=words.BOUND)
    return replace(reply, buttons=(*reply.buttons, _test(name)))


async def check_name(name: str, chat: str | None, context: Context) -> None:
    """Raise ``UserError`` unless a robot in *chat* may have this name."""
    taken = {each.casefold() for each in await robots.chats(context.tx)}
    if name.casefold() in taken:
        raise UserError(
            _("There is a robot “{name}” already. Choose another name.", name=name)
        )
    before = (await robots.removed(context.tx)).get(name.casefold())
    if before is not None and before[0] != chat:
        # Whatever was sent to it is told under its name, by /why and /inbox.
        raise UserError(
            _(
                "“{name}” was the name of a robot elsewhere, and what it was sent is "
                "kept under that name. Choose another name.",
                name=name,
            )
        )


async def _add(
    request: Add, given: Hook, group: Chat | None, context: Context
) -> Reply:
    chat = None if group is None else group.id
    name = read_name(request.name)
    await check_name(name, chat, context)
    owner = context.me if chat is None else Destination(Kind.CHAT, chat)
    wanted = Robot(
        name=name,
        chat=chat,
        owner=str(owner),
        created_by=context.asker,
        created_at=context.now,
    )
    made = await robots.add(
        context.tx, with_settings(wanted, request.settings), given, now=context.now
    )
    changes = Changes(context)
    changes.note(made, None, made)
    reply = await changes.reply(
        write(request),
        words.added(made, given, group),
        words.to_delete(by_form=request.by_form),
        words.next_steps(made),
        title=words.ADDED,
    )
    return replace(reply, buttons=(*reply.buttons, _test(name)))


async def _draft(request: Add, given: Hook, context: Context) -> Reply:
    """Keep it for the group: there the asker shows to be in it, and an editor."""
    name = read_name(request.name)
    waiting = await robots.drafts(context.tx, context.me, now=context.now)
    changes = Changes(context)
    for each in waiting:
        if each.name == name:
            await changes.drop(each)
    if len([each for each in waiting if each.name != name]) >= MOST_DRAFTS:
        raise UserError(
            _(
                "{most} robots of yours wait for their groups already. Bind or remove "
                "one: /robot list",
                most=MOST_DRAFTS,
            )
        )
    wanted = Robot(
        name=name,
        owner=str(context.me),
        created_by=context.asker,
        created_at=context.now,
        draft_until=context.now + DRAFTED,
    )
    made = await robots.add(
        context.tx, with_settings(wanted, request.settings), given, now=context.now
    )
    changes.note(made, None, made)
    reply = await changes.reply(
        write(replace(request, group="")),
        words.drafted(made, given, context),
        words.to_delete(by_form=request.by_form),
        words.bind_it(made),
        title=words.ADDED,
    )
    return replace(reply, buttons=(*reply.buttons, _test(name)))


async def _unbound(name: str, context: Context) -> Robot:
    """Return what waits under *name*: the asker's, or for an admin an unbound robot."""
    draft = await draft_of(name, context)
    if draft is not None:
        return draft
    found = await robots.named(context.tx, name)
    if found is not None and found.chat is None and context.is_admin:
        if found.from_yaml:
            raise UserError(words.of_the_yaml(found))
        return found
    if found is not None and found.chat == context.chat:
        raise UserError(
            _("Robot {robot} posts in this group already.", robot=found.name)
        )
    raise UserError(words.nothing_waits(name))


def _check_take_over(there: Robot, found: Robot, context: Context) -> None:
    """Raise ``UserError`` unless *there* may post with what was given for *found*."""
    if there.chat != context.chat or found.draft_until is None:
        raise UserError(
            _(
                "There is a robot “{name}” already. Choose another name: {line}",
                name=there.name,
                line=f"/robot bind {found.name} as {found.name}-2",
            )
        )
    if there.from_yaml:
        raise UserError(words.of_the_yaml(there))


async def _check_webhook(webhook: str, name: str, context: Context) -> None:
    """Two robots with one webhook would spoil each other's pace."""
    number = await robots.holder(context.tx, webhook)
    if number is None:
        return
    mine = await draft_of(name, context)
    there = await robots.named(context.tx, name)
    # Given anew under its own name, it is to take over: with another secret, say.
    known = [each for each in (mine, there) if each is not None and each.id == number]
    if all(each.from_yaml for each in known):
        raise UserError(
            _(
                "This webhook is in use here already, by another robot. Make a new "
                "custom bot in Lark, or remove the other one."
            )
        )


def with_settings(robot: Robot, said: Settings) -> Robot:
    """Return *robot* with what was said of it."""
    return replace(
        robot,
        keyword=robot.keyword if said.keyword is None else said.keyword or None,
        mention_all=(
            robot.mention_all if said.mention_all is None else said.mention_all
        ),
        allow=robot.allow if said.allow is None else said.allow,
        deny=robot.deny if said.deny is None else said.deny,
        per_hour=robot.per_hour if said.per_hour is None else said.per_hour or None,
    )


def _test(name: str) -> Button:
    return Button(_("Test"), f"/robot test {name}")
