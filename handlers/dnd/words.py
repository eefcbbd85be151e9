"""What we say about do-not-disturb."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from handlers.context import Context
from handlers.language.durations import say_duration
from handlers.language.moments import say_moment
from handlers.rules.hours import days_words, hours_words
from handlers.rules.methods import method_words
from handlers.rules.policy import NEVER_LATE
from handlers.rules.windows import LONGEST, closes_after, next_start, upcoming
from store.values import Destination, Window
from store.windows import YAML

TITLE = "Do not disturb"


def added(window: Window) -> str:
    """``22:00-08:00 workdays: off → on, mutes all, except critical.``"""
    return f"{when(window)}: off → on, {how(window)}."


def removed(windows: list[Window]) -> str:
    """``22:00-08:00 workdays: on → off.``"""
    if len(windows) == 1:
        return f"{when(windows[0])}: on → off ({how(windows[0])})."
    listed = ", ".join(when(each) for each in windows[:3])
    more = f" and {len(windows) - 3} more" if len(windows) > 3 else ""
    return f"{len(windows)} windows: on → off ({listed}{more})."


def changed(was: Window, now: Window) -> str:
    """``23:00-07:00 daily → 22:00-08:00 daily, mutes all, except critical.``"""
    before = f"{when(was)}, {how(was)}{'' if was.enabled else ', off'}"
    return f"{before} → {when(now)}, {how(now)}."


def exists(window: Window, context: Context) -> str:
    """Say that there is such a window already."""
    whom = context.say_whom(window.target)
    return (
        f"Already so for {whom}: {when(window)}, {how(window)} "
        f"({window.name}). Nothing changed."
    )


def next_time(window: Window, context: Context) -> str:
    """Say whom it is for, and when it is open next."""
    zone = ZoneInfo(window.zone)
    whom = f"For {context.say_whom(window.target)}."
    late = window.mutes <= NEVER_LATE
    held = "what it mutes" if late else "what it holds"
    fate = "is not sent later" if late else "comes as one digest"
    end = closes_after(window, context.now)
    if end is not None and end - context.now >= LONGEST:
        return (
            f"{whom} It holds from now until /dnd off; what is older than 7 days by "
            "then stays in the inbox."
        )
    if end is not None:
        until = say_moment(end, now=context.now, zone=zone)
        then = f"; {held} {fate}" if late else ", then sends one digest"
        return f"{whom} It holds from now until {until}{then}."
    start = next_start(window, context.now)
    if start is None:
        return f"{whom} It does not open in the next two months."
    said = say_moment(start, now=context.now, zone=zone)
    return f"{whom} It opens {said}; {held} {fate}."


def none(target: Destination, context: Context) -> str:
    """Say that there is no window, and how one is made."""
    whom = context.say_whom(target)
    return f"No do-not-disturb for {whom}. Set one with “/dnd add 22:00-08:00”."


def line(window: Window, context: Context) -> str:
    """Return one window as /dnd list shows it."""
    said = [window.name, when(window), how(window)]
    if window.target != context.home:
        said.append(f"for {context.say(window.target)}")
    if window.owner == YAML:
        said.append(
            f"yaml, changed by {context.say_person(window.changed_by)}"
            if window.changed_by
            else "yaml"
        )
    if not window.enabled:
        said.append("off")
    elif (end := closes_after(window, context.now)) is not None:
        left = end - context.now
        long = (
            "until it is removed" if left >= LONGEST else f"{say_duration(left)} more"
        )
        said.append(f"open now, {long}")
    return " · ".join(said)


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
    same_day = opens.date() == closes.date()
    until = f"{closes:%H:%M}" if same_day else f"{closes:%a %H:%M}"
    return f"{opens:%a %Y-%m-%d %H:%M} – {until} · {window.name}, {how(window)}"


def when(window: Window) -> str:
    """``22:00-08:00 workdays Asia/Shanghai``"""
    hours = hours_words(window.start, window.end)
    return f"{hours} {days_words(window.days)} {window.zone}"


def how(window: Window) -> str:
    """``mutes all, except critical``"""
    types = "" if window.patterns == ("*",) else f" for {', '.join(window.patterns)}"
    spare = "except critical" if window.spare_critical else "including critical"
    return f"mutes {method_words(window.mutes)}{types}, {spare}"
