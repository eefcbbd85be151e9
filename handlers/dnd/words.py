"""What we say about do-not-disturb."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from zoneinfo import ZoneInfo

from handlers.context import Context
from handlers.language.durations import say_duration
from handlers.language.moments import say_moment
from handlers.rules.hours import say_days, say_hours
from handlers.rules.methods import SAID, say_method
from handlers.rules.policy import NEVER_LATE
from handlers.rules.preview import Day, Effect, Opening
from handlers.rules.windows import LONGEST, closes_after, next_start
from handlers.silence import say_criticals
from store.values import Channel, Destination, Window
from store.windows import YAML
from store.wording import Text, _, _n, as_text, commas, dotted, sentences

TITLE = _("Do not disturb")

_DAYS = (*(_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun")),)


def added(window: Window) -> str:
    """``22:00-08:00 workdays: off → on, mutes all, except critical.``"""
    return _("{when}: off → on, {how}.", when=when(window), how=how(window))


def removed(windows: Sequence[Window]) -> str:
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
    before, after = described(was), described(now)
    if not was.enabled:
        before = _("{window}, off", window=before)
    return _("{before} → {after}.", before=before, after=after)


def exists(window: Window, context: Context) -> str:
    """Say that there is such a window already."""
    return _(
        "Already so for {whom}: {window} ({name}). Nothing changed.",
        whom=context.say_whom(window.target),
        window=described(window),
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
        if late:
            return _(
                "It holds from now until /dnd off; what it mutes is not sent later."
            )
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


def brief(window: Window) -> str:
    """``2 · 22:00-08:00 workdays Asia/Shanghai``"""
    return dotted(window.name, when(window))


def ahead(days: Sequence[Day], context: Context) -> str:
    """Say which days are shown, and by whose clock."""
    if not any(day.openings for day in days):
        return _("No window opens in that time.")
    first, last = days[0].day, days[-1].day
    return _(
        "{first} to {last}, {zone}. A bar is a day, a block two hours: "
        "{full} quiet, {part} in part.",
        first=f"{first:%Y-%m-%d}",
        last=f"{last:%Y-%m-%d}",
        zone=context.zone,
        full=_FULL,
        part=_PART,
    )


def day(shown: Day, context: Context) -> str:
    """Return one day: its bar, and beneath it what opens when."""
    # Two hours a block: on a phone, a block may be as wide as a Chinese letter.
    hours = shown.hours
    bar = "".join(_block(hours[at : at + 2]) for at in range(0, len(hours), 2))
    head = _(
        "{weekday} {date} {bar}",
        weekday=_DAYS[shown.day.weekday()],
        date=f"{shown.day:%m-%d}",
        bar=bar,
    )
    lines = [_opening(each, shown, context) for each in shown.openings[:_OPENINGS]]
    if len(shown.openings) > _OPENINGS:
        more = len(shown.openings) - _OPENINGS
        lines.append(_("… and {count} more.", count=more))
    return _lines([head, *lines])


def _opening(opening: Opening, shown: Day, context: Context) -> Text:
    zone = context.clock
    opens, closes = opening.start.astimezone(zone), opening.end.astimezone(zone)
    begins = f"{opens:%H:%M}" if opens.date() == shown.day else _("still")
    ends: str = f"{closes:%H:%M}"
    if closes.date() != shown.day:
        ends = _("{weekday} {time}", weekday=_DAYS[closes.weekday()], time=ends)
    return _(
        "{begins} – {ends} · {window}",
        begins=begins,
        ends=ends,
        window=opening.window.name,
    )


def legend(windows: Sequence[Window], context: Context) -> Text:
    """Return what each window holds, one a line."""
    return _lines([line(window, context) for window in windows])


def effect(seen: Effect) -> str:
    """Say what the windows would have done to the messages of the last 7 days."""
    if not seen.total:
        return _("No messages came here in the last 7 days to measure that by.")
    came = _n(
        "{count} message came here in the last 7 days.",
        "{count} messages came here in the last 7 days.",
        seen.total,
    )
    if not seen.stopped:
        return sentences(came, _("These windows would have let all of them through."))
    held = muted = most = ""
    if seen.held:
        held = _(
            "These windows would have held {held} ({channels}) until they close.",
            held=_number(seen.held),
            channels=_by_channel(seen.held),
        )
    if seen.muted:
        muted = _(
            "They would have muted {muted} ({channels}).",
            muted=_number(seen.muted),
            channels=_by_channel(seen.muted),
        )
    top = sorted(seen.types.items(), key=lambda each: (-each[1], each[0]))[:3]
    if len(top) > 1:
        most = _("Most of them: {types}.", types=commas([_counted(*t) for t in top]))
    return sentences(came, held, muted, most)


def _number(channels: Mapping[Channel, int]) -> str:
    return f"{sum(channels.values()):,}"


def _by_channel(channels: Mapping[Channel, int]) -> Text:
    known = [channel for channel in Channel if channels.get(channel)]
    return commas([_counted(SAID[each], channels[each]) for each in known])


def _counted(what: str, count: int) -> Text:
    return _("{what} {count}", what=what, count=f"{count:,}")


#: Two hours that are silent, two that partly are, and two that are not.
_FULL, _PART, _NONE = "█", "▄", "▁"
#: More openings on one day are counted.
_OPENINGS = 4


def _block(shares: Sequence[float]) -> str:
    if all(share >= 1 for share in shares):
        return _FULL
    return _PART if any(share > 0 for share in shares) else _NONE


def _lines(said: Sequence[str]) -> Text:
    *most, last = [as_text(each) for each in said]
    for each in reversed(most):
        last = Text("{first}\n{rest}", facts={"first": each, "rest": last})
    return last


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


def described(window: Window) -> str:
    """``22:00-08:00 workdays Asia/Shanghai, mutes all, except critical``"""
    return _("{when}, {how}", when=when(window), how=how(window))
