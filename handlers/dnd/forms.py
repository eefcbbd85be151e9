"""The form of a window: its fields, and the line that they mean."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from handlers.context import Context
from handlers.errors import UserError
from handlers.filled import Filled
from handlers.names import plain_or_quoted
from handlers.rules.hours import WEEK, hours_words, say_days
from handlers.rules.methods import channels_muted, method_words, say_method
from handlers.rules.patterns import valid_pattern
from handlers.rules.types import CATEGORIES
from handlers.silence import say_criticals
from handlers.view import Field, Form, Option, Pick, PickTime
from store.values import Destination, Window
from store.wording import _

KIND = "dnd"

#: All, and the two methods of the cloud console.
_METHODS = ("all", "sms+voice", "voice", "chat+dm")
_DAYS = ("daily", "workdays", "weekends")
#: More options are no help in a menu.
_MOST_TYPES = 60
_MINE = "mine"
_HOURS, _WHOLE = "hours", "whole"
_EXCEPT, _INCLUDING = "except critical", "including critical"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Chosen:
    """What a form shows before anybody fills it in."""

    start: int | None = 22 * 60
    end: int | None = 8 * 60
    days: str = "daily"
    patterns: tuple[str, ...] = ("*",)
    method: str = "all"
    zone: str = _MINE
    spare_critical: bool = True


def new(
    patterns: Sequence[str], target: Destination, context: Context, *, show: str
) -> Form:
    """Return the form for a new window, perhaps for these types."""
    chosen = _Chosen(patterns=tuple(patterns) or ("*",))
    return _form(chosen, (("for", context.write(target)),), context, show)


def of(window: Window, context: Context, *, show: str) -> Form:
    """Return the form for a window that is there."""
    chosen = _Chosen(
        start=window.start,
        end=window.end,
        days=window.days,
        patterns=window.patterns,
        method=method_words(window.mutes),
        zone=window.zone,
        spare_critical=window.spare_critical,
    )
    given = (("for", context.write(window.target)), ("name", window.name))
    return _form(chosen, given, context, show)


def line_of(filled: Filled, context: Context) -> str:
    """Return the line that the form means: ``/dnd add …``, or ``/dnd set …``.

    Raises a ``UserError`` where a time is missing.
    """
    name = filled.given.get("name", "")
    verb = f"set {plain_or_quoted(name)}" if name else "add"
    zone = filled.one("zone")
    if zone in ("", _MINE):
        zone = filled.zone or context.zone
    picked = [each for each in filled.many("types") if valid_pattern(each)]
    # Whoever picks a type beside "everything" means the type.
    types = [each for each in picked if each != "*"] or ["*"]
    words = [
        verb,
        _hours(filled),
        _days(filled),
        " ".join(types),
        f"mute {filled.one('method') or 'all'}",
        zone,
        filled.one("critical") or _EXCEPT,
    ]
    whom = filled.given.get("for", "")
    if whom and whom != context.write(context.home):
        words.append(f"for {whom}")
    return " ".join(["/dnd", *words])


def _hours(filled: Filled) -> str:
    if filled.one("whole") == _WHOLE:
        return "whole day"
    start, end = filled.time("from"), filled.time("to")
    if not start or not end:
        raise UserError(_("From when until when? Pick both times, or the whole day."))
    return f"{start}-{end}"


def _days(filled: Filled) -> str:
    """Return the days; some of the week, where any was picked, go first."""
    some = [day for day in WEEK if day in filled.many("weekdays")]
    return ",".join(some) or filled.one("days") or "daily"


def _form(
    chosen: _Chosen, given: tuple[tuple[str, str], ...], context: Context, show: str
) -> Form:
    return Form(
        kind=KIND,
        fields=tuple(_fields(chosen, context)),
        submit=_("Save"),
        given=given,
        show=show,
    )


def _fields(chosen: _Chosen, context: Context) -> Iterator[Field]:
    start, end = chosen.start, chosen.end
    whole = start is None or end is None
    edges = hours_words(22 * 60 if whole else start, 8 * 60 if whole else end)
    begins, _dash, ends = edges.partition("-")
    yield PickTime(name="from", label=_("From"), chosen=begins)
    yield PickTime(name="to", label=_("Until"), chosen=ends)
    yield Pick(
        name="whole",
        label=_("Hours"),
        options=(
            Option(_("these hours"), _HOURS),
            Option(_("the whole day"), _WHOLE),
        ),
        chosen=(_WHOLE if whole else _HOURS,),
    )
    yield from _day_fields(chosen.days)
    yield Pick(
        name="types",
        label=_("Messages"),
        options=_types(chosen.patterns, context),
        chosen=chosen.patterns,
        many=True,
    )
    yield Pick(
        name="method",
        label=_("What is muted"),
        options=tuple(
            Option(say_method(channels_muted(each)), each)
            for each in dict.fromkeys((*_METHODS, chosen.method))
        ),
        chosen=(chosen.method,),
    )
    yield Pick(
        name="zone",
        label=_("Time zone"),
        options=_zones(chosen.zone, context),
        chosen=(chosen.zone,),
    )
    yield Pick(
        name="critical",
        label=_("Criticals"),
        options=(
            Option(say_criticals(True), _EXCEPT),
            Option(say_criticals(False), _INCLUDING),
        ),
        chosen=(_EXCEPT if chosen.spare_critical else _INCLUDING,),
    )


def _day_fields(days: str) -> Iterator[Field]:
    listed = days.split(",") if days not in _DAYS else []
    yield Pick(
        name="days",
        label=_("Days"),
        options=tuple(Option(say_days(each), each) for each in _DAYS),
        chosen=(_DAYS[0] if listed else days,),
    )
    yield Pick(
        name="weekdays",
        label=_("Or only on these"),
        options=tuple(Option(say_days(each), each) for each in WEEK),
        chosen=tuple(listed),
        many=True,
    )


def _types(patterns: Sequence[str], context: Context) -> tuple[Option, ...]:
    """Return everything, each category, each type; those of *patterns* always."""
    options = {"*": Option(_("everything"), "*")}
    for category, members in context.types.by_category().items():
        known = CATEGORIES.get(category)
        if known is not None and members:
            said = _("{category}: all", category=known.title)
            options[f"{category}.*"] = Option(said, f"{category}.*")
    for each in context.types:
        options[each.id] = Option(each.title, each.id)
    wanted = {each: options.get(each) or Option(each, each) for each in patterns}
    kept = dict(list(options.items())[:_MOST_TYPES])
    return tuple({**kept, **wanted}.values())


def _zones(zone: str, context: Context) -> tuple[Option, ...]:
    known = dict.fromkeys((context.zone, zone, "Asia/Shanghai", "UTC"))
    known.pop(_MINE, None)
    mine = Option(_("as the clock of whoever fills this in"), _MINE)
    return (mine, *(Option(each, each) for each in known))
