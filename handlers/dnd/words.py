"""What we say about do-not-disturb."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from handlers.context import Context
from handlers.language.durations import say_duration
from handlers.language.moments import say_moment
from handlers.rules.hours import say_days, say_hours
from handlers.rules.methods import say_method
from handlers.rules.policy import NEVER_LATE
from handlers.rules.windows import LONGEST, closes_after, next_start, upcoming
from handlers.silence import say_criticals
from store.values import Destination, Window
from store.windows import YAML
from store.wording import _, commas, dotted, sentences

TITLE = _("Do not disturb")

_DAYS = (*(_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun")),)


def added(window: Window) -> str:
    """``22:00-08:00 workdays: off → on, mutes all, except critical.``"""
    return _("{when}: off → on, {how}.", when=when(window), how=how(window))


def removed(windows: list[Window]) -> str:
    """``22:00-08:00 workdays: on → off.``"""
    if len(windows) == 1:
        [one] = windows
        return _("{when}: on → off ({how}).", when=when(one), how=how(one))
    count, some = len(windows), commas([when(each) for each in windows[:3]])
    if count <= 3:
        return _("{count} windows: on → off ({windows}).", count=count, windows=some)
    return _(
        "{count} windows: on → off ({windows} and {more} more).",
        count=count,
        windows=some,
        more=count - 3,
    )


def changed(was: Window, now: Window) -> str:
    """``23:00-07:00 daily → 22:00-08:00 daily, mutes all, except critical.``"""
    before, after = _described(was), _described(now)
    if not was.enabled:
        before = _("{window}, off", window=before)
    return _("{before} → {after}.", before=before, after=after)


def exists(window: Window, context: Context) -> str:
    """Say that there is such a window already."""
    return _(
        "Already so for {whom}: {window} ({name}). Nothing changed.",
        whom=context.say_whom(window.target),
        window=_described(window),
        name=window.name,
    )


def next_time(window: Window, context: Context) -> str:
    """Say whom it is for, and when it is open next."""
    whom = _("For {whom}.", whom=context.say_whom(window.target))
    return sentences(whom, _next_time(window, context))


def _next_time(window: Window, context: Context) -> str:
    zone = ZoneInfo(window.zone)
    late = window.mutes <= NEVER_LATE
    end = closes_after(window, context.now)
    if end is not None and end - context.now >= LONGEST:
        return _(
            "It holds from now until /dnd off; what is older than 7 days by then stays "
            "in the inbox."
        )
    if end is not None:
        until = say_moment(end, now=context.now, zone=zone)
        if late:
            return _(
                "It holds from now until {until}; what it mutes is not sent later.",
                until=until,
            )
        return _("It holds from now until {until}, then sends one digest.", until=until)
    start = next_start(window, context.now)
    if start is None:
        return _("It does not open in the next two months.")
    opens = say_moment(start, now=context.now, zone=zone)
    if late:
        return _("It opens {moment}; what it mutes is not sent later.", moment=opens)
    return _("It opens {moment}; what it holds comes as one digest.", moment=opens)


def none(target: Destination, context: Context) -> str:
    """Say that there is no window, and how one is made."""
    return _(
        "No do-not-disturb for {whom}. Set one with “/dnd add 22:00-08:00”.",
        whom=context.say_whom(target),
    )


def line(window: Window, context: Context) -> str:
    """Return one window as /dnd list shows it."""
    elsewhere = window.target != context.home
    return dotted(
        window.name,
        when(window),
        how(window),
        _("for {whom}", whom=context.say(window.target)) if elsewhere else "",
        _author(window, context),
        _state(window, context),
    )


def _author(window: Window, context: Context) -> str:
    if window.owner != YAML:
        return ""
    if not window.changed_by:
        return _("yaml")
    who = context.say_person(window.changed_by)
    return _("yaml, changed by {who}", who=who)


def _state(window: Window, context: Context) -> str:
    if not window.enabled:
        return _("off")
    end = closes_after(window, context.now)
    if end is None:
        return ""
    if end - context.now >= LONGEST:
        return _("open now, until it is removed")
    return _("open now, {long} more", long=say_duration(end - context.now))


def coming(windows: list[Window], context: Context, long: timedelta) -> list[str]:
    """Return the openings of the next time, one a line, the earliest first."""
    days = -(-long // timedelta(days=1))
    openings = [
        (start, end, window)
        for window in windows
        for start, end in upcoming(window, context.now, days)
        if start < context.now + long
    ]
    openings.sort(key=lambda each: (each[0], each[2].id))
    return [_opening(start, end, window) for start, end, window in openings]


def _opening(start: datetime, end: datetime, window: Window) -> str:
    zone = ZoneInfo(window.zone)
    opens, closes = start.astimezone(zone), end.astimezone(zone)
    until = f"{closes:%H:%M}"
    if opens.date() != closes.date():
        until = _("{weekday} {time}", weekday=_DAYS[closes.weekday()], time=until)
    return _(
        "{weekday} {date} {opens} – {closes} · {name}, {how}",
        weekday=_DAYS[opens.weekday()],
        date=f"{opens:%Y-%m-%d}",
        opens=f"{opens:%H:%M}",
        closes=until,
        name=window.name,
        how=how(window),
    )


def when(window: Window) -> str:
    """``22:00-08:00 workdays Asia/Shanghai``"""
    return _(
        "{hours} {days} {zone}",
        hours=say_hours(window.start, window.end),
        days=say_days(window.days),
        zone=window.zone,
    )


def how(window: Window) -> str:
    """``mutes all, except critical``"""
    method = say_method(window.mutes)
    criticals = say_criticals(window.spare_critical)
    if window.patterns == ("*",):
        return _("mutes {method}, {criticals}", method=method, criticals=criticals)
    return _(
        "mutes {method} for {types}, {criticals}",
        method=method,
        types=commas(window.patterns),
        criticals=criticals,
    )


def _described(window: Window) -> str:
    return _("{when}, {how}", when=when(window), how=how(window))
