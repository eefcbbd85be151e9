"""What a line about mutes says."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta

from handlers.context import Context
from handlers.errors import Misunderstood, UserError
from handlers.language.channels import CHANNEL_WORDS, read_method
from handlers.language.clocks import Hours, read_hours
from handlers.language.conditions import Conditions
from handlers.language.cursor import Cursor, Mark
from handlers.language.destinations import target_slot
from handlers.language.durations import read_duration
from handlers.language.lexicon import SPARES_CRITICAL
from handlers.language.moments import read_moment, write_moment
from handlers.language.patterns import type_words, types_reader
from handlers.language.scan import Reading
from handlers.language.slots import Many, One, fill
from handlers.language.whose import read_target
from handlers.mute.requests import List, Mute, Request, Unmute, write
from handlers.router import Command
from handlers.rules.filters import Filter, parse
from handlers.rules.methods import ALL
from store.values import Channel
from store.wording import _

USAGE = "2h product=cdn because switchover"
UNMUTE_USAGE = "3 | all"

#: Without words, a mute lasts this long.
USUAL = timedelta(hours=2)
#: Beyond this, a mute says why.
UNEXPLAINED = timedelta(hours=8)
#: No mute lasts longer: what nobody may hear for a week is a rule.
LONGEST = timedelta(days=7)

# "给我静音" is an order as often as it says for whom.
_EMPHATIC = re.compile("给 ?我(?!自己)")

#: Reasons are shown in one line.
REASON = 200

_When = timedelta | datetime

_UNTIL = frozenset({"until", "till", "til", "直到", "到", "至"})
#: What stands behind a moment that is an end.
_BY = frozenset({"之前", "以前", "前", "为止", "止"})


def read(command: Command, context: Context) -> Request:
    """Return what a line that begins with /mute asks. Raises ``Misunderstood``."""
    cursor = command.rest
    if command.verb == "list":
        return List(target=read_target(cursor, context))
    if command.verb in ("off", "remove"):
        return read_unmute(command, context)
    return _read_mute(cursor, context)


def read_unmute(command: Command, context: Context) -> Unmute:
    """Return what a line that begins with /unmute asks. Raises ``Misunderstood``."""
    cursor = command.rest
    number: One[int] = One(_("the number"), Cursor.number)
    every: One[bool] = One(
        _("“all”"),
        lambda at: at.one_of({"all", "everything", "全部", "所有"}) or None,
        words={"all": "all"},
    )
    target = target_slot(context)
    fill(cursor, number, every, target)
    if number.value is not None and every.value:
        raise Misunderstood(_("One of them, or all?"), choices=("/unmute all",))
    return Unmute(
        number=number.value,
        every=bool(every.value),
        target=target.value or context.home,
    )


def _read_mute(cursor: Cursor, context: Context) -> Mute:
    when: One[_When] = One(
        _("how long"), lambda at: _when(at, context), words={"until": "until"}
    )
    types: Many[str] = Many(
        types_reader(context.types, quotes=False), words=type_words(context.types)
    )
    mutes: One[frozenset[Channel]] = One(_("what is muted"), _mutes)
    critical: One[bool] = One(
        _("what becomes of criticals"),
        lambda at: at.phrase(SPARES_CRITICAL),
        words={word: word for word in SPARES_CRITICAL},
    )
    because: One[str] = One(_("the reason"), _because, words={"because": "because"})
    where = Conditions(context.types)
    target = target_slot(context)
    slots = (because, when, mutes, critical, target, types, where)
    fill(cursor, *slots, quote=True)
    request = Mute(
        long=when.value if isinstance(when.value, timedelta) else None,
        until=when.value if isinstance(when.value, datetime) else None,
        where=_narrowed(types.value, where.value),
        mutes=mutes.value or ALL,
        spare_critical=critical.value is not False,
        reason=because.value or "",
        target=target.value or context.home,
    )
    if request.target == context.me and _EMPHATIC.search(cursor.line.text):
        here = replace(request, target=context.home)
        raise Misunderstood(
            _("For everyone here, or for you alone?"),
            choices=(write(here, context), write(request, context)),
        )
    if when.value is None:
        request = replace(request, long=USUAL)
        _check_reason(request, context)
    _check_length(request, context)
    return request


def _check_length(request: Mute, context: Context) -> None:
    long = request.ends(context.now) - context.now
    if long > UNEXPLAINED and not request.reason:
        shorter = replace(request, long=UNEXPLAINED, until=None)
        raise UserError(
            _(
                "More than 8 h needs a reason, so that the others know: "
                "add “because …” at the end."
            ),
            choices=(write(shorter, context),),
        )
    if long > LONGEST:
        shorter = replace(request, long=LONGEST, until=None)
        raise UserError(
            _(
                "A mute lasts up to 7 days. For longer, leave the messages out with "
                "“/sub set”, or set hours with “/dnd add”."
            ),
            choices=(write(shorter, context),),
        )


def _check_reason(request: Mute, context: Context) -> None:
    """A time behind *because* is part of the reason, and may not be meant so."""
    *before, last = request.reason.split() or [""]
    said = read_duration(last)
    if not before or said is None or said.end != len(last):
        return
    meant = replace(request, long=said.value, reason=" ".join(before))
    raise Misunderstood(
        _("Is “{last}” how long, or part of the reason?", last=last),
        choices=(write(meant, context), write(request, context)),
    )


def _when(cursor: Cursor, context: Context) -> _When | None:
    mark = cursor.mark()
    # 对 and 给 say for whom, never for how long.
    if not cursor.done and cursor.here.word.isascii():
        cursor.option("for")
    long = cursor.reading(read_duration)
    if long is not None:
        return long
    cursor.back(mark)
    hours: Hours | None = cursor.reading(read_hours)
    if hours is not None:
        raise Misunderstood(
            _("A mute ends once. Hours of every day are do-not-disturb."),
            choices=(f"/dnd add {hours}",),
        )

    def moment(text: str, at: int) -> Reading[datetime] | None:
        return read_moment(text, at, now=context.now, zone=context.clock)

    if not cursor.done and cursor.here.word.isdecimal():
        number = cursor.here.word
        found = moment(cursor.line.text, cursor.here.start)
        if found is None or found.end <= cursor.here.end:
            raise Misunderstood(
                _("{number} hours, or {number} minutes?", number=number),
                choices=tuple(cursor.line_with(f"{number}{unit}") for unit in "hm"),
            )
    mark = cursor.mark()
    until = cursor.one_of(_UNTIL)
    cursor.back(mark)
    end: datetime | None = cursor.reading(moment)
    if end is None:
        _ask_until(cursor, until)
    elif not until:
        _ask_from(cursor, mark, end, context)
    return end


def _ask_until(cursor: Cursor, until: bool) -> None:
    """Raise where a moment is led in that is none: ``until the end of the week``."""
    if cursor.done:
        return
    if cursor.here.word[:1].isdigit():
        raise Misunderstood(_("How long? Write it as 2h, 30m, or until 18:00."))
    if until or cursor.here.word.startswith(("到", "直到")):
        raise Misunderstood(
            _("Until when? Write it as until 18:00, until mon 09:00, or 2h.")
        )


def _ask_from(cursor: Cursor, mark: Mark, end: datetime, context: Context) -> None:
    """Raise where a moment may be when the mute is to begin: mutes begin at once."""
    last, after = cursor.last, cursor.mark()
    cursor.back(mark)
    first = cursor.here
    begins = cursor.line.came_before(first) or first.word == "at"
    if not begins or (last is not None and last.word in _BY):
        cursor.back(after)
        return
    moment = write_moment(end, context.clock)
    raise Misunderstood(
        _("From then on, or until then? A mute begins at once."),
        choices=(cursor.line_with(f"until {moment}", after[1] - mark[1]),),
    )


def _mutes(cursor: Cursor) -> frozenset[Channel] | None:
    if cursor.option("mute"):
        return cursor.value(
            "mute", read_method, "mute all, mute sms+voice", CHANNEL_WORDS
        )
    mark = cursor.mark()
    found = read_method(cursor)
    if found == frozenset({Channel.CHAT}):
        after = cursor.mark()[1] - mark[1]
        cursor.back(mark)
        raise Misunderstood(
            _("Everything for this chat, or only what is posted in it?"),
            choices=tuple(cursor.line_with(each, after) for each in ("", "mute chat")),
        )
    return found


def _because(cursor: Cursor) -> str | None:
    if not cursor.option("because"):
        return None
    if cursor.done:
        raise Misunderstood(
            _("Because of what? Say it at the end of the line."), count=0
        )
    one = cursor.here.quoted and len(cursor.ahead(2)) == 1
    text = cursor.here.text if one else ""
    reason = cursor.rest_as_typed()
    # The whole reason in quotes: the quotes are not part of it.
    said = " ".join((text or reason).split())
    if len(said) > REASON:
        raise Misunderstood(
            _("Say why in up to {most} characters, please.", most=REASON)
        )
    return said


def _narrowed(patterns: tuple[str, ...], where: Filter) -> Filter:
    """Return *where* for these types alone."""
    if not patterns or "*" in patterns:
        return where
    types = f"type={','.join(patterns)}"
    return parse(f"{types} ({where})" if str(where) else types)
