"""Where messages go, as people name it: ``chat``, ``me``, ``robot:ops``, ``@Wei``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from handlers.context import Context
from handlers.errors import Forbidden, Misunderstood
from handlers.language.addresses import read_address
from handlers.language.cursor import Cursor
from handlers.language.lexicon import AND, HERE, ME, THIS
from handlers.language.patterns import types_reader
from handlers.language.slots import One
from handlers.language.suggestions import nearest
from handlers.language.text import unquoted
from handlers.names import plain_or_quoted, reference
from store.values import Destination, Kind
from store.wording import Text, _, commas

_REFERENCE = re.compile(
    r"(robot|chat|person|group|机器人|群组|群)[:=](.*)", re.IGNORECASE
)
_KINDS: Mapping[str, Kind] = {
    **{kind.value: kind for kind in Kind},
    "机器人": Kind.ROBOT,
    "群": Kind.CHAT,
    "群组": Kind.GROUP,
}


def read_reference(cursor: Cursor, context: Context) -> Destination | None:
    """Take ``kind:name`` or ``@name``: what can be nothing else."""
    if cursor.done:
        return None
    token = cursor.here
    if token.raw.startswith("@"):
        return _mentioned(cursor, context)
    match = _REFERENCE.fullmatch(token.raw)
    if match is None:
        return None
    kind, name = _KINDS[match.group(1).casefold()], unquoted(match.group(2))
    if not name:
        # robot: ops-room
        cursor.take()
        if cursor.done:
            raise Misunderstood(_which(kind))
        name = cursor.here.text
    found = _named(kind, name, context)
    if found is None:
        raise _nobody(cursor, kind, name, context)
    cursor.take()
    return found


def read_destination(cursor: Cursor, context: Context) -> Destination | None:
    """Take any destination, for behind ``to`` or ``for``: a bare name does."""
    if cursor.done:
        return None
    if cursor.one_of(HERE):
        if not context.is_group:
            raise Misunderstood(
                _("There is no group in a direct chat. Ask me in the group, with @.")
            )
        return context.home
    if cursor.one_of(ME):
        return context.me
    found = read_reference(cursor, context)
    if found is not None:
        return found
    named = {_named(kind, cursor.here.text, context) for kind in Kind} - {None}
    if len(named) != 1:
        return None
    cursor.take()
    return named.pop()


def read_destinations(
    cursor: Cursor, context: Context
) -> tuple[Destination, ...] | None:
    """Take a list of destinations, for behind ``to``."""
    found: list[Destination] = []
    while True:
        mark = cursor.mark()
        joined = not cursor.done and cursor.here.comma
        joined = cursor.one_of(AND) or joined
        one = read_destination(cursor, context) if joined or not found else None
        if one is None:
            cursor.back(mark)
            if not found:
                _check_address(cursor)
            return tuple(found) or None
        found.append(one)


def _check_address(cursor: Cursor) -> None:
    """Raise for an address that is nobody's here: Lark has to be asked whose it is."""
    mark = cursor.mark()
    found = read_address(cursor)
    cursor.back(mark)
    if found is not None:
        raise Misunderstood(
            _(
                "I do not know {address} yet. /recipients add, with that address and "
                "“for finance.refund”, asks Lark whose it is, or sends it a code.",
                address=found.shown,
            )
        )


def target_slot(context: Context) -> One[Destination]:
    """Return the slot for whom a silence is: ``for me``, ``for robot:NAME``."""

    def read(cursor: Cursor) -> Destination | None:
        if context.is_group and cursor.one_of(THIS):
            return context.home
        mark = cursor.mark()
        if cursor.one_of(ME):
            cursor.back(mark)
            raise Misunderstood(
                _("For you alone?"), choices=(cursor.line_with("for me"),)
            )
        if not cursor.option("for"):
            return read_reference(cursor, context)
        if about_types(cursor, context, groups=False):
            cursor.back(mark)
            return None
        found = cursor.value(
            "for",
            lambda at: read_destination(at, context),
            commas(("for me", "for robot:NAME")),
            destination_words(context),
        )
        _check_alone(cursor, context)
        return found

    words = {"for": "for", **destination_words(context)}
    return One(_("whom it is for"), read, words=words)


def _check_alone(cursor: Cursor, context: Context) -> None:
    """Raise where somebody else is named too: hours and mutes are for one."""
    mark = cursor.mark()
    joined = cursor.one_of(AND) or (not cursor.done and cursor.here.comma)
    other = read_destination(cursor, context) if joined else None
    count = cursor.mark()[1] - mark[1]
    cursor.back(mark)
    if other is not None:
        raise Misunderstood(
            _("For one at a time, please."),
            choices=(cursor.line_with("", count),),
            count=count,
        )


