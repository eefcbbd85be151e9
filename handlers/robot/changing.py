"""How a robot changes: what it takes, what it posts with, whether it posts at all."""

from __future__ import annotations

from dataclasses import replace

from handlers import confirming
from handlers.changes import Changes
from handlers.context import Context
from handlers.errors import Forbidden, UserError
from handlers.keepers import reset_robot
from handlers.reply import Button, Reply
from handlers.robot import words
from handlers.robot.adding import with_settings
from handlers.robot.finding import check_right, one
from handlers.robot.form import ask_for_hook
from handlers.robot.hooks import read_webhook
from handlers.robot.requests import Pause, Remove, Reset, Resume, Set, write
from store import ledger, mutes, robots, schedules, subscriptions, windows
from store.robots import Hook, Robot
from store.values import Subscription
from store.wording import _


async def pause(request: Pause, context: Context) -> Reply:
    """Let nothing out until it is resumed."""
    robot = await _posting(request.name, context)
    if robot.paused:
        return Reply(lines=(_("Robot {robot} is paused already.", robot=robot.name),))
    changes = Changes(context)
    await changes.change(robot, _by(replace(robot, paused=True), context))
    waiting = await ledger.waiting_for(context.tx, robot.destination)
    reply = await changes.reply(
        write(request), *words.paused(robot, waiting), title=words.PAUSED
    )
    resume = Button(_("Resume"), write(Resume(name=robot.name)))
    return replace(reply, buttons=(*reply.buttons, resume))


async def resume(request: Resume, context: Context) -> Reply:
    """Let out what waited."""
    robot = await _posting(request.name, context)
    if not robot.paused:
        return Reply(lines=(_("Robot {robot} is not paused.", robot=robot.name),))
    waiting = await ledger.waiting_for(context.tx, robot.destination)
    changes = Changes(context)
    await changes.change(robot, _by(replace(robot, paused=False), context))
    return await changes.reply(
        write(request), *words.resumed(robot, waiting), title=words.RESUMED
    )


async def remove(request: Remove, context: Context) -> Reply:
    """Take a robot away, and out of the rules that send to it; ask before."""
    robot = await one(request.name, context)
    check_right(robot, context)
    if robot.from_yaml:
        raise UserError(words.of_the_yaml(robot))
    rules = await subscriptions.sent_to(context.tx, robot.destination)
    silent = await windows.of(context.tx, robot.destination)
    waiting = await ledger.waiting_for(context.tx, robot.destination)
    if robot.draft_until is not None:
        rules, silent, waiting = [], [], 0
    if not context.confirmed:
        preview = words.about_to_remove(robot, len(rules), len(silent), waiting)
        return await confirming.ask(context, write(request), preview)
    changes = Changes(context)
    for rule in rules:
        await _without(robot, rule, changes)
    for window in silent:
        await changes.drop(window)
    for schedule in await schedules.of(context.tx, robot.destination):
        await changes.drop(schedule)
    for mute in await mutes.of(context.tx, robot.destination, now=context.now):
        await changes.drop(mute)
    await changes.drop(robot)
    return await changes.reply(
        write(request), *words.removed(robot, len(rules)), title=words.REMOVED
    )


async def reset(request: Reset, context: Context) -> Reply:
    """Go back to what the YAML says."""
    robot = await _mine(request.name, context)
    if not robot.from_yaml:
        raise UserError(
            _(
                "Robot {robot} was made in the chat, so there is nothing to go back "
                "to.",
                robot=robot.name,
            )
        )
    if robot.changed_by is None:
        return Reply(
            lines=(_("Robot {robot} is as the YAML has it.", robot=robot.name),)
        )
    changes = Changes(context)
    now = await reset_robot(context, robot)
    changes.note(robot, robot, now)
    return await changes.reply(
        write(request), words.changed(robot, now), title=words.CHANGED
    )


async def change(request: Set, context: Context) -> Reply:
    """Change what a robot takes and how it speaks, or what it posts with."""
    robot = await _mine(request.name, context)
    if request.given or request.asks:
        _check_hook(robot, request, context)
    if request.asks:
        return ask_for_hook(robot)
    changed = _by(with_settings(robot, request.settings), context)
    given = await _given(robot, request, context)
    if given is not None:
        changed = await robots.equip(context.tx, changed, given, now=context.now)
    if replace(changed, changed_by=robot.changed_by) == robot:
        return Reply(lines=(_("It is so already. Nothing changed."),))
    changes = Changes(context)
    await changes.change(robot, changed)
    reply = await changes.reply(
        write(request),
        words.changed(robot, changed),
        words.to_delete(by_form=request.by_form) if given else "",
        words.what_it_takes(robot, changed),
        title=words.CHANGED,
    )
    test = Button(_("Test"), f"/robot test {robot.name}")
    return replace(reply, buttons=(*reply.buttons, test))


def _check_hook(robot: Robot, request: Set, context: Context) -> None:
    if context.is_group:
        raise Forbidden(
            _(
                "A webhook or a secret is given in a direct chat with me, never here. "
                "Write /robot set NAME secret there, or add the robot anew and bind it."
            )
        )
    if robot.from_yaml:
        raise UserError(words.of_the_yaml(robot))


async def _given(robot: Robot, request: Set, context: Context) -> Hook | None:
    """Return the hook with what was given in place of what it had."""
    if not request.given:
        return None
    was = await robots.hook(context.tx, robot)
    webhook, secret = request.given.webhook, request.given.secret
    if webhook is not None:
        webhook = read_webhook(webhook, hosts=context.hosts)
        holder = await robots.holder(context.tx, webhook)
        if holder not in (None, robot.id):
            raise UserError(_("Another robot posts with this webhook already."))
    elif was is not None:
        webhook = was.webhook
    if webhook is None:
        raise UserError(_("Its webhook is forgotten. Give it with the secret, please."))
    if secret is None:
        secret = was.secret if was is not None else None
    given = Hook(webhook, secret or None)
    return None if given == was else given


async def _without(robot: Robot, rule: Subscription, changes: Changes) -> None:
    """Let *rule* send to the others alone; without others it is dropped."""
    left = tuple(each for each in rule.to if each != robot.destination)
    if left:
        await changes.change(rule, replace(rule, to=left))
    else:
        await changes.drop(rule)


async def _mine(name: str, context: Context) -> Robot:
    robot = await one(name, context)
    check_right(robot, context)
    return robot


async def _posting(name: str, context: Context) -> Robot:
    """Return a robot that posts: one that waits for its group has nothing to pause."""
    robot = await _mine(name, context)
    if robot.draft_until is not None:
        raise UserError(words.waits(robot))
    return robot


def _by(robot: Robot, context: Context) -> Robot:
    return replace(robot, changed_by=context.asker)
