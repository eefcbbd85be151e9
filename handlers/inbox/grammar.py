"""What a line about the inbox says."""

from __future__ import annotations

import re
from datetime import datetime

from handlers.context import Context
from handlers.errors import Misunderstood
from handlers.inbox.requests import Open, Read, Request, Show
from handlers.language.conditions import Conditions
from handlers.language.cursor import Cursor
from handlers.language.lexicon import table
from handlers.language.past import read_past
from handlers.language.patterns import type_words, types_reader
from handlers.language.slots import Many, One, fill
from handlers.router import Command
from store.wording import _

USAGE = 'unread | finance since mon | find "text" | M123 | read all'

_MESSAGE = re.compile(r"(?:m|n_)([0-9]{1,15})", re.IGNORECASE)
_WORDS = table(
    unread="unread | new | 未读",
    unrouted="unrouted | nobody's | orphans | 无人订阅 | 未订阅",
)
_READ = frozenset({"read", "mark read", "mark as read", "已读", "标为已读", "标记已读"})
_ALL = frozenset({"all", "everything", "全部", "所有", "全部消息"})
_FIND = frozenset({"find", "search", "about", "查找", "搜索", "查"})
_BELOW = frozenset({"below", "older than", "早于"})


def read(command: Command, context: Context) -> Request:
    """Return what *command* asks. Raises ``Misunderstood``."""
    cursor = command.rest
    mark = cursor.mark()
    unrouted = cursor.phrase(_WORDS) == "unrouted"
    if cursor.one_of(_READ):
        return _read_marks(cursor, unrouted=unrouted)
    cursor.back(mark)
    number = _number(cursor)
    if number is not None and cursor.done:
        return Open(number=number)
    cursor.back(mark)
    if cursor.done and context.about is not None:
        return Open(number=context.about)
    return _read_show(cursor, context)


def _read_marks(cursor: Cursor, *, unrouted: bool) -> Read:
    every: One[bool] = One(
        _("“all”"), lambda at: at.one_of(_ALL) or None, words={"all": "all"}
    )
    numbers: Many[int] = Many(_numbers)
    fill(cursor, every, numbers)
    if not every.value and not numbers.value:
        raise Misunderstood(
            _("Which of them are read? Say all, or name them: M123."),
            choices=("/inbox read all",),
        )
    return Read(numbers=() if every.value else numbers.value, unrouted=unrouted)


def _read_show(cursor: Cursor, context: Context) -> Show:
    flags: Many[str] = Many(_flag, words=dict(_WORDS))
    types: Many[str] = Many(
        types_reader(context.types, quotes=False), words=type_words(context.types)
    )
    since: One[datetime] = One(
        _("since when"), lambda at: _since(at, context), words={"since": "since"}
    )
    before: One[datetime] = One(
        _("before when"), lambda at: _before(at, context), words={"before": "before"}
    )
    below: One[int] = One(_("the message"), _below)
    find: One[bool] = One(_("what to find"), lambda at: at.one_of(_FIND) or None)
    where = Conditions(context.types)
    fill(cursor, find, flags, below, since, before, types, where, quote=True)
    return Show(
        patterns=types.value,
        where=where.value,
        unread="unread" in flags.value,
        unrouted="unrouted" in flags.value,
        since=since.value,
        before=before.value,
        below=below.value,
    )


def _flag(cursor: Cursor) -> tuple[str, ...] | None:
    found = cursor.phrase(_WORDS)
    return None if found is None else (found,)


def _since(cursor: Cursor, context: Context) -> datetime | None:
    led = cursor.option("since")
    found = _past(cursor, context)
    if found is None and led:
        raise Misunderstood(
            _("Since when? For example “{example}”.", example="since mon, since 2h"),
            count=0,
        )
    return found


def _before(cursor: Cursor, context: Context) -> datetime | None:
    if not cursor.option("before"):
        return None
    found = _past(cursor, context)
    if found is None:
        raise Misunderstood(
            _("Before when? For example “{example}”.", example="before mon")
        )
    return found


def _past(cursor: Cursor, context: Context) -> datetime | None:
    return cursor.reading(
        lambda text, at: read_past(text, at, now=context.now, zone=context.clock)
    )


def _below(cursor: Cursor) -> int | None:
    return _number(cursor) if cursor.one_of(_BELOW) else None


def _numbers(cursor: Cursor) -> tuple[int, ...] | None:
    found = _number(cursor)
    return None if found is None else (found,)


def _number(cursor: Cursor) -> int | None:
    match = None if cursor.done else _MESSAGE.fullmatch(cursor.here.word)
    if match is None:
        return None
    cursor.take()
    return int(match[1])
