"""On which days: ``daily``, ``workdays``, ``mon-fri``, ``周一到周五``, a list."""

from __future__ import annotations

from handlers.language.lexicon import DAY_WORDS, WEEKDAYS
from handlers.language.scan import Reading, Scanner
from handlers.rules.hours import DAILY, WEEK, days_words
from store.wording import _

_THROUGH = r"-+|~+|to(?![a-z])|through(?![a-z])|thru(?![a-z])|till?(?![a-z])|到|至"
_AND = r",? ?and(?![a-z])|[,/+&]|和|与"
_LEAD = r"(?:only )?(?:on|every)(?! *,|[a-z])|每个?(?=周|星期|礼拜)"


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
    return _listed(scanner)


def _written(days: set[int]) -> str:
    if len(days) == len(WEEK):
        return DAILY
    return ",".join(day for at, day in enumerate(WEEK) if at in days)


_MON_FRI = _written(set(range(5)))


def _listed(scanner: Scanner) -> Reading[str] | None:
    spans: list[tuple[int, int]] = []
    joints = 0
    end = scanner.at
    while (first := scanner.take_word(WEEKDAYS)) is not None:
        start = stop = WEEKDAYS[first]
        end = scanner.at
        if scanner.take(_THROUGH):
            last = scanner.take_word(WEEKDAYS)
            if last is None:
                break
            stop, end = WEEKDAYS[last], scanner.at
        spans.append((start, stop))
        # "mon wed fri" is a list too: a word between them is not needed.
        joints += scanner.take(_AND) is not None
    days = set().union(*(_range(start, stop) for start, stop in spans))
    if not days:
        return None
    through = _range(spans[0][0], spans[-1][1])
    if len(spans) == 2 and not joints and through != days:
        # The word between them may have been lost: 周一周五.
        choices = (days_words(_written(through)), _written(days))
        return Reading(
            end, problem=_("From one to the other, or these?"), choices=choices
        )
    return Reading(end, _written(days))


def _range(start: int, stop: int) -> set[int]:
    return {day % 7 for day in range(start, stop + (8 if stop < start else 1))}
