"""Text that a machine reads out: no symbols, no links, digits that can be followed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from itertools import accumulate

from bot.phones.segments import plain
from handlers.language.catalogues import say
from store.wording import Text, _

#: About ten seconds: letters, of which Chinese ones count twice.
LONGEST = 90

_NUMBER = r"\d+(?:\.\d+)?"
#: What stands beside a number, and how it is said.
_UNITS: tuple[tuple[re.Pattern[str], Text], ...] = tuple(
    (re.compile(pattern), said)
    for pattern, said in (
        (rf"({_NUMBER})\s*%", _("{number} percent")),
        (rf"(?<![\w.])[-−]({_NUMBER})", _("minus {number}")),
        (rf"({_NUMBER})\s*°\s*[CF]?\b", _("{number} degrees")),
        (rf"\$\s*({_NUMBER})", _("{number} dollars")),
        (rf"[¥￥]\s*({_NUMBER})", _("{number} yuan")),
        (rf"€\s*({_NUMBER})", _("{number} euros")),
    )
)
_SYMBOLS = {
    ">=": _("at least"),
    "<=": _("at most"),
    "≥": _("at least"),
    "≤": _("at most"),
    ">": _("above"),
    "<": _("below"),
    "=": _("equals"),
}
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}\b)")
_COLON = re.compile(r":(?!\d)|(?<!\d):")
#: Too long to be a number: somebody's id. Said digit by digit.
_LONG_NUMBER = re.compile(r"\d{6,}")
_SILENT = re.compile(r"[^\w\s.,:?，。：？、]|_")
_STOPS = " .,:，。：、"
_BEFORE_STOP = re.compile(r"\s+(?=[.,:?，。：？、])")
_LONE_STOP = re.compile(r"^[.,:?，。：？、]+|(?<=[.,:?，。：？、])[.,:?，。：？、]+")


def speakable(text: str, locale: str) -> str:
    """Return what others wrote so that a machine can read it to somebody."""
    text = unicodedata.normalize("NFKC", plain(text))
    text = _THOUSANDS.sub("", text)
    for pattern, said in _UNITS:
        text = pattern.sub(_unit(said, locale), text)
    for symbol, word in _SYMBOLS.items():
        text = text.replace(symbol, f" {say(word, locale)} ")
    text = _COLON.sub(", ", text)
    text = _LONG_NUMBER.sub(lambda found: f" {spelt(found[0])} ", text)
    text = _SILENT.sub(" ", text)
    text = _BEFORE_STOP.sub("", text)
    text = " ".join(_LONE_STOP.sub(" ", text).split())
    return _shortened(text).strip(_STOPS)


def spelt(text: str) -> str:
    """Return letters and digits one by one: ``M 1 2 3``."""
    return " ".join(text)


def _unit(said: Text, locale: str) -> Callable[[re.Match[str]], str]:
    def fill(found: re.Match[str]) -> str:
        return f" {say(_(said.message, number=found[1]), locale)} "

    return fill


def _shortened(text: str) -> str:
    """Return as much of *text* as one can listen to, in whole words."""
    widths = (2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in text)
    most = sum(1 for length in accumulate(widths) if length <= LONGEST)
    if most == len(text):
        return text
    head, space, _rest = text[: most + 1].rpartition(" ")
    return head if space and len(head) > most // 2 else text[:most]
