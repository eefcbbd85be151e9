"""What we say about robots. No webhook and no secret is among it."""

from __future__ import annotations

from handlers.context import Context
from handlers.language.moments import say_moment
from handlers.names import plain_or_quoted
from handlers.robot.hooks import show_webhook
from handlers.rules.reception import cap_words
from store.directory import Chat
from store.robots import Hook, Robot
from store.wording import Text, _, _n, clauses, commas, sentences

ADDED = _("Robot added")
BOUND = _("Robot bound")
CHANGED = _("Robot changed")
PAUSED = _("Robot paused")
RESUMED = _("Robot resumed")
REMOVED = _("Robot removed")
TITLE = _("Robots")


def added(robot: Robot, given: Hook, group: Chat | None) -> Text:
    """``ops-room: added; open.larksuite.com/…/hook/****a1b2, signed; in group ops.``"""
    where = (
        _("in group {name}", name=group.alias or group.name or group.id)
        if group is not None
        else _("bound to no group, for admins alone")
    )
    return _(
        "{robot}: added; {how}; {where}.",
        robot=robot.name,
        how=posts_with(given),
        where=where,
    )


def drafted(robot: Robot, given: Hook, context: Context) -> Text:
    """Say that it is kept, and until when it waits for its group."""
    until = say_moment(
        robot.draft_until or context.now, now=context.now, zone=context.clock
    )
    return _(
        "{robot}: kept; {how}. It waits for its group until {until}.",
        robot=robot.name,
        how=posts_with(given),
        until=until,
    )


def bind_it(robot: Robot) -> Text:
    """Say what has to be said in the group, and why there."""
    return _(
        "Now write in that group, with @ before it: {line}. Whoever may edit there can "
        "use the robot then.",
        line=f"/robot bind {plain_or_quoted(robot.name)}",
    )


def bound(robot: Robot) -> tuple[Text, Text]:
    """Say that it posts in this group now, and how messages get to it."""
    return (
        _("{robot}: bound to this group.", robot=robot.name),
        next_steps(robot),
    )


def next_steps(robot: Robot) -> Text:
    """Say how messages get to it."""
    name = plain_or_quoted(robot.name)
    return sentences(
        _(
            "Nothing goes to it yet: “{line}” sends something.",
            line=f"/sub add product.alarm to robot:{name}",
        ),
        _("Editors of its group can test, pause and set it.") if robot.chat else "",
    )


def to_delete(*, by_form: bool) -> str:
    """Ask for the message to be deleted that held the secret, where there is one."""
    if by_form:
        return ""
    return _(
        "Please delete your message now: it holds what nobody else should read, and I "
        "cannot delete it for you."
    )


def replaces(robot: Robot) -> tuple[str, ...]:
    """Say what a robot of this group would post with."""
    return (
        _(
            "Robot {robot} of this group posts with another webhook or secret. It "
            "shall post with what you gave me; its rules stay.",
            robot=robot.name,
        ),
    )


def replaced(robot: Robot) -> tuple[str, ...]:
    """Say that it posts with another webhook now."""
    return (
        _(
            "{robot}: posts with what you gave me; its rules are as they were.",
            robot=robot.name,
        ),
    )


def paused(robot: Robot, waiting: int) -> tuple[str, ...]:
    """Say what becomes of its messages."""
    return (
        _("{robot}: on → paused.", robot=robot.name),
        sentences(
            _(
                "What is sent to it waits, criticals too, until {line}.",
                line=_resume(robot),
            ),
            _n("{count} message waits.", "{count} messages wait.", waiting)
            if waiting
            else "",
        ),
    )


def resumed(robot: Robot, waiting: int) -> tuple[str, ...]:
    """Say what becomes of what waited."""
    return (
        _("{robot}: paused → on.", robot=robot.name),
        _n(
            "{count} message that waited is on its way.",
            "{count} messages that waited are on their way.",
            waiting,
        )
        if waiting
        else _("Nothing waited."),
    )


def about_to_remove(
    robot: Robot, rules: int, windows: int, waiting: int
) -> tuple[str, ...]:
    """Say what removing it would change."""
    touched = [
        _n("{count} rule sends to it", "{count} rules send to it", rules)
        if rules
        else _("no rule sends to it"),
    ]
    if windows:
        touched.append(
            _n("{count} window is its own", "{count} windows are its own", windows)
        )
    if waiting:
        touched.append(
            _n("{count} message waits for it", "{count} messages wait for it", waiting)
        )
    said = (
        _("Remove robot {robot}: {what}.", robot=robot.name, what=clauses(*touched)),
    )
    if not rules:
        return said
    return (
        *said,
        _("Those rules send to their other places alone; one without any is removed."),
    )


