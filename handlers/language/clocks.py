"""A time of day, and hours from one to another.

``22:00-08:00``, ``22-8``, ``10pm to 8am``, ``晚上10点到早上8点``, ``全天``. What can be
read in two ways is not guessed: ``9-5`` is asked about.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product

from handlers.language.lexicon import WHOLE_DAY
from handlers.language.numbers import HAN, number
from handlers.language.scan import Reading, Scanner
from handlers.rules.hours import DAY, hours_words, times_words
from store.wording import _

NOON = 12 * 60


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of day in minutes; 24:00 is 1440, the end of the day.

    ``loose`` is an hour up to 12 that says neither minutes nor half of the day.
    ``halved`` was said with its half of the day: 8 am.
    """

    minute: int
    loose: bool = False
    halved: bool = False


@dataclass(frozen=True, slots=True)
class Hours:
    """From one minute of the day to another, half open; ``None`` for the whole day."""

    start: int | None
    end: int | None

    def __str__(self) -> str:
        return hours_words(self.start, self.end)


WHOLE = Hours(None, None)


# Which part of the day an hour up to 12 belongs to: hours → what is added.
_AM = {**dict.fromkeys(range(12), 0), 12: -12}
_PM = {**dict.fromkeys(range(1, 12), 12), **dict.fromkeys(range(12, 24), 0)}
_NIGHT = {**_PM, **dict.fromkeys(range(5), 0), 12: 12}
_MIDDAY = {11: 0, 12: 0, 13: 0, 1: 12, 2: 12}
_PARTS = {
    **dict.fromkeys(("上午", "早上", "早晨", "清晨", "早", "凌晨"), _AM),
    **dict.fromkeys(("下午", "傍晚"), _PM),
    **dict.fromkeys(("晚上", "今晚", "夜里", "夜间", "半夜", "深夜", "晚"), _NIGHT),
    "中午": _MIDDAY,
}
_ENGLISH = (
    (r"a\.?m(?![a-z])\.?|in the morning(?![a-z])", _AM),
    (r"p\.?m(?![a-z])\.?|in the (?:afternoon|evening)(?![a-z])", _PM),
    (r"at night(?![a-z])", _NIGHT),
)
_NAMED = {"noon": NOON, "midnight": 0, "中午": NOON, "午夜": 0, "零点": 0, "半夜": 0}
_QUARTERS = {"半": 30, "一刻": 15, "三刻": 45}
# What joins two times. "and" does so only after "between".
_JOINT = r"-+>?|~+|\.\.+|to(?![a-z])|till?(?![a-z])|until(?![a-z])|到|至|直到"
_COLON = r"([0-9]{1,2})[:.h]([0-9]{2})(?::00)?(?![0-9:])(?: ?点)?"
_FOUR = r"([0-9]{2})([0-9]{2})(?:hrs)?(?![0-9a-z:.]|小时|年)"
_POINT = rf"([0-9]{{1,2}}|[{HAN}]{{1,3}})(?:点钟|点整|点|时)"
_BARE = (
    r"([0-9]{1,2})(?: ?o'? ?clock|h)?"
    r"(?=$|[\s,~>-]|[ap]\.?m(?![a-z])|to(?![a-z])|\.\.|[^\x00-\x7f])"
)
_MINUTES = rf"过?([0-9]{{1,2}}|[{HAN}]{{1,3}})(?:分钟?|(?![0-9{HAN}点:时小分]))"
_AND = r",? ?and(?![a-z])|[,、/+&]|和|与|及"
_NEXT_DAY = r"(?:the )?next day(?![a-z])|次日|第二天|隔天"
# One day by its name: what is meant is no habit.
_TODAY = r"今天|今日|今(?=晚|早)|today(?![a-z])|tonight(?![a-z])(?: at(?![a-z]))?"
_TOMORROW = r"明天|明日|明(?=早|晚)|tomorrow(?![a-z])(?: at(?![a-z]))?"


def read_clock(scanner: Scanner) -> Clock | None:
    """Take a time of day from *scanner*, or nothing."""
    start = scanner.at
    part = scanner.take_word(_PARTS)
    clock = _digits(scanner, _PARTS[part] if part else None)
    if clock is None:
        scanner.at = start
        word = scanner.take_word(_NAMED)
        # A number behind it would make it part of something else: 中午12点.
        if word and not scanner.take(rf"(?=[0-9{HAN}])"):
            return Clock(_NAMED[word])
        scanner.at = start
    return clock


def read_times(text: str, at: int = 0) -> Reading[tuple[int, ...]] | None:
    """Return the times of day that begin at *at*, in order, or ``None`` for none."""
    scanner = Scanner(text, at)
    found: list[Clock] = []
    end = at
    while (clock := read_clock(scanner)) is not None:
        found.append(clock)
        end = scanner.at
        if not scanner.take(_AND):
            break
    if not found:
        return None
    minutes = [clock.minute for clock in found]
    if DAY in minutes:
        midnight = times_words([minute % DAY for minute in minutes])
        return Reading(
            end,
            problem=_("24:00 is the midnight of the next day."),
            choices=(midnight,),
        )
    if any(clock.loose for clock in found):
        # 9 and 6 may be nine in the morning and six in the evening.
        ways = product(*map(_meanings, found))
        lists = dict.fromkeys(times_words(sorted(set(way))) for way in ways)
        return Reading(
            end,
            problem=_("I cannot tell morning from evening there."),
            choices=tuple(lists)[:3],
        )
    return Reading(end, tuple(sorted(set(minutes))))


