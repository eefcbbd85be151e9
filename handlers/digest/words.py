"""What we say about scheduled digests."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from handlers.context import Context
from handlers.language.moments import say_moment
from handlers.rules.methods import say_channels
from handlers.rules.schedules import COLLECTABLE, next_time, say_schedule
from handlers.rules.windows import closes_after
from handlers.silence import say_criticals
from store.values import Destination, Schedule, Window
from store.windows import YAML
from store.wording import _, commas, dotted, sentences

TITLE = _("Digest")


def made(schedule: Schedule) -> str:
    """``daily 09:00 Asia/Shanghai: off → on, collects everything, except critical.``"""
    return _("{when}: off → on, {how}.", when=say_schedule(schedule), how=how(schedule))


def changed(was: Schedule, now: Schedule) -> str:
    """``daily 09:00 UTC → weekly mon 09:30 UTC, collects everything, …``"""
    before = _("{when}, {how}", when=say_schedule(was), how=how(was))
    if was.enabled and how(was) == how(now):
        before = say_schedule(was)
    elif not was.enabled:
        before = _("{window}, off", window=before)
    after = _("{when}, {how}", when=say_schedule(now), how=how(now))
    return _("{before} → {after}.", before=before, after=after)


def removed(schedules: Sequence[Schedule]) -> str:
    """``daily 09:00 UTC: on → off (collects everything, except critical).``"""
    if len(schedules) == 1:
        [one] = schedules
        return _("{when}: on → off ({how}).", when=say_schedule(one), how=how(one))
    some = commas([say_schedule(each) for each in schedules[:3]])
    count = len(schedules)
    if count <= 3:
        return _("{count} digests: on → off ({digests}).", count=count, digests=some)
    return _(
        "{count} digests: on → off ({digests} and {more} more).",
        count=count,
        digests=some,
        more=count - 3,
    )


def exists(schedule: Schedule, context: Context) -> str:
    """Say that there is such a digest already."""
    return _(
        "Already so for {whom}: {digest} ({name}). Nothing changed.",
        whom=context.say_whom(schedule.target),
        digest=_("{when}, {how}", when=say_schedule(schedule), how=how(schedule)),
        name=schedule.name,
    )


def comes(schedule: Schedule, windows: Sequence[Window], context: Context) -> str:
    """Say for whom it is, when the next one comes, and what a window does to it."""
    whom = _("For {whom}.", whom=context.say_whom(schedule.target))
    time = next_time(schedule, context.now)
    if time is None:
        return sentences(whom, _("It does not come in the next two months."))
    zone = ZoneInfo(schedule.zone)
    moment = say_moment(time, now=context.now, zone=zone)
    said = _("What comes from now on waits for {moment}.", moment=moment)
    late = [
        end
        for window in windows
        if window.enabled and window.mutes & schedule.collects
        if (end := closes_after(window, time)) is not None
    ]
    if not late:
        return sentences(whom, said)
    until = say_moment(max(late), now=context.now, zone=zone)
    held = _("Do-not-disturb is open then and holds it until {until}.", until=until)
    return sentences(whom, said, held)


def none(target: Destination, context: Context) -> str:
    """Say that there is no digest, and how one is made."""
    return _(
        "No scheduled digest for {whom}: messages come one by one. "
        "Set one with “/digest daily 09:00”.",
        whom=context.say_whom(target),
    )


def line(schedule: Schedule, context: Context) -> str:
    """Return one digest as /digest list shows it."""
    elsewhere = schedule.target != context.home
    return dotted(
        schedule.name,
        say_schedule(schedule),
        how(schedule),
        _("for {whom}", whom=context.say(schedule.target)) if elsewhere else "",
        _author(schedule, context),
        _next(schedule, context),
    )


def how(schedule: Schedule) -> str:
    """``collects finance.* by email, except critical``"""
    criticals = say_criticals(schedule.spare_critical)
    what = commas(schedule.patterns)
    if schedule.patterns == ("*",):
        what = _("everything")
    if schedule.collects == COLLECTABLE:
        return _("collects {what}, {criticals}", what=what, criticals=criticals)
    return _(
        "collects {what} by {channels}, {criticals}",
        what=what,
        channels=say_channels(schedule.collects),
        criticals=criticals,
    )


def _author(schedule: Schedule, context: Context) -> str:
    if schedule.owner != YAML:
        return ""
    if not schedule.changed_by:
        return _("yaml")
    who = context.say_person(schedule.changed_by)
    return _("yaml, changed by {who}", who=who)


def _next(schedule: Schedule, context: Context) -> str:
    if not schedule.enabled:
        return _("off")
    time = next_time(schedule, context.now)
    if time is None:
        return ""
    zone = ZoneInfo(schedule.zone)
    return _("next {moment}", moment=say_moment(time, now=context.now, zone=zone))
