"""What a line about the matrix says."""

from __future__ import annotations

from collections.abc import Mapping

from handlers.context import Context
from handlers.errors import Misunderstood
from handlers.language.cursor import Cursor
from handlers.language.destinations import (
    destination_words,
    read_destinations,
    read_reference,
)
from handlers.language.lexicon import AND, CHANNELS, DND, RECIPIENTS
from handlers.language.patterns import type_words, types_reader
from handlers.language.slots import Many, One, fill
from handlers.rules.methods import SAID
from handlers.sub.matrix import requests
from handlers.sub.matrix.requests import Look, Several, Switch
from store.values import Channel, Destination
from store.wording import _

_ON = frozenset({"on", "turn on", "switch on", "enable", "开启", "打开", "开", "启用"})
_OFF = frozenset({"off", "turn off", "switch off", "disable"})
_OFF |= {"关闭", "关", "关掉", "停用"}
_ADD = frozenset({"add", "with", "添加", "增加", "加", "加上"})
_REMOVE = frozenset({"remove", "without", "移除", "删除", "去掉", "删"})

_COLUMNS: Mapping[str, str] = {
    **{word: str(channel) for word, channel in CHANNELS.items()},
    "group": str(Channel.CHAT),
    **dict.fromkeys(DND, requests.DND),
    **dict.fromkeys(RECIPIENTS, requests.RECIPIENTS),
}
_EXAMPLE = "/sub switch finance.refund on dm,sms off voice"


def read_look(cursor: Cursor, context: Context) -> Look:
    """Return what of the matrix is to be shown. Raises ``Misunderstood``."""
    column: One[str] = One(_("the column"), lambda at: at.phrase(_COLUMNS))
    pattern, page = _pattern_and_page(cursor, context, column)
    if column.value and (not pattern or pattern.endswith("*")):
        raise Misunderstood(
            _("Of which type? For example “{such}”.", such="/sub finance.refund sms")
        )
    return Look(pattern=pattern, column=column.value or "", page=page)


def read_several(cursor: Cursor, context: Context) -> Several:
    """Return for which types the form is. Raises ``Misunderstood``."""
    pattern, page = _pattern_and_page(cursor, context)
    if pattern and not pattern.endswith(".*"):
        pattern = f"{pattern.partition('.')[0]}.*"
    return Several(pattern=pattern, page=page)


def read_switch(cursor: Cursor, context: Context) -> Switch:
    """Return which cells are to be switched. Raises ``Misunderstood``."""
    types: Many[str] = Many(
        types_reader(context.types, quotes=True), words=type_words(context.types)
    )
    switches = _Switches(cursor)
    names = destination_words(context)
    add = Many(lambda at: _whom(at, _ADD, context), words=names)
    remove = Many(lambda at: _whom(at, _REMOVE, context), words=names)
    fill(cursor, switches, add, remove, types)
    switches.check()
    if not types.value:
        raise Misunderstood(_("Of which types? For example “{such}”.", such=_EXAMPLE))
    if not (switches.on or switches.off or add.value or remove.value):
        raise Misunderstood(_("Switch what? For example “{such}”.", such=_EXAMPLE))
    on, off = switches.on, switches.off
    return Switch(
        patterns=_each(types.value, context),
        on=_channels(on),
        off=_channels(off),
        dnd=True if requests.DND in on else False if requests.DND in off else None,
        add=add.value,
        remove=remove.value,
    )


class _Switches:
    """The slot of what is switched: ``on dm,sms off voice``, or ``sms on, dm off``."""

    words: Mapping[str, str] = {"on": "on", "off": "off", "dnd": "dnd"}

    def __init__(self, cursor: Cursor) -> None:
        self.on: set[str] = set()
        self.off: set[str] = set()
        self._cursor = cursor
        self._waiting: list[str] = []
        self._mode: set[str] | None = None
        self._led_in = False

    def take(self, cursor: Cursor) -> bool:
        """Take a channel, or on or off, and say whether one was there."""
        mark = cursor.mark()
        cursor.one_of(AND)
        for words, chosen in ((_ON, self.on), (_OFF, self.off)):
            if cursor.one_of(words):
                if self._waiting:
                    chosen.update(self._waiting)
                    self._waiting.clear()
                else:
                    self._lead_in(chosen)
                return True
        column = cursor.phrase(_COLUMNS)
        if column is None or column == requests.RECIPIENTS:
            cursor.back(mark)
            return False
        if self._mode is None:
            self._waiting.append(column)
        else:
            self._mode.add(column)
            self._led_in = False
        return True

    def _lead_in(self, chosen: set[str]) -> None:
        if self._led_in:
            raise Misunderstood(_("On or off? For example “{such}”.", such=_EXAMPLE))
        self._mode, self._led_in = chosen, True

    def check(self) -> None:
        """Raise ``Misunderstood`` where something is neither on nor off, or both."""
        if self._led_in:
            raise Misunderstood(_("On or off? For example “{such}”.", such=_EXAMPLE))
        if self._waiting:
            named = " ".join(self._waiting)
            raise Misunderstood(
                _("{channels}: on or off?", channels=named),
                choices=tuple(self._cursor.line_with(each) for each in ("on", "off")),
            )
        if both := self.on & self.off:
            raise Misunderstood(
                _("{channel} is both on and off there. Choose.", channel=min(both))
            )


def _pattern_and_page(
    cursor: Cursor, context: Context, *more: One[str]
) -> tuple[str, int]:
    types: Many[str] = Many(
        types_reader(context.types, quotes=True), words=type_words(context.types)
    )
    page: One[int] = One(_("the page"), _read_page)
    fill(cursor, page, *more, types)
    if len(types.value) > 1:
        raise Misunderstood(_("One type or category at a time, please."))
    pattern = types.value[0] if types.value else ""
    return "" if pattern == "*" else pattern, page.value or 1


def _read_page(cursor: Cursor) -> int | None:
    if not cursor.option("page"):
        return None
    return max(1, cursor.value("page", Cursor.number, "page 2"))


def _whom(
    cursor: Cursor, words: frozenset[str], context: Context
) -> tuple[Destination, ...] | None:
    if not cursor.one_of(words):
        return None
    found = cursor.value(
        "add", lambda at: read_destinations(at, context), "add @Wei, group:finance"
    )
    while (another := read_reference(cursor, context)) is not None:
        found = (*found, another)
    if context.is_group and context.home in found:
        raise Misunderstood(
            _(
                "What this group gets is switched by {channel}: “{such}”.",
                channel=SAID[Channel.CHAT],
                such="/sub switch finance.refund on chat",
            )
        )
    return found


def _each(patterns: tuple[str, ...], context: Context) -> tuple[str, ...]:
    """Return the types that *patterns* name: a category is each of its types."""
    found: dict[str, None] = {}
    for pattern in patterns:
        if pattern.endswith("*"):
            prefix = pattern.removesuffix("*")
            found.update((t.id, None) for t in context.types if t.id.startswith(prefix))
        else:
            found[pattern] = None
    if not found:
        raise Misunderstood(
            _("No type is known below {category} yet.", category=patterns[0])
        )
    return tuple(found)


def _channels(columns: set[str]) -> frozenset[Channel]:
    return frozenset(Channel(each) for each in columns - {requests.DND})
