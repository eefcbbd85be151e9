"""The robots of a group, or all of them for an admin: how each is set and doing."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from handlers.context import Context, Role
from handlers.language.durations import say_duration
from handlers.language.moments import say_moment
from handlers.names import plain_or_quoted
from handlers.reply import Button, Reply
from handlers.robot import words
from handlers.robot.hooks import WHERE, show_webhook
from handlers.robot.requests import List, write
from handlers.view import Buttons, Part, Rule, Style, Words
from store import lanes, ledger, posts, robots
from store.errors import StoreError
from store.lanes import lane_id
from store.posts import Health
from store.robots import Robot
from store.values import Channel, Destination, Kind
from store.wording import Text, _, _n, clauses, dotted, sentences

#: As many as a card holds with their buttons: each has up to 22 elements.
PAGE = 8


async def show(request: List, context: Context) -> Reply:
    """Return the robots that the asker may see here."""
    found = await _visible(context)
    add = () if context.is_group else (_add(),)
    if not found:
        return Reply(
            title=words.TITLE,
            lines=(_none(context), WHERE),
            canonical=write(request),
            buttons=add,
        )
    last = -(-len(found) // PAGE)
    # What was on the last page may be gone since it was shown.
    here = List(min(request.page, last))
    parts: list[Part] = []
    facts: dict[str, str] = {}
    for robot in found[PAGE * (here.page - 1) : PAGE * here.page]:
        parts += [Rule()] if parts else []
        parts.append(Words(await _headline(robot, context), Style.STRONG))
        parts += [Words(each) for each in await _details(robot, context)]
        facts[robot.rule] = _state(robot)
        if _may_use(robot, context):
            parts.append(Buttons(_buttons(robot, here, context)))
    return Reply(
        title=words.TITLE,
        lines=(),
        view=tuple(parts),
        facts=facts,
        canonical=write(here),
        buttons=(*_pages(here.page, last), *add),
    )


def _pages(page: int, last: int) -> tuple[Button, ...]:
    """Return the ways to the page before and the one behind, in place."""
    before = Button(_("Back"), "", show=write(List(page - 1)))
    behind = Button(
        _("More ({page} of {last})", page=page + 1, last=last),
        "",
        show=write(List(page + 1)),
    )
    return (
        *((before,) if page > 1 else ()),
        *((behind,) if page < last else ()),
    )


async def _visible(context: Context) -> list[Robot]:
    found = [
        each
        for each in await robots.every(context.tx)
        if context.reaches(each.destination)
    ]
    if context.is_group:
        return found
    return [*await robots.drafts(context.tx, context.me, now=context.now), *found]


async def _headline(robot: Robot, context: Context) -> Text:
    state = _("on")
    if robot.draft_until is not None:
        state = _("waits for its group")
    elif robot.paused:
        by = context.say_person(robot.changed_by or robot.created_by)
        state = _("paused by {who}", who=by)
    return _("{robot}: {state}", robot=robot.name, state=state)


async def _details(robot: Robot, context: Context) -> list[Text]:
    """Return what it posts with and where, what it takes, and how it is doing."""
    given = [*words.settings(robot), _author(robot, context)]
    return [
        dotted(await _hook(robot, context), _place(robot, context), *given),
        *await _doing(robot, context),
    ]


async def _hook(robot: Robot, context: Context) -> Text:
    try:
        hook = await robots.hook(context.tx, robot)
    except StoreError:
        return _("its webhook cannot be opened: a key is missing under secrets.keys")
    if hook is None:
        return _("its webhook is forgotten")
    return dotted(show_webhook(hook.webhook), words.signing(hook))


def _place(robot: Robot, context: Context) -> str:
    if robot.chat is None:
        return "" if robot.draft_until else _("no group, for admins alone")
    return context.say(Destination(Kind.CHAT, robot.chat))


def _author(robot: Robot, context: Context) -> str:
    if not robot.from_yaml:
        return ""
    if robot.changed_by is None:
        return _("yaml")
    return _("yaml, changed by {who}", who=context.say_person(robot.changed_by))


async def _doing(robot: Robot, context: Context) -> list[Text]:
    if robot.draft_until is not None:
        until = say_moment(robot.draft_until, now=context.now, zone=context.clock)
        line = f"/robot bind {plain_or_quoted(robot.name)}"
        return [_("Until {until}; write {line} in it.", until=until, line=line)]
    said: list[str] = []
    if robot.per_hour is not None:
        lane = lane_id(robot.destination, Channel.CHAT)
        used = await posts.of(context.tx, lane, now=context.now)
        said.append(
            _("{used} of {most} an hour used", used=len(used), most=robot.per_hour)
        )
    waiting = await ledger.waiting_for(context.tx, robot.destination)
    if waiting:
        said.append(_n("{count} waits", "{count} wait", waiting))
    said += _health(await posts.health(context.tx, robot), context)
    lines = [clauses(*said)]
    lines += [
        _("Parked: {words}", words=each.words)
        for each in await lanes.parked(context.tx)
        if each.destination == robot.destination
    ]
    return lines


def _health(found: Health, context: Context) -> Iterable[Text]:
    """Yield when it took a message last, and why it did not, if that was later."""
    worked, failed = found.worked_at, found.failed_at
    if worked is not None:
        yield _("took a message {long} ago", long=_long(worked, context))
    if failed is not None and (worked is None or failed > worked):
        yield _(
            "the last post failed {long} ago: {words}",
            long=_long(failed, context),
            words=found.words,
        )
    if worked is None and failed is None:
        yield _("has posted nothing yet")


def _long(moment: datetime, context: Context) -> str:
    return say_duration(context.now - moment)


def _may_use(robot: Robot, context: Context) -> bool:
    if robot.draft_until is not None or not context.is_group:
        return True
    return context.is_admin or Role.EDITOR in context.roles


def _state(robot: Robot) -> str:
    return "paused" if robot.paused else "on"


def _buttons(robot: Robot, here: List, context: Context) -> tuple[Button, ...]:
    name = plain_or_quoted(robot.name)

    def tapped(label: Text, verb: str, *, danger: bool = False) -> Button:
        return Button(
            label,
            f"/robot {verb} {name}",
            danger=danger,
            show=write(here),
            about=robot.rule,
            was=_state(robot),
        )

    # A test is answered by a message of its own.
    test = Button(_("Test"), f"/robot test {name}")
    turn = (
        tapped(_("Resume"), "resume") if robot.paused else tapped(_("Pause"), "pause")
    )
    drop = tapped(_("Remove"), "remove", danger=True)
    if robot.draft_until is not None:
        return (test, drop)
    return (test, turn) if robot.from_yaml else (test, turn, drop)


def _none(context: Context) -> Text:
    if context.is_group:
        return sentences(
            _("No robot posts in this group."),
            _("To add one, write /robot add to me in a direct chat."),
        )
    return _("There is no robot here yet.")


def _add() -> Button:
    return Button(_("Add robot"), "/robot add")