def about_types(cursor: Cursor, context: Context, *, groups: bool) -> bool:
    """Whether a type stands here, and nobody who is called so.

    ``for finance.refund`` says what a line is about, and not whom it is for. Of a group
    of people that is called like a category, it is the category, unless *groups* count.
    """
    mark = cursor.mark()
    if cursor.done:
        return False
    try:
        bare = ":" not in cursor.here.raw
        found = read_destinations(cursor, context)
        if found and (groups or not bare or found[0].kind is not Kind.GROUP):
            return False
        cursor.back(mark)
        return types_reader(context.types, quotes=True)(cursor) is not None
    except Misunderstood:
        return False
    finally:
        cursor.back(mark)


def destination_words(context: Context) -> Mapping[str, str]:
    """Return the names that may be typed here → how they are written best."""
    words: dict[str, str] = {}
    for destination in _known(context):
        name = context.names.name_of(destination)
        written = reference(destination, name)
        words[name.casefold()] = written
        words[written.casefold()] = written
    return words


def _known(context: Context) -> Iterator[Destination]:
    """Yield what a line typed here may name; never another group's."""
    names = context.names
    for robot in names.robots:
        if context.reaches(Destination(Kind.ROBOT, robot)):
            yield Destination(Kind.ROBOT, robot)
    for person in names.people:
        if found := names.person(person):
            yield found
    for outsider in names.outsiders:
        yield Destination(Kind.PERSON, outsider)
    for group in names.groups:
        yield Destination(Kind.GROUP, group)
    if context.is_admin and not context.is_group:
        for chat in names.chats.values():
            yield Destination(Kind.CHAT, chat)


def _named(kind: Kind, name: str, context: Context) -> Destination | None:
    match kind:
        case Kind.ROBOT:
            found = context.names.robot(name)
        case Kind.CHAT:
            found = context.names.chat(name)
        case Kind.PERSON:
            return context.names.person(name)
        case Kind.GROUP:
            return context.names.group(name)
    if found is None:
        return None
    unbound = kind is Kind.ROBOT and context.names.robots[found.name] is None
    visible = context.reaches(found) or (unbound and context.is_admin)
    return found if visible else None


def _mentioned(cursor: Cursor, context: Context) -> Destination:
    name = cursor.here.text[1:]
    if name.casefold() in ME:
        cursor.take()
        return context.me
    if name.casefold() in {"all", "everyone", "_all", "所有人"}:
        raise Misunderstood(
            _("@all is no destination. Write “to chat” for this group.")
        )
    found = context.names.person(name)
    if found is None or name.startswith("ou_"):
        raise Misunderstood(
            _(
                "I do not know {name}. Pick the person from the list that "
                "Lark shows when you type @.",
                name=cursor.here.text,
            )
        )
    cursor.take()
    return found


def _nobody(
    cursor: Cursor, kind: Kind, name: str, context: Context
) -> Misunderstood | Forbidden:
    if kind is Kind.CHAT:
        return Forbidden(
            _(
                "A group's settings are seen and changed in that group alone. "
                "Ask me there; admins can also do it in a direct chat."
            )
        )
    if kind is Kind.ROBOT and context.is_group and name in context.names.drafts:
        return Misunderstood(
            _("Robot “{name}” waits to be bound to its group.", name=name),
            choices=(f"/robot bind {plain_or_quoted(name)}",),
        )
    known = {
        word: written
        for word, written in destination_words(context).items()
        if written.startswith(f"{kind}:")
    }
    choices = tuple(cursor.line_with(each) for each in nearest(name, known))
    return Misunderstood(_unknown(kind, name), choices=choices)


def _unknown(kind: Kind, name: str) -> Text:
    match kind:
        case Kind.ROBOT:
            return _("I know no robot “{name}” here.", name=name)
        case Kind.PERSON:
            return _("I know no person “{name}” here.", name=name)
        case Kind.GROUP:
            return _("I know no group of people “{name}” here.", name=name)
        case Kind.CHAT:
            return _("I know no group “{name}” here.", name=name)


def _which(kind: Kind) -> Text:
    match kind:
        case Kind.ROBOT:
            return _("Which robot? Write robot:NAME.")
        case Kind.PERSON:
            return _("Which person? Write person:NAME.")
        case Kind.GROUP:
            return _("Which group? Write group:NAME.")
        case Kind.CHAT:
            return _("Which chat? Write chat:NAME.")