def removed(robot: Robot, rules: int) -> tuple[str, ...]:
    """Say what is gone, what is kept, and for how long."""
    gone = _("{robot}: removed.", robot=robot.name)
    if rules:
        gone = sentences(
            gone,
            _n("{count} rule was changed.", "{count} rules were changed.", rules),
        )
    return (
        gone,
        _(
            "What it posts with stays sealed for 10 minutes, so that /undo works, and "
            "so does what waits for it; then both are gone."
        ),
    )


def of_the_yaml(robot: Robot) -> Text:
    """Say whose robot it is, and what can be done from here."""
    return _(
        "Robot {robot} is the YAML's: its webhook, secret and group stand there. From "
        "here it can be paused and set.",
        robot=robot.name,
    )


def waits(robot: Robot) -> Text:
    """Say that nothing goes to it before it is bound."""
    return _(
        "Robot {robot} waits for its group, so nothing goes to it yet. Write there: "
        "{line}",
        robot=robot.name,
        line=f"/robot bind {plain_or_quoted(robot.name)}",
    )


def nothing_waits(name: str) -> Text:
    """Say that nobody gave such a robot, and how it is done."""
    return _(
        "No robot “{name}” of yours waits for a group. Give it to me in a direct chat "
        "first: /robot add",
        name=name,
    )


def changed(was: Robot, now: Robot) -> Text:
    """``ops-room: at most 20 posts an hour → no cap; notifies all: no → yes.``"""
    parts: list[str] = []
    if was.keyword != now.keyword:
        parts.append(_step(_("keyword"), _said(was.keyword), _said(now.keyword)))
    if was.mention_all != now.mention_all:
        parts.append(
            _step(_("notifies all"), _yes(was.mention_all), _yes(now.mention_all))
        )
    if was.allow != now.allow:
        parts.append(_step(_("only"), _list(was.allow), _list(now.allow)))
    if was.deny != now.deny:
        parts.append(_step(_("not"), _list(was.deny), _list(now.deny)))
    if was.per_hour != now.per_hour:
        parts.append(_step(_("cap"), _cap(was.per_hour), _cap(now.per_hour)))
    if was.paused != now.paused:
        parts.append(_("on → paused") if now.paused else _("paused → on"))
    if was.hook != now.hook:
        parts.append(_("another webhook or secret"))
    return _(
        "{robot}: {changes}.",
        robot=now.name,
        changes=clauses(*parts) or _("as it was"),
    )


def what_it_takes(was: Robot, robot: Robot) -> str:
    """Say what becomes of what it does not take, where that was changed."""
    said: list[str] = []
    if (robot.allow or robot.deny) and (robot.allow, robot.deny) != (
        was.allow,
        was.deny,
    ):
        said.append(
            _(
                "What its words leave out is not sent there, criticals neither; /why "
                "tells it."
            )
        )
    if robot.per_hour is not None and robot.per_hour != was.per_hour:
        said.append(
            _(
                "What is over the cap waits, an hour at the most, and comes as one "
                "digest; criticals count and do not wait."
            )
        )
    return sentences(*said)


def posts_with(given: Hook) -> Text:
    """``open.larksuite.com/…/hook/****a1b2, signed``"""
    return commas([show_webhook(given.webhook), signing(given)])


def signing(given: Hook) -> Text:
    """``signed``"""
    return _("not signed") if given.secret is None else _("signed")


def settings(robot: Robot) -> list[str]:
    """Return how a robot is set, where it is set to anything."""
    said: list[str] = []
    if robot.keyword:
        said.append(_("keyword “{word}”", word=robot.keyword))
    if robot.mention_all:
        said.append(_("notifies all"))
    if robot.allow:
        said.append(_("only {words}", words=commas(robot.allow)))
    if robot.deny:
        said.append(_("not {words}", words=commas(robot.deny)))
    return said


def _resume(robot: Robot) -> str:
    return f"/robot resume {plain_or_quoted(robot.name)}"


def _step(what: str, was: str, now: str) -> Text:
    return _("{what}: {was} → {now}", what=what, was=was, now=now)


def _said(word: str | None) -> str:
    return _("“{word}”", word=word) if word else _("none")


def _list(words: tuple[str, ...]) -> str:
    return commas(words) if words else _("none")


def _yes(so: bool) -> Text:
    return _("yes") if so else _("no")


def _cap(most: int | None) -> Text:
    return _("none") if most is None else cap_words(most)
