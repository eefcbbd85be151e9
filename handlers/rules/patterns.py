"""How types are written, and how a pattern covers them: ``finance.*``."""

from __future__ import annotations

import re
import unicodedata

#: Slugs longer than this are refused: they are shown in tables and kept in indexes.
LONGEST_ID = 100

_SEGMENT = r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?"
_ID = re.compile(rf"{_SEGMENT}(?:\.{_SEGMENT})+")
_PREFIX = re.compile(rf"{_SEGMENT}(?:\.{_SEGMENT})*")
_NOT_SLUG = re.compile(r"[^a-z0-9]+")


def valid_id(text: str) -> bool:
    """Return whether *text* can name a type: ``category.name``, more dots allowed."""
    return len(text) <= LONGEST_ID and _ID.fullmatch(text) is not None


def valid_pattern(text: str) -> bool:
    """Return whether *text* is an exact id, ``prefix.*`` or ``*``."""
    if text == "*":
        return True
    if text.endswith(".*"):
        return len(text) <= LONGEST_ID and _PREFIX.fullmatch(text[:-2]) is not None
    return valid_id(text)


def matches(pattern: str, type_id: str) -> bool:
    """Return whether *pattern* covers the type called *type_id*."""
    if pattern == "*":
        return True
    if pattern.endswith(".*"):
        return type_id.startswith(pattern[:-1])
    return pattern == type_id


def patterns_for(type_id: str) -> tuple[str, ...]:
    """Return every pattern that covers *type_id*, the most exact first.

    They are few and known beforehand, so subscriptions are found by index.
    """
    found = [type_id]
    prefix = type_id
    while (dot := prefix.rfind(".")) > 0:
        prefix = prefix[:dot]
        found.append(f"{prefix}.*")
    found.append("*")
    return tuple(found)


def custom_type(source: str) -> str:
    """Return the type of what *source* sends when nothing else names one."""
    folded = unicodedata.normalize("NFKC", source).lower()
    name = _NOT_SLUG.sub("-", folded).strip("-")
    return f"custom.{name[:60].rstrip('-') or 'unnamed'}"
