"""A point in time: ``until mon 09:00``, ``tomorrow 9am``, ``明早9点``, ``下周一 9:00``.

What is past, and what can be read in two ways, is not guessed: the reading then has
choices, written out with their dates.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from handlers.language.clocks import NOON, Clock, read_clock
from handlers.language.durations import say_duration
from handlers.language.lexicon import WEEKDAYS
from handlers.language.numbers import HAN, number
from handlers.language.scan import Reading, Scanner
from handlers.rules.hours import DAY
from store.wording import _

_LEAD = r"until(?![a-z])|till?(?![a-z])|直到|到|至"
_ISO = (
    r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})(?![0-9])[日号]?(?:t(?=[0-9]))?"
)
_MONTH_DAY = rf"([0-9]{{1,2}}|[{HAN}]{{1,2}})月([0-9]{{1,2}}|[{HAN}]{{1,3}})[日号]"
_MONTHS = (
    *("jan", "feb", "mar", "apr", "may", "jun"),
    *("jul", "aug", "sep", "oct", "nov", "dec"),
)
_MONTH = rf"({'|'.join(_MONTHS)})[a-z]*\.?"
_NAMED_DAY = rf"{_MONTH} ?([0-9]{{1,2}})(?:st|nd|rd|th)?(?![0-9:])"
_DAY_NAMED = rf"([0-9]{{1,2}})(?:st|nd|rd|th)? ?{_MONTH}(?![a-z])"
_RELATIVE = {
    **dict.fromkeys(("today", "今天", "今日"), 0),
    **dict.fromkeys(("tomorrow", "tmr", "tmrw", "明天", "明日"), 1),
    **dict.fromkeys(("the day after tomorrow", "day after tomorrow"), 2),
    **dict.fromkeys(("后天", "后日"), 2),
    "大后天": 3,
}
# These say the day and its half in one word: the clock reads the second letter.
_TWO_IN_ONE = (("今(?=早|晚)", 0), ("明(?=早|晚)", 1), ("tonight", 0))
_WEEK = r"(next(?![a-z])|下个?|this(?![a-z])|本|这个?)?"


@dataclass(frozen=True, slots=True)
class _Day:
    """A day that was named. ``others`` are further days that the words can mean.

    ``recurs`` says that a past time means the same weekday a week later.
    """

    first: date
    others: tuple[date, ...] = ()
    weekday: bool = False
    recurs: bool = False
    evening: bool = False


def read_moment(
    text: str, at: int = 0, *, now: datetime, zone: ZoneInfo, past: bool = False
) -> Reading[datetime] | None:
    """Return the moment that begins at *at*, in UTC and later than *now*, or ``None``.

    A reading without a value says why, and offers dated choices. With *past*, what is
    over is read too, where nothing that comes can be meant.
    """
    scanner = Scanner(text, at)
    scanner.take(_LEAD)
    local = now.astimezone(zone)
    day = _day(scanner, local)
    clock = _clock(scanner)
    if clock and day is None:
        day = _day(scanner, local, behind=True)
    if day is None and clock is None:
        return None
    scanner.take(r"为?止|之前|以前|前")
    if past and clock is not None:
        over = _over(day, clock, now=now, zone=zone)
        if over is not None:
            return Reading(scanner.at, over)
    return _settled(day, clock, scanner.at, now=now, zone=zone)


def _over(
    day: _Day | None, clock: Clock, *, now: datetime, zone: ZoneInfo
) -> datetime | None:
    """Return the one past moment that is meant, where none that comes can be."""
    local = now.astimezone(zone).replace(tzinfo=None)
    readings = set(_meanings(day, clock, local))
    if len(readings) != 1 or _coming(readings, zone, now):
        return None
    return resolve(readings.pop(), zone, after=now)


def _settled(
    day: _Day | None, clock: Clock | None, end: int, *, now: datetime, zone: ZoneInfo
) -> Reading[datetime]:
    local = now.astimezone(zone).replace(tzinfo=None)
    readings = sorted(set(_meanings(day, clock, local)))
    coming = _coming(readings, zone, now)
    if clock is None:
        problem = _("Until what time of that day?")
    elif len(coming) == 1 and (clock.loose or len(readings) == 1):
        # Of two halves of a day, one is past.
        return Reading(end, coming[0])
    else:
        several = _("That can mean more than one time.")
        problem = several if coming else _("That is past.")
    if not coming:
        later = timedelta(weeks=1) if day and day.weekday else timedelta(days=1)
        coming = _coming([reading + later for reading in readings], zone, now)
    written = (f"until {write_moment(each, zone)}" for each in coming)
    return Reading(end, None, problem, tuple(dict.fromkeys(written)))


def _coming(
    readings: Iterable[datetime], zone: ZoneInfo, now: datetime
) -> list[datetime]:
    moments = (resolve(reading, zone, after=now) for reading in readings)
    return [moment for moment in moments if moment > now]


def resolve(local: datetime, zone: ZoneInfo, *, after: datetime) -> datetime:
    """Return when clocks in *zone* show *local* (naive), in UTC.

    A time that does not exist is the next minute that does. Of a time that comes twice
    it is the first that is later than *after*.
    """
    first = local.replace(tzinfo=zone, fold=0).astimezone(UTC)
    second = local.replace(tzinfo=zone, fold=1).astimezone(UTC)
    if first < second:
        return first if first > after else second
    if second < first:
        # The clocks were put forward over it: find the minute when they were.
        moment, offset = second, second.astimezone(zone).utcoffset()
        while moment < first and moment.astimezone(zone).utcoffset() == offset:
            moment += timedelta(minutes=1)
        return moment
    return first


def say_moment(moment: datetime, *, now: datetime, zone: ZoneInfo) -> str:
    """Return *moment* as it is echoed: with its zone, and how far away it is."""
    at = write_moment(moment, zone)
    away = moment - now
    if away < timedelta():
        long = say_duration(-away)
        return _("{moment} {zone} ({long} ago)", moment=at, zone=zone.key, long=long)
    if away <= timedelta(seconds=30):
        return _("{moment} {zone} (in less than a minute)", moment=at, zone=zone.key)
    long = say_duration(away)
    return _("{moment} {zone} (in {long})", moment=at, zone=zone.key, long=long)


def write_moment(moment: datetime, zone: ZoneInfo) -> str:
    """Return *moment* as it is typed: ``2026-10-02 08:00``."""
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M}"


def _meanings(
    day: _Day | None, clock: Clock | None, local: datetime
) -> Iterable[datetime]:
    """Yield every local time that the words can mean."""
    for minute in _minutes(day, clock):
        at = timedelta(minutes=minute)
        if day is None:
            today = datetime.combine(local.date(), time()) + at
            yield today if today > local else today + timedelta(days=1)
            continue
        for each in (day.first, *day.others):
            found = datetime.combine(each, time()) + at
            recurs = day.recurs and found <= local
            yield found + timedelta(weeks=1) if recurs else found


def _minutes(day: _Day | None, clock: Clock | None) -> tuple[int, ...]:
    evening = day is not None and day.evening
    if clock is None:
        return (20 * 60, 22 * 60) if evening else (0, 9 * 60, 18 * 60)
    if not clock.loose:
        return (clock.minute,)
    later = (clock.minute + NOON) % DAY
    return (later,) if evening else (clock.minute % DAY, later)


def _clock(scanner: Scanner) -> Clock | None:
    scanner.take(r"at(?![a-z])|,")
    return read_clock(scanner)


def _day(scanner: Scanner, local: datetime, *, behind: bool = False) -> _Day | None:
    """Take a day: a date, tomorrow, next Monday. *behind* stands after its time."""
    start = scanner.at
    if behind:
        scanner.take(r"on(?![a-z])|,")
    today = local.date()
    found = (
        _date(scanner, today) or _relative(scanner, today) or _weekday(scanner, today)
    )
    if found is None:
        scanner.at = start
    return found


def _relative(scanner: Scanner, today: date) -> _Day | None:
    word = scanner.take_word(_RELATIVE)
    if word:
        return _Day(today + timedelta(days=_RELATIVE[word]))
    for pattern, days in _TWO_IN_ONE:
        if scanner.take(pattern):
            return _Day(today + timedelta(days=days), evening=pattern == "tonight")
    return None


def _weekday(scanner: Scanner, today: date) -> _Day | None:
    start = scanner.at
    match = scanner.take(_WEEK)
    which = match.group(1) if match else None
    word = scanner.take_word(WEEKDAYS)
    if word is None:
        scanner.at = start
        return None
    week = timedelta(weeks=1)
    this_week = today + timedelta(days=WEEKDAYS[word] - today.weekday())
    if which in ("下", "下个"):
        return _Day(this_week + week, weekday=True)
    if which == "next":
        # On a Wednesday, next Friday is in two days to some and in nine to others.
        first = this_week if this_week > today else this_week + week
        others = (this_week + week,) if first == this_week else ()
        return _Day(first, others, weekday=True)
    if which:
        return _Day(this_week, weekday=True)
    return _Day(this_week if this_week >= today else this_week + week, (), True, True)


def _date(scanner: Scanner, today: date) -> _Day | None:
    found = read_date(scanner, today)
    return None if found is None else _Day(found)


def read_date(scanner: Scanner, today: date) -> date | None:
    """Take a date: ``2026-10-02``, ``Oct 2``, ``10月2日``. Without a year, the next."""
    start = scanner.at
    if match := scanner.take(_ISO):
        parts = tuple(map(int, match.groups()))
    elif match := scanner.take(_MONTH_DAY):
        parts = (0, *(int(number(part) or 0) for part in match.groups()))
    elif match := scanner.take(_NAMED_DAY):
        parts = (0, _MONTHS.index(match.group(1)) + 1, int(match.group(2)))
    elif match := scanner.take(_DAY_NAMED):
        parts = (0, _MONTHS.index(match.group(2)) + 1, int(match.group(1)))
    else:
        return None
    year, month, day = parts
    try:
        found = date(year or today.year, month, day)
        if abs(found.year - today.year) > 10:
            raise ValueError("no command reaches that far")
        if not year and found < today:
            found = found.replace(year=today.year + 1)
    except ValueError:
        scanner.at = start
        return None
    return found
