"""What windows will do: when they are open day by day, and what they would hold. Pure.

Days and hours are those of the reader's clock, whatever zone a window is in. A day that
the clock makes longer or shorter has that many hours.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from handlers.rules.instants import instant
from handlers.rules.patterns import matches
from handlers.rules.policy import NEVER_LATE
from handlers.rules.windows import upcoming
from store.ledger import Arrival
from store.values import Channel, Severity, Window

HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Opening:
    """A stretch of time in which a window is open."""

    start: datetime
    end: datetime
    window: Window


@dataclass(frozen=True, slots=True)
class Day:
    """One day of the reader's: how much of each hour is silent, from 0 to 1.

    ``openings`` are those that begin on it; on the first day, those open already too.
    """

    day: date
    hours: tuple[float, ...]
    openings: tuple[Opening, ...]


@dataclass(frozen=True, slots=True)
class Effect:
    """What windows would have done to *total* messages.

    ``held`` and ``muted`` count by channel, ``types`` both of them by type.
    """

    total: int = 0
    held: Mapping[Channel, int] = field(default_factory=dict)
    muted: Mapping[Channel, int] = field(default_factory=dict)
    types: Mapping[str, int] = field(default_factory=dict)

    @property
    def stopped(self) -> int:
        """Return how many would not have gone at once."""
        return sum(self.held.values()) + sum(self.muted.values())


def days(
    windows: Sequence[Window], now: datetime, long: timedelta, zone: ZoneInfo
) -> list[Day]:
    """Return every day from now on, as far as *long* reaches."""
    end = now + long
    openings = [
        Opening(start, stop, window)
        for window in windows
        for start, stop in upcoming(window, now, -(-long // timedelta(days=1)))
        if start < end
    ]
    openings.sort(key=lambda each: (each.start, each.window.id))
    found: list[Day] = []
    day, last = now.astimezone(zone).date(), end.astimezone(zone).date()
    while day <= last:
        begins = instant(day, 0, zone)
        ends = instant(day + timedelta(days=1), 0, zone)
        # A country may skip a day.
        if begins < ends and begins < end:
            first = not found
            found.append(
                Day(
                    day,
                    tuple(_silent(openings, begins, ends)),
                    tuple(
                        each
                        for each in openings
                        if each.start < ends and (first or each.start >= begins)
                    ),
                )
            )
        day += timedelta(days=1)
    return found


def effect(windows: Sequence[Window], arrivals: Iterable[Arrival]) -> Effect:
    """Return what *windows* would have done to what came, had they been there."""
    rules = [_Rule(window) for window in windows]
    total = 0
    held: Counter[Channel] = Counter()
    muted: Counter[Channel] = Counter()
    types: Counter[str] = Counter()
    for each in arrivals:
        total += each.count
        if any(rule.stops(each) for rule in rules):
            into = muted if each.channel in NEVER_LATE else held
            into[each.channel] += each.count
            types[each.type] += each.count
    return Effect(total, held, muted, types)


def joined(effects: Iterable[Effect]) -> Effect:
    """Return what several destinations would have got together."""
    held: Counter[Channel] = Counter()
    muted: Counter[Channel] = Counter()
    types: Counter[str] = Counter()
    total = 0
    for each in effects:
        total += each.total
        held.update(each.held)
        muted.update(each.muted)
        types.update(each.types)
    return Effect(total, held, muted, types)


class _Rule:
    """A window with its openings of the past, looked up rather than reckoned."""

    def __init__(self, window: Window) -> None:
        self._window = window
        self._known: dict[date, tuple[list[datetime], list[datetime]]] = {}

    def stops(self, arrival: Arrival) -> bool:
        window = self._window
        if arrival.channel not in window.mutes:
            return False
        if window.spare_critical and arrival.severity is Severity.CRITICAL:
            return False
        if not any(matches(pattern, arrival.type) for pattern in window.patterns):
            return False
        starts, ends = self._openings(arrival.at)
        place = bisect_right(starts, arrival.at)
        return any(arrival.at < end for end in ends[max(0, place - 2) : place])

    def _openings(self, moment: datetime) -> tuple[list[datetime], list[datetime]]:
        week = moment.date() - timedelta(days=moment.weekday())
        if week not in self._known:
            first = datetime.combine(week, datetime.min.time(), moment.tzinfo)
            found = upcoming(self._window, first, 7)
            self._known[week] = [start for start, _ in found], [end for _, end in found]
        return self._known[week]


def _silent(
    openings: Sequence[Opening], begins: datetime, ends: datetime
) -> Iterable[float]:
    """Yield how much of each hour of a day is covered by any opening."""
    hour = begins
    while hour < ends:
        stop = min(hour + HOUR, ends)
        yield _covered(openings, hour, stop) / (stop - hour)
        hour = stop


def _covered(
    openings: Sequence[Opening], begins: datetime, ends: datetime
) -> timedelta:
    covered, reached = timedelta(), begins
    for each in openings:  # In the order in which they begin.
        start, stop = max(each.start, reached), min(each.end, ends)
        if start < stop:
            covered += stop - start
            reached = stop
    return covered