def read_hours(text: str, at: int = 0) -> Reading[Hours] | None:
    """Return the hours that begin at *at*, or ``None`` where none do."""
    scanner = Scanner(text, at)
    if scanner.take_word(WHOLE_DAY):
        return Reading(scanner.at, WHOLE)
    between = scanner.take(r"between(?![a-z])")
    if not between:
        scanner.take(r"from(?![a-z])|从|自")
    once = scanner.take(_TODAY) or scanner.take(_TOMORROW)
    first = read_clock(scanner)
    joint = r"and(?![a-z])|和" if between else _JOINT
    if first is None or not scanner.take(joint):
        return None
    next_day = scanner.take(_NEXT_DAY)
    once = scanner.take(_TOMORROW) or once
    last = read_clock(scanner)
    if last is None:
        return None
    next_day = scanner.take(_NEXT_DAY) or next_day
    once = scanner.take(_TOMORROW) or once
    scanner.take(r"为?止|之间")
    found = _hours(first, last, next_day=bool(next_day), end=scanner.at)
    if once is None or found.value is None:
        return found
    return Reading(
        scanner.at,
        problem=_("That is for once, and these hours come every day. /mute is once."),
        choices=(str(found.value),),
    )


def _hours(first: Clock, last: Clock, *, next_day: bool, end: int) -> Reading[Hours]:
    start, stop = first.minute % DAY, last.minute
    if start == 0 and stop == DAY:
        return Reading(end, WHOLE)
    stop %= DAY
    if _unclear(first, last):
        return _asked(first, last, end)
    if start == stop:
        return Reading(
            end, problem=_("These hours begin when they end."), choices=("whole day",)
        )
    if next_day and start < stop:
        shorter = str(Hours(start, stop))
        return Reading(
            end, problem=_("That is longer than a day."), choices=("whole day", shorter)
        )
    return Reading(end, Hours(start, stop))


def _unclear(first: Clock, last: Clock) -> bool:
    """Whether the two can be read in more than one way that people mean."""
    if first.halved != last.halved:
        # 10-11pm, 下午2点到5点: does the half of the day hold for both?
        return first.loose or last.loose
    early = max(first.minute, last.minute) < NOON + 60
    # 9-5 is a working day to one and a night to another.
    return (first.loose or last.loose) and early and last.minute <= first.minute


def _asked(first: Clock, last: Clock, end: int) -> Reading[Hours]:
    pairs = {
        (start, stop)
        for start in _meanings(first)
        for stop in _meanings(last)
        if start != stop
    }
    shortest = sorted(pairs, key=lambda pair: ((pair[1] - pair[0]) % DAY, pair))
    return Reading(
        end,
        problem=_("I cannot tell morning from evening there."),
        choices=tuple(str(Hours(start, stop)) for start, stop in shortest[:3]),
    )


def _meanings(clock: Clock) -> tuple[int, ...]:
    minute = clock.minute % DAY
    return (minute, (minute + NOON) % DAY) if clock.loose else (minute,)


def _digits(scanner: Scanner, part: Mapping[int, int] | None) -> Clock | None:
    """Take the digits of a clock, and am or pm behind them."""
    start = scanner.at
    hour, minute, exact = _hour_and_minute(scanner)
    behind = next((half for said, half in _ENGLISH if scanner.take(said)), None)
    part = part or behind
    read: Clock | None = None
    if hour is not None and minute < 60 and hour * 60 + minute <= DAY:
        if part is None:
            loose = not exact and 0 < hour <= 12
            read = Clock(hour * 60 + minute, loose=loose)
        elif hour in part:
            read = Clock((hour + part[hour]) * 60 + minute, halved=True)
    if read is None:
        scanner.at = start
    return read


def _hour_and_minute(scanner: Scanner) -> tuple[int | None, int, bool]:
    """Take ``22:30``, ``2230``, ``22点半``, ``22h`` or ``22``.

    The flag says that minutes were given, or four digits.
    """
    match = scanner.take(_COLON) or scanner.take(_FOUR)
    if match:
        return int(match.group(1)), int(match.group(2)), True
    match = scanner.take(_POINT)
    if match:
        hour = number(match.group(1))
        minute = _minutes(scanner)
        return None if hour is None else int(hour), minute or 0, minute is not None
    match = scanner.take(_BARE)
    return (int(match.group(1)) if match else None), 0, False


def _minutes(scanner: Scanner) -> int | None:
    """Take the minutes that stand behind 点, or nothing."""
    quarter = scanner.take_word(_QUARTERS)
    if quarter:
        return _QUARTERS[quarter]
    match = scanner.take(_MINUTES)
    minute = number(match.group(1)) if match else None
    return None if minute is None else int(minute)
