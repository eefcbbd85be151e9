"""Facts in a Chinese sentence: a space beside Latin words, and none beside Chinese.

The translator cannot know whether ``{whom}`` will be a name in Latin letters or 本群;
where the two meet, the sentence is spaced by what stands there.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from string import Formatter

_HAN = "\u3400-\u9fff"
_WIDE = _HAN + "\u3000-\u303f\uff00-\uffef"
_ENDS_HAN, _BEGINS_HAN = re.compile(f"[{_HAN}]$"), re.compile(f"^[{_HAN}]")
_ENDS_WIDE, _BEGINS_WIDE = re.compile(f"[{_WIDE}]$"), re.compile(f"^[{_WIDE}]")
#: Figures alone stand as the translator has them: 负3度.
_LATIN = re.compile(r"[A-Za-z]")
_ENDS_LATIN, _BEGINS_LATIN = re.compile(r"[A-Za-z0-9]$"), re.compile(r"^[@A-Za-z0-9]")


def filled(message: str, facts: Mapping[str, str | int | float]) -> str:
    """Return *message* with its *facts*; KeyError names one that is missing."""
    made, fact = "", ""
    for literal, name, spec, _ in Formatter().parse(message):
        last, fact = fact, _said(facts, name, spec)
        made += _before(_after(last, literal), fact) + fact
    return made


def _said(
    facts: Mapping[str, str | int | float], name: str | None, spec: str | None
) -> str:
    return format(facts[name], spec or "") if name else ""


def _before(literal: str, fact: str) -> str:
    """Return *literal* as it stands before *fact*."""
    if literal.endswith(" ") and _ENDS_HAN.search(literal[:-1]):
        return literal[:-1] if _BEGINS_WIDE.search(fact) else literal
    if _ENDS_HAN.search(literal) and _BEGINS_LATIN.search(fact):
        return f"{literal} " if _LATIN.search(fact) else literal
    return literal


def _after(fact: str, literal: str) -> str:
    """Return *literal* as it stands after *fact*."""
    if literal.startswith(" ") and _BEGINS_HAN.search(literal[1:]):
        return literal[1:] if _ENDS_WIDE.search(fact) else literal
    if _BEGINS_HAN.search(literal) and _ENDS_LATIN.search(fact):
        return f" {literal}" if _LATIN.search(fact) else literal
    return literal
