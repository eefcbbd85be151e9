"""What a line about recipients says: whom, for which types, over which channels."""

from __future__ import annotations

import re

from handlers.context import Context
from handlers.errors import Misunderstood
from handlers.language.addresses import Address, read_address
from handlers.language.channels import CHANNEL_WORDS, read_channels
from handlers.language.cursor import Cursor
from handlers.language.destinations import (
    destination_words,
    read_destination,
    read_reference,
)
from handlers.language.doubts import COMPARED
from handlers.language.lexicon import AND, FROM, HERE, ME
from handlers.language.patterns import type_words, types_reader
from handlers.language.slots import Many, One, Slot, fill
from handlers.recipients.requests import (
    NOBODY,
    Add,
    List,
    Remove,
    Request,
    Set,
    Show,
    Stop,
)
from handlers.router import Command
from store.values import Channel, Destination, Kind
from store.wording import Text, _

USAGE = "add | set | remove | list | show"
#: Over which a person is reached, and no group.
_PERSONAL = frozenset({Channel.DM, Channel.EMAIL, Channel.SMS, Channel.VOICE})
_EXAMPLE = "/recipients add @Wei for finance.balance-warning"
_SET_EXAMPLE = "/recipients set @Wei, group:finance for finance.refund"
_NOBODY = frozenset({NOBODY, "none", "no one", "没有人", "无人", "无"})
_OWNER = re.compile(r"(chat:oc|person:ou)_[A-Za-z0-9_-]+")

#: Somebody who can be named, or an address that nobody here has.
Whom = Destination | Address


def read(command: Command, context: Context) -> Request:
    """Return what *command* asks. Raises ``Misunderstood``."""
    cursor = command.rest
    match command.verb:
        case "stop":
            return _read_stop(cursor, context)
        case "add":
            return _read_add(cursor, context)
        case "set":
            return _read_set(cursor, context)
        case "remove" | "off":
            return _read_remove(cursor, context)
        case _:
            return _read_look(cursor, context, verb=command.verb)


