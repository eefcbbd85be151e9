"""On which days: ``daily``, ``workdays``, ``mon-fri``, ``周一到周五``, a list."""

from __future__ import annotations

from handlers.language.lexicon import DAY_WORDS, WEEKDAYS
from handlers.language.scan import Reading, Scanner
from handlers.rules.hours import DAILY, WEEK

_THROUGH = r"-+|~+|to(?![a-z])|through(?![a-z])|thru(?![a-z])|till?(?![a-z])|到|至"
_AND = r",? ?and(?![a-z])|[,/+&]|和|与"
_LEAD = r"(?:only )?(?:on|every)(?![a-z])|每个?(?=周|星期|礼拜)"


def read_days(text: str, at: int = 0) -> Reading[str] | None:
    """Return the days that begin at *at* as a window writes them, or ``None``."""
    scanner = Scanner(text, at)
    word = scanner.take_word(DAY_WORDS)
    if word is None:
        scanner.take(_LEAD)
        word = scanner.take_word(DAY_WORDS)
    if word:
        meaning = DAY_WORDS[word]
        return Reading(scanner.at, _MON_FRI if meaning == "weekdays" else meaning)
    days = _listed(scanner)
    return Reading(scanner.at, _written(days)) if days else None


def _written(days: set[int]) -> str:
    if len(days) == len(WEEK):
        return DAILY
    return ",".join(day for at, day in enumerate(WEEK) if at in days)


_MON_FRI = _written(set(range(5)))


def _listed(scanner: Scanner) -> set[int]:
    days: set[int] = set()
    end = scanner.at
    while (first := scanner.take_word(WEEKDAYS)) is not None:
        end = scanner.at
        start = stop = WEEKDAYS[first]
        if scanner.take(_THROUGH):
            last = scanner.take_word(WEEKDAYS)
            if last is None:
                break
            stop, end = WEEKDAYS[last], scanner.at
        days |= {day % 7 for day in range(start, stop + (8 if stop < start else 1))}
        # "mon wed fri" is a list too: a word between them is not needed.
        scanner.take(_AND)
    scanner.at = end
    return days
