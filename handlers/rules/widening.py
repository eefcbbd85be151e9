"""The nearest to a match: a filter that lets a message in, or a message let in.

Pure. Both are tried by whoever asks: what is returned here is a proposal.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from handlers.rules.filters import Filter, parse
from handlers.rules.terms import (
    LABEL,
    OWN_KEYS,
    All,
    Either,
    Level,
    Match,
    Not,
    Term,
    Value,
    fold,
)
from handlers.rules.terms import Text as Words
from store.values import Notification, Severity, Status


def widened(condition: Filter, seen: Notification) -> Filter:
    """Return *condition* changed as little as lets *seen* through.

    A value more, a lower severity; else without the condition that fails.
    """
    if condition.term is None:
        return condition
    term = _wider(condition.term, seen)
    return Filter() if term is None else parse(str(Filter(term)))


def _wider(term: Term, seen: Notification) -> Term | None:
    """Return *term* so that it holds for *seen*; ``None`` where nothing is left."""
    if term.matches(seen):
        return term
    match term:
        case All(terms):
            left = [wider for each in terms if (wider := _wider(each, seen))]
            if len(left) < 2:
                return left[0] if left else None
            return All(tuple(left))
        case Either(terms):
            first = _wider(terms[0], seen)
            return None if first is None else Either((first, *terms[1:]))
        case Level(sign, levels):
            return _level(sign, levels, seen.severity)
        case Match(key, values) if key.startswith(LABEL):
            return _one_more(key, values, seen)
        case _:
            return None


def _level(
    sign: str, levels: tuple[Severity, ...], actual: Severity | None
) -> Term | None:
    if actual is None:
        return None
    match sign:
        case ">=" | "<=":
            return Level(sign, (actual,))
        case "=":
            return Level(sign, (*levels, actual))
        case _:
            return None


def _one_more(key: str, values: tuple[Value, ...], seen: Notification) -> Term | None:
    name = key.removeprefix(LABEL)
    for label, actual in seen.labels.items():
        if fold(label) == name and actual and "*" not in actual:
            return Match(key, (*values, Value((actual,))))
    return None


def passing(condition: Filter, seen: Notification) -> Iterator[Notification]:
    """Yield messages like *seen* that *condition* lets through, nearest first."""
    if condition.term is None:
        return
    for each in _passing(condition.term, seen):
        # Two conditions may exclude each other: what the one made, the other refuses.
        if condition.matches(each):
            yield each


def _passing(term: Term, seen: Notification) -> Iterator[Notification]:
    if term.matches(seen):
        yield seen
        return
    match term:
        case All(terms):
            yield from _all(terms, seen)
        case Either(terms):
            for each in terms:
                yield from _passing(each, seen)
        case Level():
            for severity in sorted(Severity, key=lambda one: abs(one - seen.severity)):
                yield from _if(term, replace(seen, severity=severity))
        case Match(key, values):
            for value in values:
                yield from _if(term, _with(seen, key, "".join(value.pieces)))
        case Words(values):
            for value in values:
                said = " ".join(filter(None, (seen.title, "".join(value.pieces))))
                yield from _if(term, replace(seen, title=said))
        case Not(Match(key)) if key.startswith(LABEL):
            yield from _if(term, _without(seen, key))
        case Not(Level()):
            for severity in Severity:
                yield from _if(term, replace(seen, severity=severity))


def _all(terms: tuple[Term, ...], seen: Notification) -> Iterator[Notification]:
    """Make the terms hold one after another, each by its nearest way."""
    for each in terms:
        found = next(_passing(each, seen), None)
        if found is None:
            return
        seen = found
    yield seen


def _if(term: Term, seen: Notification) -> Iterator[Notification]:
    if term.matches(seen):
        yield seen


def _with(seen: Notification, key: str, value: str) -> Notification:
    """Return *seen* with *value* under *key*."""
    match key:
        case "source":
            return replace(seen, source=value)
        case "title":
            return replace(seen, title=value)
        case "status":
            known = {str(each): each for each in Status}
            return replace(seen, status=known.get(value))
        case _ if key in OWN_KEYS:
            return seen
        case _:
            left = _without(seen, key).labels
            return replace(seen, labels={**left, key.removeprefix(LABEL): value})


def _without(seen: Notification, key: str) -> Notification:
    name = key.removeprefix(LABEL)
    left: Mapping[str, str] = {
        label: value for label, value in seen.labels.items() if fold(label) != name
    }
    return replace(seen, labels=left)
