"""How long: ``2h``, ``1 h 30 min``, ``half an hour``, ``2小时``, ``一个半小时``."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from fractions import Fraction

from handlers.language.numbers import HAN, WORDS, number
from handlers.language.scan import Reading, Scanner
from store.wording import _

_UNITS: Mapping[str, timedelta] = {
    **dict.fromkeys(
        ("m", "min", "mins", "minute", "minutes", "分钟", "分"), timedelta(minutes=1)
    ),
    **dict.fromkeys(
        ("h", "hr", "hrs", "hour", "hours", "小时", "个小时", "钟头", "个钟头"),
        timedelta(hours=1),
    ),
    "刻钟": timedelta(minutes=15),
    **dict.fromkeys(("d", "day", "days", "天"), timedelta(days=1)),
    **dict.fromkeys(
        ("w", "wk", "week", "weeks", "周", "个星期", "星期"), timedelta(weeks=1)
    ),
}
_NUMBER = rf"[0-9]+(?:\.[0-9]+)?|[{HAN}]+|(?:{'|'.join(WORDS)})(?![a-z])"
_UNIT = "|".join(
    unit + ("(?![a-z])" if unit.isascii() else "")
    for unit in sorted(_UNITS, key=len, reverse=True)
)
_LONGEST = timedelta(days=3660)


def read_duration(text: str, at: int = 0) -> Reading[timedelta] | None:
    """Return the duration that begins at *at*, or ``None`` where none does."""
    scanner = Scanner(text, at)
    total = timedelta()
    end = at
    last: timedelta | None = None
    while (step := _step(scanner, last)) is not None:
        long, last = step
        total += long
        end = scanner.at
        scanner.take(r"(?:and(?![a-z])|,)")
    if not timedelta() < total <= _LONGEST:
        return None
    return Reading(end, total)


def say_duration(long: timedelta) -> str:
    """Return *long* as people say it, to the minute: ``9 h 12 min``."""
    minutes = round(long / timedelta(minutes=1))
    if minutes < 1:
        return _("less than a minute")
    days, minutes = divmod(minutes, 24 * 60)
    hours, minutes = divmod(minutes, 60)
    parts = []
    if days:
        parts.append(_("{days} d", days=days))
    if hours:
        parts.append(_("{hours} h", hours=hours))
    if minutes:
        parts.append(_("{minutes} min", minutes=minutes))
    *most, said = parts
    for each in reversed(most):
        said = _("{longer} {shorter}", longer=each, shorter=said)
    return said


def write_duration(long: timedelta) -> str:
    """Return *long* as it is typed, in one word: ``1h30m``, ``7d``."""
    minutes = max(1, round(long / timedelta(minutes=1)))
    if minutes % (24 * 60) == 0:
        return f"{minutes // (24 * 60)}d"
    hours, minutes = divmod(minutes, 60)
    return (f"{hours}h" if hours else "") + (f"{minutes}m" if minutes else "")


def _step(
    scanner: Scanner, last: timedelta | None
) -> tuple[timedelta, timedelta] | None:
    """Take one number with its unit; each unit is smaller than the last."""
    start = scanner.at
    amount, halves = _amount(scanner)
    if amount is not None:
        taken = scanner.take(_UNIT)
        unit = taken.group() if taken else None
        if unit is None and last == timedelta(hours=1) and not halves:
            # 1h30 says minutes.
            long, size = timedelta(minutes=1) * float(amount), timedelta(minutes=1)
            if scanner.take(r"(?![a-z0-9:.%-])") and amount < 60:
                return long, size
        elif unit is not None and (last is None or _UNITS[unit] < last):
            size = _UNITS[unit]
            after = Fraction(1, 2) if scanner.take(r"半(?!小时|个|天)") else Fraction()
            return size * float(amount + after), size
    scanner.at = start
    return None


def _amount(scanner: Scanner) -> tuple[Fraction | None, bool]:
    """Take a number, and say whether it was given in halves."""
    half = Fraction(1, 2)
    if scanner.take(r"half(?: an?(?![a-z]))?(?![a-z])|半个?(?=小时|钟头|天)"):
        return half, True
    match = scanner.take(_NUMBER)
    if match is None:
        return None, False
    amount = number(match.group())
    if amount is not None and scanner.take(r"个半(?=小时|钟头|星期)"):
        return amount + half, True
    if amount is not None and scanner.take(r"and a half(?![a-z])"):
        return amount + half, True
    return amount, False