class _Slots:
    """The places of a line about recipients, and what they were filled with."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._types = types_reader(context.types, quotes=True)
        self.whom: Many[Whom] = Many(self._read_whom, words=destination_words(context))
        self.types: Many[str] = Many(self._types, words=type_words(context.types))
        self.via: One[frozenset[Channel]] = One(_("the channels"), _read_via)
        self.page: One[int] = One(_("the page"), _read_page)
        self.named: Many[Whom] = Many(self._read_name)

    def fill(self, cursor: Cursor, *more: Slot) -> None:
        """Fill them. Types come before bare names: a person may be called Budget."""
        fill(
            cursor,
            *more,
            _Lead(),
            self.via,
            self.page,
            self.whom,
            self.types,
            self.named,
            _NoFilter(),
        )

    @property
    def all_whom(self) -> tuple[Whom, ...]:
        return tuple(dict.fromkeys((*self.whom.value, *self.named.value)))

    def known(self) -> tuple[Destination, ...]:
        """Return whom the line names, if it is known who each is."""
        for each in self.all_whom:
            if isinstance(each, Address):
                raise Misunderstood(
                    _("{address} is nobody’s here.", address=each.shown)
                )
        return tuple(each for each in self.all_whom if isinstance(each, Destination))

    def _read_whom(self, cursor: Cursor) -> tuple[Whom, ...] | None:
        """Take what can be nothing but a recipient: ``@Wei``, an address, ``me``."""
        if not cursor.done:
            cursor.one_of(AND)
        if cursor.one_of(ME):
            return (self._context.me,)
        address = read_address(cursor)
        if address is not None:
            whose = self._context.names.whose(address.text)
            return (whose or address,)
        found = read_reference(cursor, self._context)
        return None if found is None else (_checked(found),)

    def _read_name(self, cursor: Cursor) -> tuple[Whom, ...] | None:
        if not cursor.done:
            cursor.one_of(AND)
        mark = cursor.mark()
        if cursor.one_of(HERE):
            cursor.back(mark)
            raise Misunderstood(_GROUP)
        found = read_destination(cursor, self._context)
        return None if found is None else (_checked(found),)


_GROUP: Text = _(
    "Recipients are people, groups of people and robots. What this group itself gets "
    "is for /sub."
)


class _Lead:
    """Takes the words that lead in the next part: “for”, “to”, “from”."""

    words: dict[str, str] = {"for": "for"}  # noqa: RUF012 — a slot has words

    def take(self, cursor: Cursor) -> bool:
        led = cursor.option("for") or cursor.option("to") or cursor.one_of(FROM)
        if led and cursor.done:
            raise Misunderstood(
                _(
                    "Something is missing at the end. For example “{such}”.",
                    such=_EXAMPLE,
                )
            )
        return led


class _NoFilter:
    """Says what to do with a filter, which recipients have none of."""

    words: dict[str, str] = {}  # noqa: RUF012 — a slot has words

    def take(self, cursor: Cursor) -> bool:
        if cursor.done or not COMPARED.match(cursor.here.raw):
            return False
        raise Misunderstood(
            _(
                "Recipients get every message of a type. With a filter it is a "
                "subscription: “/sub add product.alarm severity=critical to @Wei”."
            )
        )


def _read_add(cursor: Cursor, context: Context) -> Add:
    slots = _Slots(context)
    slots.fill(cursor)
    if not slots.all_whom:
        raise Misunderstood(_("Add whom? For example “{such}”.", such=_EXAMPLE))
    if not slots.types.value:
        raise Misunderstood(
            _("For which message types? For example “{such}”.", such=_EXAMPLE)
        )
    return Add(
        whom=tuple(each for each in slots.all_whom if isinstance(each, Destination)),
        strangers=tuple(each for each in slots.all_whom if isinstance(each, Address)),
        patterns=slots.types.value,
        via=slots.via.value,
    )


def _read_set(cursor: Cursor, context: Context) -> Set:
    slots = _Slots(context)
    nobody = One[bool](_("the recipients"), lambda at: at.one_of(_NOBODY) or None)
    slots.fill(cursor, nobody)
    whom = slots.known()
    if bool(whom) == bool(nobody.value):
        raise Misunderstood(
            _("Set whom? Name them, or “nobody”: “{such}”.", such=_SET_EXAMPLE)
        )
    if not slots.types.value:
        raise Misunderstood(
            _("For which message types? For example “{such}”.", such=_SET_EXAMPLE)
        )
    return Set(whom=whom, patterns=slots.types.value, via=slots.via.value)


def _read_remove(cursor: Cursor, context: Context) -> Remove:
    slots = _Slots(context)
    slots.fill(cursor)
    whom = slots.known()
    if not whom:
        raise Misunderstood(_("Remove whom? /recipients lists them."))
    return Remove(whom=whom, patterns=slots.types.value, via=slots.via.value)


def _read_look(cursor: Cursor, context: Context, *, verb: str) -> List | Show:
    start = cursor.mark()
    slots = _Slots(context)
    slots.fill(cursor)
    whom, types = slots.known(), slots.types.value
    if not verb and whom and types:
        cursor.back(start)
        raw = cursor.here.raw
        lines = (cursor.line_with(f"{each} {raw}") for each in ("add", "remove"))
        raise Misunderstood(_("Add, or remove?"), choices=tuple(lines))
    page = slots.page.value or 1
    if not whom:
        return List(patterns=types, page=page)
    if len(whom) > 1 or types:
        raise Misunderstood(
            _("One at a time, please: /recipients show @Wei, or list finance.refund.")
        )
    return Show(whom=whom[0], page=page)


def _read_stop(cursor: Cursor, context: Context) -> Stop:
    types: Many[str] = Many(
        types_reader(context.types, quotes=True), words=type_words(context.types)
    )
    owner: One[Destination] = One(_("whose it is"), _read_owner)
    fill(cursor, owner, types)
    if owner.value is None and not types.value:
        raise Misunderstood(_("Stop what? /recipients show me lists what you get."))
    return Stop(owner=owner.value or context.home, patterns=types.value)


def _read_owner(cursor: Cursor) -> Destination | None:
    """Take ``from chat:oc_…``, which buttons carry. It tells nobody what there is."""
    mark = cursor.mark()
    cursor.one_of(FROM)
    if cursor.done or not _OWNER.fullmatch(cursor.here.raw):
        cursor.back(mark)
        return None
    found = Destination.parse(cursor.here.raw)
    cursor.take()
    return found


def _read_via(cursor: Cursor) -> frozenset[Channel] | None:
    mark = cursor.mark()
    if cursor.option("via"):
        return cursor.value("via", read_channels, "via dm,email", CHANNEL_WORDS)
    # "sms for finance.refund": there is nothing else that it could be.
    found = read_channels(cursor)
    if found is None or not found <= _PERSONAL:
        cursor.back(mark)
        return None
    return found


def _read_page(cursor: Cursor) -> int | None:
    if not cursor.option("page"):
        return None
    return max(1, cursor.value("page", Cursor.number, "page 2"))


def _checked(found: Destination) -> Destination:
    if found.kind is Kind.CHAT:
        raise Misunderstood(_GROUP)
    return found
