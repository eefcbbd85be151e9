"""What a line about robots says. Whatever it holds that is secret stays unsaid."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

from handlers.context import Context
from handlers.errors import Misunderstood, Unknown, UserError
from handlers.language.cursor import Cursor
from handlers.language.secrecy import BY_FORM
from handlers.language.slots import One, fill
from handlers.language.suggestions import nearest
from handlers.names import plain_or_quoted
from handlers.robot.giving import ADDRESS, HookSlots
from handlers.robot.requests import (
    Add,
    Bind,
    List,
    Pause,
    Remove,
    Request,
    Reset,
    Resume,
    Set,
    Settings,
    Test,
)
from handlers.robot.settings import SettingSlots
from handlers.router import Command
from store.values import Destination, Kind
from store.wording import _

USAGE = "add | list | test | pause | resume | set | remove | bind | reset"

LONGEST_NAME = 64
#: The most words of a test, in characters.
LONGEST_TEST = 500

_NO_NAME = re.compile(r"[\s:,@\"'()]")


def read(command: Command, context: Context) -> Request:
    """Return what *command* asks. Raises ``Misunderstood``, or ``UserError``."""
    cursor = command.rest
    verb = command.verb or ("list" if cursor.done else "")
    match verb:
        case "add":
            return _read_add(cursor, context)
        case "set":
            return _read_set(cursor, context)
        case "bind":
            return _read_bind(cursor, context)
        case "test":
            return _read_test(cursor, context)
        case "pause" | "off":
            return Pause(name=_only_name(cursor, context))
        case "resume":
            return Resume(name=_only_name(cursor, context))
        case "remove":
            return Remove(name=_only_name(cursor, context))
        case "reset":
            return Reset(name=_only_name(cursor, context))
        case "list":
            page: One[int] = One(_("the page"), _page)
            fill(cursor, page)
            return List(page.value or 1)
        case _:
            raise _no_verb(cursor, context)


def read_name(text: str) -> str:
    """Return *text* as the name of a new robot, or raise ``UserError``."""
    name = unicodedata.normalize("NFKC", text)
    odd = _NO_NAME.search(name) or name.startswith(("ou_", "oc_"))
    if not name or odd or not name.isprintable() or ADDRESS.match(name):
        raise UserError(
            _(
                "A robot's name is one word, such as {such}: no spaces, commas, "
                "colons, quotes, parentheses or @.",
                such="ops-room",
            )
        )
    if len(name) > LONGEST_NAME:
        raise UserError(
            _("A robot's name has at most {most} characters.", most=LONGEST_NAME)
        )
    return name


def _read_add(cursor: Cursor, context: Context) -> Add:
    if cursor.done:
        return Add()
    if context.is_group:
        # Nothing more is read of it: what may be secret is not looked at.
        cursor.rest_as_typed()
        return Add()
    # Whatever it says, an address is no name.
    name = "" if ADDRESS.match(cursor.here.raw) else cursor.whole().text
    if name:
        _ask_for_resume(cursor, name, context)
        cursor.take()
        name = read_name(name)
    slots = SettingSlots()
    hook = HookSlots(bare=True)
    group: One[str] = One(_("the group"), _group, words={"chat": "chat"})
    by_form: One[bool] = One(_("how it was given"), _by_form)
    fill(cursor, by_form, hook.webhook, hook.secret, group, *slots.all, hook.bare)
    if not name:
        raise Misunderstood(_("What shall the robot be called? /robot add NAME …"))
    return Add(
        name=name,
        given=hook.given(),
        settings=slots.value(),
        group=group.value or "",
        by_form=bool(by_form.value),
    )


def _read_set(cursor: Cursor, context: Context) -> Set:
    name = _name(cursor, context)
    slots = SettingSlots()
    hook = HookSlots(bare=False)
    by_form: One[bool] = One(_("how it was given"), _by_form)
    fill(cursor, by_form, hook.webhook, hook.secret, *slots.all)
    given, settings = hook.given(), slots.value()
    asks = hook.asks and not given
    if not given and not asks and settings == Settings():
        raise Misunderstood(
            _("What shall be different? Keyword, notify, allow, deny, per_hour."),
            choices=tuple(
                f"/robot set {plain_or_quoted(name)} {such}"
                for such in ("per_hour=20", "notify all", "deny=drill")
            ),
        )
    return Set(
        name=name,
        settings=settings,
        given=given,
        asks=asks,
        by_form=bool(by_form.value),
    )


def _read_bind(cursor: Cursor, context: Context) -> Bind:
    name = _name(cursor, context, drafts=True)
    called: One[str] = One(_("the name"), _called, words={"as": "as"})
    fill(cursor, called)
    return Bind(name=name, called=called.value or "")


def _read_test(cursor: Cursor, context: Context) -> Test:
    name = _name(cursor, context)
    text = " ".join(cursor.rest_as_typed().split())
    if len(text) > LONGEST_TEST:
        raise UserError(
            _("A test says up to {most} characters, please.", most=LONGEST_TEST)
        )
    return Test(name=name, text=text)


def _only_name(cursor: Cursor, context: Context) -> str:
    name = _name(cursor, context)
    fill(cursor)
    return name


def known(context: Context, *, drafts: bool = False) -> tuple[str, ...]:
    """Return the robots that a line typed here may name, with one's *drafts*.

    In a direct chat these are among them anyway.
    """
    names = [
        name
        for name in context.names.robots
        if context.reaches(Destination(Kind.ROBOT, name))
    ]
    if drafts or not context.is_group:
        names += context.names.drafts
    if drafts and context.is_admin:
        names += [name for name, chat in context.names.robots.items() if chat is None]
    return tuple(sorted(dict.fromkeys(names)))


def _name(cursor: Cursor, context: Context, *, drafts: bool = False) -> str:
    """Take the name of a robot that may be named here, as it is written."""
    here = known(context, drafts=drafts)
    cursor.one_of({"robot", "机器人"})
    if cursor.done:
        lines = tuple(cursor.line_with(plain_or_quoted(each)) for each in here[:3])
        raise Misunderstood(_("Which robot?"), choices=lines)
    said = cursor.whole().text
    kind, colon, rest = said.partition(":")
    if colon and kind.casefold() in ("robot", "机器人"):
        said = rest
    found = [each for each in here if each.casefold() == said.casefold()]
    exact = [each for each in found if each == said] or found
    if len(exact) != 1:
        raise _nobody(cursor, said, here, context)
    cursor.take()
    return exact[0]


def _nobody(
    cursor: Cursor, said: str, here: tuple[str, ...], context: Context
) -> Misunderstood:
    words: Mapping[str, str] = {each.casefold(): plain_or_quoted(each) for each in here}
    choices = tuple(cursor.line_with(each) for each in nearest(said, words))
    text = _("I know no robot “{name}” here.", name=said)
    if not choices and not context.is_group and not context.is_admin:
        text = _(
            "I know no robot “{name}” here. The robots of a group are seen and set in "
            "that group.",
            name=said,
        )
    return Misunderstood(text, choices=choices)


def _no_verb(cursor: Cursor, context: Context) -> Misunderstood:
    said = cursor.here.text
    found = [name for name in known(context) if name.casefold() == said.casefold()]
    if found:
        name = plain_or_quoted(found[0])
        return Misunderstood(
            _("What about robot {robot}?", robot=found[0]),
            choices=(f"/robot test {name}", f"/robot pause {name}", "/robot list"),
        )
    return Unknown(
        _("I do not know “{word}” here.", word=said), choices=("/robot list",)
    )


def _ask_for_resume(cursor: Cursor, name: str, context: Context) -> None:
    """To “enable” a robot that is there already is not to add it."""
    alone = len(cursor.ahead(2)) == 1
    if alone and name.casefold() in {each.casefold() for each in known(context)}:
        raise Misunderstood(
            _("There is a robot {robot} already.", robot=name),
            choices=(
                f"/robot resume {plain_or_quoted(name)}",
                f"/robot set {plain_or_quoted(name)} secret",
            ),
        )


def _group(cursor: Cursor) -> str | None:
    if not cursor.option("in"):
        return None
    return cursor.value("chat", _text, "chat ops")


def _called(cursor: Cursor) -> str | None:
    if not cursor.option("as"):
        return None
    return read_name(cursor.value("as", _text, "as ops-room"))


def _text(cursor: Cursor) -> str | None:
    if cursor.done:
        return None
    found = cursor.whole().text
    cursor.take()
    return found


def _page(cursor: Cursor) -> int | None:
    if not cursor.option("page"):
        return None
    return max(1, cursor.value("page", Cursor.number, "page 2"))


def _by_form(cursor: Cursor) -> bool | None:
    return cursor.one_of({BY_FORM}) or None
