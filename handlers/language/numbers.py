"""Numbers as they are said: ``2``, ``1.5``, ``two``, ``两``, ``二十二``, ``half``."""

from __future__ import annotations

from fractions import Fraction

_DIGITS = {
    "零": 0,
    "〇": 0,
    **{digit: value for value, digit in enumerate("一二三四五六七八九", start=1)},
    "两": 2,
}
WORDS = {
    **dict.fromkeys(("a", "an", "one"), 1),
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
    "twelve": 12,
    "fifteen": 15,
    "twenty": 20,
    "thirty": 30,
    "forty": 40,
    "ninety": 90,
}
HAN = "零〇一二两三四五六七八九十"


def number(text: str) -> Fraction | None:
    """Return the number that *text* says, up to 99 in Chinese, or ``None``."""
    if text in WORDS:
        return Fraction(WORDS[text])
    if text and all(letter in HAN for letter in text):
        return _han(text)
    digits, dot, after = text.partition(".")
    plain = text.isascii() and digits.isdecimal() and (not dot or after.isdecimal())
    return Fraction(text) if plain and len(text) <= 6 else None


def _han(text: str) -> Fraction | None:
    tens, ten, ones = text.partition("十")
    if any(len(part) > 1 or "十" in part for part in (tens, ones)):
        return None
    if not ten:
        return Fraction(_DIGITS[tens])
    return Fraction(_DIGITS.get(tens, 1) * 10 + _DIGITS.get(ones, 0))
