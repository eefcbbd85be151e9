"""Which messages a rule means: ``severity>=warning product=cvm,cos -region=na*``.

A space is AND, a comma OR within a key, ``-`` or ``not`` excludes, ``*`` globs, bare
words and quoted text search title and body, parentheses hold ``(a or b)``. Keys are
severity, type, source, status (firing, resolved, none), title, and any label
(``region`` or ``labels.region``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from handlers.rules.grammar import FilterError, read
from handlers.rules.terms import All, Matchable, Term
from store.values import Incoming, Severity, Status
from store.wording import Text, _

__all__ = ["Draft", "Filter", "FilterError", "Matchable", "parse"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An incoming message with the source that handed it over, for ``map`` rules."""

    title: str
    source: str
    body: str = ""
    type: str | None = None
    severity: Severity | None = None
    status: Status | None = None
    labels: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, incoming: Incoming, *, source: str) -> Draft:
        """Return what a filter may ask of *incoming*."""
        return cls(
            title=incoming.title,
            source=source,
            body=incoming.body,
            type=incoming.type,
            severity=incoming.severity,
            status=incoming.status,
            labels=incoming.labels,
        )


@dataclass(frozen=True, slots=True)
class Filter:
    """A condition on messages. ``str()`` of it parses back to an equal filter."""

    term: Term | None = None

    def matches(self, seen: Matchable) -> bool:
        """Say whether the condition holds for *seen*."""
        return self.term is None or self.term.matches(seen)

    def explain(self, seen: Matchable) -> Text | None:
        """Return the first condition that fails and what is there instead.

        ``severity>=warning (severity is info)``; ``None`` where all of them hold.
        """
        if self.term is None:
            return None
        terms = self.term.terms if isinstance(self.term, All) else (self.term,)
        for term in terms:
            if not term.matches(seen):
                found = term.found(seen)
                return _("{condition} ({found})", condition=str(term), found=found)
        return None

    def __str__(self) -> str:
        return "" if self.term is None else str(self.term)

    def __repr__(self) -> str:
        return f"Filter({str(self)!r})"


@lru_cache(maxsize=4096)
def parse(text: str) -> Filter:
    """Return the filter that *text* says; empty text matches every message.

    Raise ``FilterError``, with the place and how to put it right.
    """
    return Filter(read(text))
